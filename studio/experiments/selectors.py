"""Reads about runs, their outputs and metrics."""

import uuid
from typing import Any

from django.db.models import Count, Max, Q, QuerySet

from studio.core.errors import NotFound
from studio.core.workspaces.models import Workspace
from studio.experiments import metric_store
from studio.experiments.models import Experiment, Run, RunOutput


def runs(workspace: Workspace) -> QuerySet[Run]:
    """Return the runs of a workspace that are not archived."""
    return Run.objects.select_related("activity__actor", "activity", "experiment").filter(
        workspace=workspace, archived_at=None
    )


def run(workspace: Workspace, run_id: uuid.UUID) -> Run:
    """Return one run, archived or not (raises NotFound)."""
    found = (
        Run.objects.select_related("activity__actor", "activity__workspace", "experiment", "workspace")
        .filter(workspace=workspace, pk=run_id)
        .first()
    )
    if found is None:
        raise NotFound("There is no such run in this workspace.")
    return found


def children(found: Run) -> QuerySet[Run]:
    """Return the parts of a run, such as the steps of a pipeline or the trials of a search."""
    return Run.objects.select_related("activity__actor", "activity", "experiment").filter(parent=found)


def output(found: Run, port: str) -> RunOutput:
    """Return what a run left at a port (raises NotFound)."""
    result = found.outputs.select_related("blob").filter(port=port).first()
    if result is None:
        raise NotFound(f"{found.display_name} has no output named {port!r} yet.")
    return result


def experiments(workspace: Workspace) -> QuerySet[Experiment]:
    return (
        Experiment.objects.filter(workspace=workspace, archived_at=None)
        .annotate(
            run_count=Count("runs", filter=Q(runs__parent=None)),
            last_run_at=Max("runs__created_at"),
        )
        .order_by("name")
    )


def metrics(found: Run, *, recursive: bool) -> list[dict[str, Any]]:
    """Return the series of a run, with its children's when asked.

    Returns
    -------
    list of dict
        Each with at most 2,000 points, extremes kept; ``count`` says how many
        there are.
    """
    nodes: dict[uuid.UUID, str | None] = {found.pk: found.activity.context.get("node")}
    if recursive:
        for child in Run.objects.select_related("activity").filter(parent=found):
            nodes[child.pk] = child.activity.context.get("node")
    answer = []
    for series in metric_store.series_of(list(nodes)):
        points, count = metric_store.points_of(series)
        answer.append(
            {
                "run": str(series.run),
                "node": nodes[series.run],
                "name": series.name,
                "count": count,
                "last": metric_store.json_number(series.last_value, series.last_special),
                "points": [
                    {
                        "step": point.step,
                        "value": metric_store.json_number(point.value),
                        "at": point.at.isoformat().replace("+00:00", "Z"),
                    }
                    for point in points
                ],
            }
        )
    return answer
