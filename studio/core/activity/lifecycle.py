"""The one door through which an activity changes its state: compare and set."""

import enum
import uuid
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from studio.core.activity import events
from studio.core.activity.models import Activity
from studio.core.activity.statuses import AT_WORK, CANCELING, TERMINAL, UNFINISHED, sources
from studio.core.errors import IllegalMove, NotFound, WorkerLost
from studio.core.units import unit

__all__ = ["Move", "claim", "move", "note_progress"]
# A worker has, or had, what is in one of these states.
_HELD = AT_WORK | {CANCELING}


class Move(enum.Enum):
    """What a call of :func:`move` did."""

    DONE = "done"
    UNCHANGED = "unchanged"


def move(
    activity_id: uuid.UUID,
    to: str,
    *,
    lease: uuid.UUID | None = None,
    origin: frozenset[str] | None = None,
    details: dict[str, Any] | None = None,
    at: datetime | None = None,
    **fields: Any,
) -> Move:
    """Change the state of an activity, once.

    Parameters
    ----------
    activity_id : UUID
        Which.
    to : str
        The new state.
    lease : UUID or None
        The worker's claim; the move fails when the claim was lost.
    origin : frozenset of str or None
        Narrower set of states to move from.
    details : dict or None
        Further members of the event, such as a step's outputs.
    at : datetime or None
        When it happened, if that was told later; now otherwise.
    **fields : object
        Columns written with the move: ``failure``, ``phase``, ``progress``,
        ``wait_reason``, ``attempt``, ``context``.

    Returns
    -------
    Move
        ``DONE``, or ``UNCHANGED`` when the activity is in that state already,
        which makes a message delivered twice harmless.

    Raises
    ------
    IllegalMove
        If the state (or the lost claim) does not allow it.
    NotFound
        If there is no such activity.
    """
    now = at or timezone.now()
    allowed = sources(to) if origin is None else sources(to) & origin
    changes: dict[str, Any] = {"status": to, "updated_at": now, **fields}
    if to in TERMINAL:
        changes |= {
            "finished_at": now,
            "lease": None,
            "lease_expires_at": None,
            "wait_reason": "",
        }
        changes.setdefault("phase", "")
    elif to == "queued":
        changes |= {"lease": None, "lease_expires_at": None, "enqueued_at": now}
        changes.setdefault("progress", None)
        changes.setdefault("phase", "")
    elif to == "running":
        changes.setdefault("wait_reason", "")
    with unit():
        rows = Activity.objects.filter(pk=activity_id)
        before = rows.select_for_update().first() if _locks() else rows.first()
        if before is None:
            raise NotFound(f"There is no activity {activity_id}.")
        if before.started_at is None and (to in AT_WORK or to == "completed"):
            changes["started_at"] = now  # what is reused begins and ends at once
        matching = rows.filter(status__in=allowed)
        if lease is not None:
            matching = matching.filter(lease=lease)
        if matching.update(**changes):
            after = rows.get()
            events.announce_change(after, previous=before.status, details=details)
            if before.status in _HELD and (to in TERMINAL or to == "queued"):
                _end_reported(after, before.attempt)
            return Move.DONE
        if before.status == to and (lease is None or before.lease in (lease, None)):
            return Move.UNCHANGED
        if lease is not None and before.lease != lease:
            raise IllegalMove(f"The claim on {before.title!r} was lost; it is {before.status} now.")
        raise IllegalMove(f"{before.title!r} is {before.status}: it cannot become {to}.")


def _end_reported(parent: Activity, attempt: int) -> None:
    """End the children that the parent's worker told of: nobody will tell of them any more."""
    for child in Activity.objects.filter(parent=parent, task="", status__in=UNFINISHED):
        if parent.status == "failed":
            move(child.pk, "failed", failure=parent.failure)
            continue
        interrupted = None
        if parent.status == "queued":
            interrupted = WorkerLost(
                f"Attempt {attempt} of {parent.title!r} was interrupted. Its next attempt begins anew."
            ).to_problem()
        if child.status in AT_WORK:
            move(child.pk, CANCELING)
        move(child.pk, "canceled", failure=interrupted)


def claim(activity_id: uuid.UUID, *, holder: str, pid: int) -> Activity | None:
    """Claim a queued activity for a worker.

    Parameters
    ----------
    activity_id : UUID
        Which.
    holder : str
        Name of the worker instance that will send heartbeats.
    pid : int
        Process that does the work.

    Returns
    -------
    Activity or None
        With a fresh ``lease``, or None when somebody else has it or it is not
        queued any more.
    """
    now = timezone.now()
    lease = uuid.uuid4()
    with unit():
        rows = Activity.objects.filter(pk=activity_id)
        before = rows.filter(status="queued", lease=None).first()
        if before is None:
            return None
        won = rows.filter(status="queued", lease=None).update(
            status="starting",
            lease=lease,
            lease_expires_at=now + timedelta(seconds=settings.LEASE_S),
            holder=holder,
            holder_pid=pid,
            attempt=before.attempt + 1,
            started_at=before.started_at or now,
            wait_reason="",
            updated_at=now,
        )
        if not won:
            return None
        after = Activity.objects.select_related("workspace", "actor").get(pk=activity_id)
        events.announce_change(after, previous="queued")
    return after


def note_progress(activity: Activity, *, progress: float | None, phase: str) -> None:
    """Store how far an activity is, and tell those who watch."""
    with unit():
        changed = Activity.objects.filter(pk=activity.pk, status__in=AT_WORK).update(
            progress=progress, phase=phase[:300]
        )
        if changed:
            events.announce_progress(activity, progress=progress, phase=phase[:300])


def cancel_state(status: str) -> str | None:
    """Return what a cancel request makes of a state, or None when it is too late."""
    if status in TERMINAL or status == CANCELING:
        return None
    return CANCELING if status in AT_WORK else "canceled"


def _locks() -> bool:
    # SQLite's IMMEDIATE transactions hold the write lock already.
    return connection.features.has_select_for_update
