"""Writes about experiments and runs."""

import uuid
from collections.abc import Iterable
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
from studio.experiments.models import Experiment, Run, RunCounter, RunOutput


def ensure_experiment(*, workspace: Workspace, name: str) -> Experiment:
    """Return the experiment of this name, making it (or waking it from the archive)."""
    with unit():
        experiment, _ = Experiment.objects.get_or_create(workspace=workspace, name=name)
        if experiment.archived_at is not None:
            Experiment.objects.filter(pk=experiment.pk).update(archived_at=None)
    return experiment


def create_run(
    *,
    actor: User | None,
    experiment: Experiment,
    kind: str,
    display_name: str,
    task: str = "",
    parent: Run | None = None,
    subject: tuple[str, uuid.UUID, str] | None = None,
    context: dict[str, Any] | None = None,
    max_attempts: int = 3,
    properties: dict[str, Any] | None = None,
    parameters: dict[str, Any] | None = None,
    place: int | None = None,
    reporter: uuid.UUID | None = None,
) -> Run:
    """Make a run that has not started; its activity has the same id.

    Parameters
    ----------
    actor : User or None
        Who asked.
    experiment : Experiment
        The group it belongs to.
    kind : str
        ``"pipeline"``, ``"step"`` or ``"trial"``.
    display_name : str
        For people; blank takes ``Run NUMBER``.
    task : str
        As for an activity.
    parent : Run or None
        The run this one is a part of; it lends its number.
    subject, context, max_attempts
        As for an activity.
    properties : dict or None
        What the system records about the run.
    parameters : dict or None
        What sets it apart from its siblings.
    place : int or None
        Its place among its siblings, from 1.
    reporter : UUID or None
        The claim of the parent's attempt that told of it.

    Returns
    -------
    Run
        The new run.
    """
    workspace = experiment.workspace
    with unit():
        number = parent.number if parent is not None else _next_number(workspace)
        name = display_name or f"Run {number}"
        made = activity.create(
            workspace=workspace,
            kind="pipeline_run" if kind == "pipeline" else kind,
            title=name,
            actor=actor,
            task=task,
            parent=parent.activity if parent is not None else None,
            subject=subject,
            context={**(context or {}), "number": number},
            max_attempts=max_attempts,
        )
        return Run.objects.create(
            activity=made,
            workspace=workspace,
            experiment=experiment,
            parent=parent,
            kind=kind,
            number=number,
            display_name=name[:200],
            properties=properties or {},
            parameters=parameters or {},
            place=place,
            reporter=reporter,
        )


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


def store_outputs(*, run: Run, outputs: Iterable[RunOutput]) -> None:
    """Keep what a run left, in one go; an output stored before is replaced."""
    with unit():
        RunOutput.objects.filter(run=run).delete()
        for output in outputs:
            output.run = run
            output.save(force_insert=True)
            blobs.refer("run", run.pk, f"output:{output.port}", output.blob_id)


def copy_outputs(*, donor: Run, run: Run) -> list[RunOutput]:
    """Give a reused run its donor's outputs; the bytes are shared."""
    copies = [
        RunOutput(
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
        for output in donor.outputs.all()
    ]
    store_outputs(run=run, outputs=copies)
    return copies


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


def copy_metrics(*, donor: Run, run: Run) -> None:
    """Give a reused run its donor's metrics."""
    for series in metric_store.series_of([donor.pk]):
        points, _ = metric_store.points_of(series, limit=2**31)
        log_metrics(run_activity=run.activity, writer=f"reuse-{series.name}", number=0, points=points)


def _summarize(run_id: uuid.UUID, last: dict[str, Any]) -> None:
    rows = Run.objects.filter(pk=run_id)
    summary = rows.values_list("summary", flat=True).first()
    if summary is not None:
        rows.update(summary={**summary, **last})
