"""Writes about experiments and runs."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F
from django.utils import timezone

from studio.core import blobs
from studio.core.activity import services as activity
from studio.core.activity.models import Activity
from studio.core.errors import Conflict
from studio.core.units import announce, unit
from studio.core.workspaces.models import User, Workspace
from studio.experiments import metric_store
from studio.experiments.metric_store import Point
from studio.experiments.models import Experiment, Run, RunCounter, RunOutput, Series


def ensure_experiment(*, workspace: Workspace, name: str) -> Experiment:
    """Return the experiment of this name, making it (or waking it from the archive)."""
    with unit():
        experiment, _ = Experiment.objects.get_or_create(workspace=workspace, name=name)
        if experiment.archived_at is not None:
            Experiment.objects.filter(pk=experiment.pk).update(archived_at=None)
    return experiment


@dataclass(frozen=True)
class NewRun:
    """What a run is made from.

    Parameters
    ----------
    kind : str
        ``"pipeline"``, ``"step"`` or ``"trial"``.
    display_name : str
        For people; blank takes ``Run NUMBER``.
    task : str
        As for an activity.
    subject, context, max_attempts
        As for an activity.
    properties : dict
        What the system records about the run.
    parameters : dict
        What sets it apart from its siblings.
    place : int or None
        Its place among its siblings, from 1.
    reporter : UUID or None
        The claim of the parent's attempt that told of it.
    """

    kind: str
    display_name: str = ""
    task: str = ""
    subject: tuple[str, uuid.UUID, str] | None = None
    context: dict[str, Any] = field(default_factory=dict)
    max_attempts: int = 3
    properties: dict[str, Any] = field(default_factory=dict)
    parameters: dict[str, Any] = field(default_factory=dict)
    place: int | None = None
    reporter: uuid.UUID | None = None


def create_run(*, actor: User | None, experiment: Experiment, new: NewRun) -> Run:
    """Make a run that has not started; its activity has the same id.

    Parameters
    ----------
    actor : User or None
        Who asked.
    experiment : Experiment
        The group it belongs to.
    new : NewRun
        What it is.

    Returns
    -------
    Run
        The new run, with the workspace's next number.
    """
    with unit():
        return _create(actor, experiment, [new], _next_number(experiment.workspace), None)[0]


def create_child_runs(*, actor: User | None, parent: Run, new: list[NewRun]) -> list[Run]:
    """Make runs that are parts of another, which lends its number and experiment; in the order given."""
    with unit():
        return _create(actor, parent.experiment, new, parent.number, parent)


def _create(
    actor: User | None, experiment: Experiment, new: list[NewRun], number: int, parent: Run | None
) -> list[Run]:
    runs = []
    for item in new:
        name = item.display_name or f"Run {number}"
        made = activity.new(
            workspace=experiment.workspace,
            kind=item.kind if parent is not None else f"{item.kind}_run",
            title=name,
            actor=actor,
            task=item.task,
            parent=parent.activity if parent is not None else None,
            subject=item.subject,
            context={**item.context, "number": number},
            max_attempts=item.max_attempts,
        )
        runs.append(
            Run(
                activity=made,
                workspace=experiment.workspace,
                experiment=experiment,
                parent=parent,
                kind=item.kind,
                number=number,
                display_name=name[:200],
                properties=item.properties,
                parameters=item.parameters,
                place=item.place,
                reporter=item.reporter,
            )
        )
    activity.create_many([run.activity for run in runs])
    return Run.objects.bulk_create(runs)


def _next_number(workspace: Workspace) -> int:
    rows = RunCounter.objects.filter(workspace=workspace)
    if not rows.update(last=F("last") + 1):
        RunCounter.objects.get_or_create(workspace=workspace)
        rows.update(last=F("last") + 1)
    return rows.values_list("last", flat=True).get()


def update_run(*, run: Run, **fields: Any) -> Run:
    """Change display name, description or tags."""
    with unit():
        for name, value in fields.items():
            setattr(run, name, value)
        run.full_clean(exclude=["activity", "parent", "experiment", "workspace"])
        run.save(update_fields=list(fields))
        announce(run.workspace_id, "experiments.run_updated", {"run": str(run.pk)})
    return run


def archive_run(*, run: Run) -> None:
    """Take an ended run out of the lists; nothing is deleted.

    Raises
    ------
    Conflict
        If it still goes on.
    """
    if not run.activity.is_finished:
        raise Conflict(f"{run.display_name} is {run.activity.status}. Stop it first.")
    with unit():
        Run.objects.filter(pk=run.pk).update(archived_at=timezone.now())
        announce(run.workspace_id, "experiments.run_updated", {"run": str(run.pk)})


def store_outputs(outputs: list[RunOutput]) -> None:
    """Keep what runs left, in the unit that completes them."""
    with unit():
        RunOutput.objects.bulk_create(outputs)
        blobs.refer_many("run", [(output.run_id, f"output:{output.port}", output.blob_id) for output in outputs])


def copied_outputs(outputs: Iterable[RunOutput], run_id: uuid.UUID) -> list[RunOutput]:
    """Return a donor's outputs as those of a reused run; the bytes are shared."""
    return [
        RunOutput(
            run_id=run_id,
            port=output.port,
            title=output.title,
            type=output.type,
            blob_id=output.blob_id,
            media_type=output.media_type,
            rows=output.rows,
            columns=output.columns,
            schema=output.schema,
            document=output.document,
        )
        for output in outputs
    ]


def log_metrics(
    *, run_activity: Activity, writer: str, number: int, points: list[Point], numbers: list[int] | None = None
) -> None:
    """Store a batch of metric points once, and tell those who watch.

    Parameters
    ----------
    run_activity : Activity
        Activity of the run they belong to.
    writer : str
        Who counts the numbers.
    number : int
        Highest number in the batch; repeated batches are ignored.
    points : list of Point
        In order.
    numbers : list of int or None
        The number of each point, when batches may overlap.
    """
    if not points or not (points := metric_store.append(run_activity.pk, writer, number, points, numbers)):
        return
    last = {point.name: metric_store.json_number(point.value) for point in points}
    with unit():
        _summarize(run_activity.pk, last)
        # What a trial reached is not what its step did.
        if run_activity.parent_id and not run_activity.is_reported:
            _summarize(run_activity.parent_id, last)
        announce(
            run_activity.workspace_id,
            "experiments.metrics_logged",
            {
                "run": str(run_activity.pk),
                "parent": str(run_activity.parent_id) if run_activity.parent_id else None,
                "node": run_activity.context.get("node"),
                "points": [
                    {
                        "name": point.name,
                        "step": point.step,
                        "value": metric_store.json_number(point.value),
                        "at": point.at.isoformat().replace("+00:00", "Z"),
                    }
                    for point in metric_store.thin(points, 200)
                ],
            },
            ephemeral=True,
        )


def copy_metrics(donors: dict[uuid.UUID, uuid.UUID]) -> None:
    """Give reused runs (run → donor) their donors' metrics."""
    found: dict[uuid.UUID, list[Series]] = {}
    for series in metric_store.series_of(list(set(donors.values()))):
        found.setdefault(series.run, []).append(series)
    measured = [run for run, donor in donors.items() if donor in found]
    for reused in Activity.objects.filter(pk__in=measured) if measured else ():
        for series in found[donors[reused.pk]]:
            points, _ = metric_store.points_of(series, limit=2**31)
            log_metrics(run_activity=reused, writer=f"reuse-{series.name}", number=0, points=points)


def _summarize(run_id: uuid.UUID, last: dict[str, Any]) -> None:
    rows = Run.objects.filter(pk=run_id)
    summary = rows.values_list("summary", flat=True).first()
    if summary is not None:
        rows.update(summary={**summary, **last})
