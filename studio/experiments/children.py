"""The parts of a run that its own worker tells of, such as the trials of a search: runs of their own."""

import logging
import uuid
from datetime import datetime
from typing import Any

from studio.core.activity import lifecycle
from studio.core.activity.models import Activity
from studio.core.activity.statuses import CANCELING, TERMINAL
from studio.core.units import unit
from studio.experiments import services
from studio.experiments.metric_store import Point
from studio.experiments.models import Run

logger = logging.getLogger(__name__)
ENDS = ("completed", "failed")
MAX_CHILDREN = 100_000


def store(activity: Activity, lines: list[dict[str, Any]]) -> None:
    """Make and move the children that some spool lines tell of, and keep their metrics.

    The same lines may come again, and from two processes at once: a child is found by the claim of the attempt and
    its place, and what has ended stays as it is. Lines of an attempt whose claim is lost are dropped.

    Parameters
    ----------
    activity : Activity
        The run at work, as its worker claimed it.
    lines : list of dict
        Of the kinds ``child`` and ``child_metric``, in the order of their numbers.
    """
    lines = [line for line in lines if _is_sound(line)]
    told = [line for line in lines if line["kind"] == "child"]
    with unit():
        if not _holds(activity):
            logger.info("Dropped what a lost attempt of %s told of its parts", activity.pk)
            return
        known = _known(activity)
        for line in told:
            if line["status"] == "running" and line["child"] not in known:
                known[line["child"]] = _begin(activity, line)
    for place in dict.fromkeys(line["child"] for line in lines if line["kind"] == "child_metric"):
        if place in known:
            own = [line for line in lines if line["kind"] == "child_metric" and line["child"] == place]
            log(known[place].activity, activity.lease, own)
    with unit():
        if _holds(activity):
            for line in told:
                if line["status"] in ENDS and line["child"] in known:
                    _end(known[line["child"]], line)


def log(activity: Activity, claim: uuid.UUID | None, lines: list[dict[str, Any]]) -> None:
    """Keep the metrics of some spool lines; those stored before are left out."""
    services.log_metrics(
        run_activity=activity,
        writer=f"spool-{claim.hex if claim else activity.attempt}",
        number=lines[-1]["n"],
        points=[
            Point(str(line["name"]), float(line["value"]), line.get("step"), datetime.fromisoformat(line["at"]))
            for line in lines
        ],
        numbers=[line["n"] for line in lines],
    )


def _is_sound(line: dict[str, Any]) -> bool:
    """Say whether a line can be used: a script may write what it likes into its spool."""
    place = line.get("child")
    if not isinstance(place, int) or isinstance(place, bool) or not 1 <= place <= MAX_CHILDREN:
        return False
    try:
        datetime.fromisoformat(line["at"])
        if line["kind"] == "child_metric":
            return isinstance(line["name"], str) and isinstance(float(line["value"]), float)
    except (KeyError, TypeError, ValueError):
        return False
    if line.get("status") == "running":
        return isinstance(line.get("title"), str) and isinstance(line.get("parameters"), dict)
    return line.get("status") in ENDS


def _holds(activity: Activity) -> bool:
    """Lock the run, and say whether the attempt still has it."""
    if activity.lease is None:
        return False
    rows = Activity.objects.select_for_update().filter(pk=activity.pk, lease=activity.lease)
    return rows.exclude(status__in=TERMINAL).first() is not None


def _known(activity: Activity) -> dict[int, Run]:
    rows = Run.objects.select_related("activity").filter(parent_id=activity.pk, reporter=activity.lease)
    return {run.place: run for run in rows if run.place is not None}


def _begin(activity: Activity, line: dict[str, Any]) -> Run:
    parent = Run.objects.select_related("activity", "experiment__workspace").get(pk=activity.pk)
    new = services.NewRun(
        "trial",
        str(line.get("title") or f"Part {line['child']}")[:200],
        max_attempts=1,
        parameters=line.get("parameters") or {},
        place=line["child"],
        reporter=activity.lease,
    )
    child = services.create_child_runs(actor=activity.actor, parent=parent, new=[new])[0]
    lifecycle.move(child.pk, "queued")
    lifecycle.move(child.pk, "running", at=datetime.fromisoformat(line["at"]))
    child.activity.refresh_from_db()
    return child


def _end(child: Run, line: dict[str, Any]) -> None:
    status = Activity.objects.values_list("status", flat=True).get(pk=child.pk)
    if status in TERMINAL or (status == CANCELING and line["status"] == "failed"):
        return
    problem = line.get("problem")
    failure = problem if isinstance(problem, dict) else None
    lifecycle.move(child.pk, line["status"], failure=failure, at=datetime.fromisoformat(line["at"]))
