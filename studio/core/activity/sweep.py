"""The one owner of recovery: whatever was lost is found here, within seconds."""

import logging
import time
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from studio.core import errors
from studio.core.activity import lifecycle, services
from studio.core.activity.models import Activity
from studio.core.activity.statuses import AT_WORK, CANCELING, NOT_RESPONDING, UNFINISHED
from studio.core.queue import enqueue
from studio.core.units import unit

logger = logging.getLogger(__name__)
_clocks: tuple[datetime, float] | None = None


def sweep() -> None:
    """Announce forgotten work again, recover lost work, end canceled work."""
    now = timezone.now()
    if _clock_was_set(now):
        _renew(now)
    _announce_again(now)
    _stop_archived()
    for activity in Activity.objects.filter(status__in=AT_WORK, lease_expires_at__lt=now).exclude(lease=None):
        _guard(_recover, activity)
    for activity in Activity.objects.filter(status=CANCELING).exclude(task=""):
        # A holder that still beats stops it itself; here is nobody left to do so.
        if activity.lease is None or activity.lease_expires_at < now:
            _guard(_end_canceled, activity)


def _clock_was_set(now: datetime) -> bool:
    """Say whether the clock jumped since the last look of this process, or the machine slept."""
    global _clocks
    before, _clocks = _clocks, (now, time.monotonic())
    if before is None:
        return False
    jumped = (now - before[0]).total_seconds() - (_clocks[1] - before[1])
    return abs(jumped) > settings.LEASE_S / 2


def _renew(now: datetime) -> None:
    """Start all waits anew: times that were written by another clock say nothing about who lives."""
    logger.warning("The clock was set, or the machine slept: every worker gets a new lease")
    rows = Activity.objects.filter(status__in=UNFINISHED)
    rows.exclude(lease=None).update(lease_expires_at=now + timedelta(seconds=settings.LEASE_S))
    rows.filter(status="queued", lease=None).update(enqueued_at=now)


def _stop_archived() -> None:
    """Stop what still goes on in archived workspaces (people stand below and cannot ask for it)."""
    rows = Activity.objects.filter(workspace__archived_at__isnull=False, parent=None, status__in=UNFINISHED)
    for activity in rows.exclude(status=CANCELING):
        _guard(services.cancel, activity)


def _announce_again(now) -> None:
    late = now - timedelta(seconds=settings.REQUEUE_AFTER_S)
    lost = Activity.objects.filter(status="queued", lease=None, enqueued_at__lt=late).exclude(task="")
    for activity in lost.order_by("enqueued_at")[:500]:
        with unit():
            Activity.objects.filter(pk=activity.pk, status="queued").update(enqueued_at=now)
            enqueue(activity.task, activity.pk)


def _recover(activity: Activity) -> None:
    if activity.status != NOT_RESPONDING:
        lifecycle.move(activity.pk, NOT_RESPONDING, lease=activity.lease)
    if activity.attempt < activity.max_attempts:
        lifecycle.move(
            activity.pk,
            "queued",
            lease=activity.lease,
            wait_reason=f"Its worker vanished; attempt {activity.attempt + 1} of "
            f"{activity.max_attempts} waits for another.",
        )
        with unit():
            enqueue(activity.task, activity.pk)
        return
    problem = errors.WorkerLost(
        f"The worker of {activity.title!r} vanished and all attempts are used "
        f"({activity.attempt} of {activity.max_attempts}). Look at the log, then run it again."
    )
    lifecycle.move(activity.pk, "failed", lease=activity.lease, failure=problem.to_problem())


def _end_canceled(activity: Activity) -> None:
    lifecycle.move(activity.pk, "canceled", lease=activity.lease)


def _guard(act, activity: Activity) -> None:
    try:
        act(activity)
    except errors.IllegalMove as error:
        logger.info("Somebody else moved it first: %s", error)
