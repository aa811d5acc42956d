"""Writes about drafts and pipeline runs."""

import json
from typing import Any

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from designer.catalog import default_catalog
from designer.errors import GraphInvalid
from designer.graph import PipelineGraph
from designer.plan import StepGraph, compile_plan, selected_part
from designer.samples import list_samples
from studio.core.activity import services as activity
from studio.core.errors import InvalidInput, NotFound, Part, Stale, TooLarge
from studio.core.queue import enqueue
from studio.core.units import announce, unit
from studio.core.workspaces.models import User, Workspace
from studio.experiments import services as experiments
from studio.experiments.models import Run
from studio.pipelines import orchestration, planning, selectors
from studio.pipelines.look import task_of
from studio.pipelines.models import Draft, PipelineRun, Step

EMPTY_GRAPH = {
    "schema_version": 1,
    "nodes": [],
    "edges": [],
    "parameters": [],
    "settings": {"continue_on_step_failure": False},
}
EMPTY_VIEW = {"positions": {}, "notes": [], "viewport": None}
FIRST_LOOK_STEPS = 25
MAX_DRAFT_BYTES = 8 * 1024 * 1024


def create_draft(
    *,
    actor: User,
    workspace: Workspace,
    name: str,
    description: str = "",
    graph: dict | None = None,
    view: dict | None = None,
    sample: str | None = None,
) -> Draft:
    """Make a draft: empty, from a graph, or from a sample.

    Raises
    ------
    NotFound
        If there is no such sample.
    GraphInvalid
        If the graph cannot be read.
    """
    if sample is not None:
        found = next((item for item in list_samples() if item["name"] == sample), None)
        if found is None:
            raise NotFound(f"There is no sample named {sample!r}.")
        graph, view = found["graph"], found["view"]
        description = description or found["description"]
    checked = _check_graph(EMPTY_GRAPH if graph is None else graph)
    looks = _check_view(view or EMPTY_VIEW)
    with unit():
        draft = Draft(
            workspace=workspace,
            name=name,
            description=description,
            graph=checked,
            view=looks,
            created_by=actor,
            updated_by=actor,
        )
        draft.full_clean(exclude=["graph", "view"])
        draft.save()
        announce(workspace.pk, "pipelines.draft_changed", {"draft": str(draft.pk)})
    return draft


def _check_graph(graph: Any) -> dict[str, Any]:
    """Return the graph in its stable form; unknown components are kept."""
    if len(json.dumps(graph, default=str)) > MAX_DRAFT_BYTES:
        raise TooLarge("The pipeline is larger than 8 MiB. Put long texts into datasets.")
    parsed = PipelineGraph.parse(graph)
    if len(parsed.nodes) > settings.MAX_GRAPH_NODES:
        raise TooLarge(
            f"The pipeline has {len(parsed.nodes):,} steps; {settings.MAX_GRAPH_NODES:,} are the "
            "most (STUDIO_MAX_GRAPH_NODES)."
        )
    return parsed.dump()


def _check_view(view: Any) -> dict[str, Any]:
    if not isinstance(view, dict) or not isinstance(view.get("positions", {}), dict):
        raise InvalidInput(
            "view is an object with positions by step.",
            errors=[Part("invalid", "positions is an object.", pointer="/view")],
        )
    if len(json.dumps(view, default=str)) > MAX_DRAFT_BYTES:
        raise TooLarge("The view is larger than 8 MiB.")
    return view


def save_draft(*, actor: User, draft: Draft, revision: int | None, graph: dict, view: dict) -> Draft:
    """Save a drawing, if nobody else did since ``revision``.

    Raises
    ------
    Stale
        If the stored revision is another; ``current_revision`` says which.
    InvalidInput
        If no revision was given.
    """
    if revision is None:
        raise InvalidInput('Say which revision you edited, in the header If-Match: "N".')
    checked, looks = _check_graph(graph), _check_view(view)
    with unit():
        saved = Draft.objects.filter(pk=draft.pk, revision=revision, archived_at=None).update(
            revision=F("revision") + 1,
            graph=checked,
            view=looks,
            updated_by=actor,
            updated_at=timezone.now(),
        )
        draft.refresh_from_db()
        if not saved:
            raise Stale(
                f"{draft.name} is at revision {draft.revision} now; you edited {revision}. "
                "Fetch it, apply your change again, and save.",
                current_revision=draft.revision,
            )
        announce(
            draft.workspace_id,
            "pipelines.draft_saved",
            {"draft": str(draft.pk), "revision": draft.revision, "by": str(actor.pk)},
        )
    return draft


def rename_draft(*, draft: Draft, **fields: str) -> Draft:
    """Change name or description; the drawing and its revision stay."""
    with unit():
        for name, value in fields.items():
            setattr(draft, name, value)
        draft.full_clean(exclude=["graph", "view", "workspace", "created_by", "updated_by"])
        draft.save(update_fields=[*fields, "updated_at"])
        announce(draft.workspace_id, "pipelines.draft_changed", {"draft": str(draft.pk)})
    return draft


def copy_draft(*, actor: User, draft: Draft, name: str | None = None) -> Draft:
    """Make a draft with the same drawing."""
    return create_draft(
        actor=actor,
        workspace=draft.workspace,
        name=(name or f"{draft.name} copy")[:200],
        description=draft.description,
        graph=draft.graph,
        view=draft.view,
    )


def archive_draft(*, draft: Draft) -> None:
    """Take a draft out of the lists; its runs stay."""
    with unit():
        Draft.objects.filter(pk=draft.pk).update(archived_at=timezone.now())
        announce(draft.workspace_id, "pipelines.draft_changed", {"draft": str(draft.pk)})


def restore_draft(*, draft: Draft) -> None:
    """Bring an archived draft back."""
    with unit():
        Draft.objects.filter(pk=draft.pk).update(archived_at=None)
        announce(draft.workspace_id, "pipelines.draft_changed", {"draft": str(draft.pk)})


def submit(
    *,
    actor: User,
    draft: Draft,
    display_name: str = "",
    experiment: str = "",
    continue_on_step_failure: bool | None = None,
    selection: list[str] | None = None,
    plan_digest: str | None = None,
    revision: int | None = None,
) -> Run:
    """Freeze a draft and run it, or a part of it.

    Parameters
    ----------
    actor : User
        Who asked.
    draft : Draft
        What to run.
    display_name, experiment : str
        Names; blank takes ``Run N`` and the draft's name.
    continue_on_step_failure : bool or None
        Branches that do not hang on a failed step go on; None takes the graph's
        own setting.
    selection : list of str or None
        Nodes to run; what they need comes along, reused where it can be. None
        means all.
    plan_digest : str or None
        The plan the caller has seen: refused when it would be another now.
    revision : int or None
        The revision the caller has seen.

    Returns
    -------
    Run
        The new pipeline run with one step run per step.

    Raises
    ------
    GraphInvalid
        If the drawing does not validate: the same findings the editor shows.
    Stale
        If the draft has another revision, or the plan is another one.
    """
    if revision is not None and revision != draft.revision:
        raise Stale(
            f"{draft.name} is at revision {draft.revision} now; you submit {revision}.",
            current_revision=draft.revision,
        )
    graph = PipelineGraph.parse(draft.graph)
    part = selected_part(graph, selection)
    if selection is not None and not part.nodes:
        raise InvalidInput("Nothing is selected. Choose the steps to run, or leave the selection out to run all.")
    checked = selectors.validate_graph(draft.workspace, part)
    if checked.errors:
        raise GraphInvalid(checked.errors)
    plan = compile_plan(part, default_catalog())
    if plan_digest and plan_digest != planning.plan_draft(draft, selection).digest:
        raise Stale("What would run has changed since the plan was shown. Look at the plan again, then submit.")
    goes_on = continue_on_step_failure
    if goes_on is None:
        goes_on = bool(draft.graph.get("settings", {}).get("continue_on_step_failure"))
    with unit():
        group = experiments.ensure_experiment(workspace=draft.workspace, name=experiment or draft.name)
        run = experiments.create_run(
            actor=actor,
            experiment=group,
            new=experiments.NewRun("pipeline", display_name, subject=("draft", draft.pk, draft.name), max_attempts=1),
        )
        pipeline = PipelineRun.objects.create(
            run=run,
            draft=draft,
            draft_revision=draft.revision,
            graph=draft.graph,
            view=draft.view,
            schemas=selectors.schemas_json(checked),
            plan=plan.to_json(),
            continue_on_step_failure=goes_on,
            selection=selection,
        )
        _begin(actor, pipeline, plan)
    return run


def resume(*, actor: User, run: Run) -> Run:
    """Run what a failed or canceled run left undone; its completed steps are kept as they are.

    Raises
    ------
    Conflict
        If it goes on, completed, or is no pipeline.
    """
    planning.check_resumable(run)
    old = PipelineRun.objects.get(run=run)
    with unit():
        made = experiments.create_run(
            actor=actor,
            experiment=run.experiment,
            new=experiments.NewRun(
                "pipeline",
                subject=old.draft and ("draft", old.draft_id, old.draft.name),
                max_attempts=1,
                properties={"resumes": str(run.pk), "resumes_number": run.number},
            ),
        )
        pipeline = PipelineRun.objects.create(
            run=made,
            draft=old.draft,
            draft_revision=old.draft_revision,
            graph=old.graph,
            view=old.view,
            schemas=old.schemas,
            plan=old.plan,
            continue_on_step_failure=old.continue_on_step_failure,
            selection=old.selection,
            resumes=run,
        )
        activity.inherit_links(source=run.activity, target=made.activity)
        _begin(actor, pipeline, StepGraph.from_json(old.plan))
    return made


def _begin(actor: User, pipeline: PipelineRun, plan: StepGraph) -> None:
    """Make a run per step, and look at them for the first time."""
    run = pipeline.run
    runs = experiments.create_child_runs(
        actor=actor,
        parent=run,
        new=[
            experiments.NewRun(
                "step",
                step.title,
                task=task_of(step),
                subject=("run", run.pk, run.display_name),
                context={"node": step.id},
                max_attempts=1 if step.effect == "user_code" else 3,
            )
            for step in plan.steps
        ],
    )
    Step.objects.bulk_create(
        Step(run=child, pipeline=pipeline, node=step.id, order=order, component=step.component, effect=step.effect)
        for order, (child, step) in enumerate(zip(runs, plan.steps, strict=True))
    )
    # What is reused or read from a dataset ends here and now; the rest of a large drawing is another look.
    more, _ = orchestration.look(run.pk, at_most=FIRST_LOOK_STEPS)
    if more:
        enqueue("pipelines.advance", run.pk)


def cancel_run(*, run: Run) -> Run:
    """Stop a pipeline run, or one of its steps."""
    activity.cancel(run.activity)
    orchestration.advance(run.pk if run.parent_id is None else run.parent_id)
    run.activity.refresh_from_db()
    return run


def clone_to_draft(*, actor: User, run: Run, name: str = "") -> Draft:
    """Make a draft of what a run ran."""
    pipeline = PipelineRun.objects.filter(run=run).first()
    if pipeline is None:
        raise NotFound("Only a pipeline run can be cloned to a draft.")
    return create_draft(
        actor=actor,
        workspace=run.workspace,
        name=(name or f"{run.experiment.name} (run {run.number})")[:200],
        graph=pipeline.graph,
        view=pipeline.view,
    )
