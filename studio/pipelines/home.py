"""What the first page and the search box show: reads over everything in a workspace."""

from datetime import timedelta
from typing import Any

from django.db.models import Count, Q
from django.db.models.functions import TruncWeek
from django.utils import timezone

from studio.core.activity.statuses import UNFINISHED
from studio.core.blobs import total_bytes
from studio.core.workspaces.models import Member
from studio.datasets import selectors as datasets
from studio.datasets.models import Dataset
from studio.experiments.models import Run
from studio.pipelines import selectors
from studio.pipelines.models import Draft

WEEKS = 12
FAILED_SINCE = timedelta(days=7)


def home(member: Member) -> dict[str, Any]:
    """Return the first page of a workspace for one member."""
    workspace = member.workspace
    runs = selectors.pipeline_runs(workspace)
    since = timezone.now() - FAILED_SINCE
    mine = {
        "uploaded_dataset": Dataset.objects.filter(
            workspace=workspace, created_by=member.user, source_note=""
        ).exists(),
        "drew_pipeline": Draft.objects.filter(workspace=workspace, updated_by=member.user, revision__gt=1).exists(),
        "ran_pipeline": Run.objects.filter(workspace=workspace, kind="pipeline", activity__actor=member.user).exists(),
    }
    return {
        "recent_runs": runs.order_by("-number")[:6],
        "running": runs.filter(activity__status__in=UNFINISHED).order_by("-number")[:10],
        "failed": runs.filter(activity__status="failed", created_at__gt=since).order_by("-number")[:5],
        "drafts": selectors.drafts(workspace).order_by("-updated_at")[:6],
        "datasets": datasets.datasets(workspace).order_by("-updated_at")[:6],
        "counts": {
            "datasets": Dataset.objects.filter(workspace=workspace, archived_at=None).count(),
            "drafts": Draft.objects.filter(workspace=workspace, archived_at=None).count(),
            "runs": Run.objects.filter(workspace=workspace, kind="pipeline", archived_at=None).count(),
            "running": runs.filter(activity__status__in=UNFINISHED).count(),
        },
        "runs_per_week": _runs_per_week(workspace),
        "storage_bytes": total_bytes(),
        "getting_started": {
            "dismissed": member.getting_started_dismissed_at is not None,
            **mine,
        },
    }


def _runs_per_week(workspace) -> list[dict[str, Any]]:
    today = timezone.now().date()
    monday = today - timedelta(days=today.weekday())
    weeks = [monday - timedelta(weeks=index) for index in reversed(range(WEEKS))]
    found = dict(
        Run.objects.filter(workspace=workspace, kind="pipeline", created_at__date__gte=weeks[0])
        .annotate(week=TruncWeek("created_at"))
        .values_list("week")
        .annotate(count=Count("pk"))
    )
    counts = {moment.date(): count for moment, count in found.items()}
    return [{"week": week, "count": counts.get(week, 0)} for week in weeks]


def search(member: Member, text: str, limit: int = 8) -> list[dict[str, str]]:
    """Return drafts, runs and datasets whose name contains a text, at most eight of each."""
    workspace, name = member.workspace, member.workspace.name
    found = []
    for draft in selectors.drafts(workspace).filter(name__icontains=text).order_by("-updated_at")[:limit]:
        found.append(
            {
                "kind": "draft",
                "id": str(draft.pk),
                "name": draft.name,
                "url": f"/w/{name}/designer/{draft.pk}",
                "hint": f"{len(draft.graph.get('nodes', []))} steps",
            }
        )
    number = Q(number=int(text)) if text.isdecimal() and len(text) < 10 else Q()
    wanted = Q(display_name__icontains=text) | Q(experiment__name__icontains=text)
    rows = selectors.pipeline_runs(workspace).filter(wanted | number if number else wanted)
    for run in rows.order_by("-number")[:limit]:
        found.append(
            {
                "kind": "run",
                "id": str(run.pk),
                "name": f"{run.display_name}",
                "url": f"/w/{name}/runs/{run.pk}",
                "hint": f"{run.experiment.name}, {run.activity.status}",
            }
        )
    for dataset in datasets.datasets(workspace).filter(name__icontains=text).order_by("name")[:limit]:
        found.append(
            {
                "kind": "dataset",
                "id": str(dataset.pk),
                "name": dataset.name,
                "url": f"/w/{name}/data/{dataset.pk}",
                "hint": f"version {dataset.last_version}",
            }
        )
    return found
