"""The one door through which an activity changes its state: compare and set."""

import enum
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from studio.core.activity import events
from studio.core.activity.models import Activity
from studio.core.activity.statuses import AT_WORK, CANCELING, TERMINAL, UNFINISHED, sources
from studio.core.errors import IllegalMove, NotFound, WorkerLost
from studio.core.units import unit

__all__ = ["Move", "claim", "move", "move_many", "note_progress"]
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
    known: Activity | None = None,
    childless: bool = False,
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
    known : Activity or None
        The row as the caller last saw it, which saves a read when it still is
        so; it is brought up to date.
    childless : bool
        It is known that its worker told of no parts, which saves a look.
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
    changes = _changes(to, now, fields)
    with unit():
        rows = Activity.objects.filter(pk=activity_id)
        if (
            known is not None
            and known.status in allowed
            and _moved([known], rows.filter(status=known.status, lease=lease or known.lease), changes, details)
        ):
            if not childless:
                _end_reported(known)
            return Move.DONE
        before = rows.select_for_update().first() if _locks() else rows.first()
        if before is None:
            raise NotFound(f"There is no activity {activity_id}.")
        matching = rows.filter(status__in=allowed)
        if lease is not None:
            matching = matching.filter(lease=lease)
        was = before.status
        if _moved([before], matching, changes, details):
            if was in _HELD:
                _end_reported(before)
            return Move.DONE
        if was == to and (lease is None or before.lease in (lease, None)):
            return Move.UNCHANGED
        if lease is not None and before.lease != lease:
            raise IllegalMove(f"The claim on {before.title!r} was lost; it is {was} now.")
        raise IllegalMove(f"{before.title!r} is {was}: it cannot become {to}.")


def _end_reported(parent: Activity) -> None:
    """End the children that a worker told of, when its attempt is over: nobody will tell of them any more."""
    if parent.status not in TERMINAL and parent.status != "queued":
        return
    for child in Activity.objects.filter(parent=parent, task="", status__in=UNFINISHED):
        if parent.status == "failed":
            move(child.pk, "failed", failure=parent.failure)
            continue
        interrupted = None
        if parent.status == "queued":
            interrupted = WorkerLost(
                f"Attempt {parent.attempt} of {parent.title!r} was interrupted. Its next attempt begins anew."
            ).to_problem()
        if child.status in AT_WORK:
            move(child.pk, CANCELING)
        move(child.pk, "canceled", failure=interrupted)


def move_many(
    activity_ids: list[uuid.UUID], to: str, *, details: dict[uuid.UUID, dict[str, Any]] | None = None, **fields: Any
) -> set[uuid.UUID]:
    """Change the state of several activities in one go.

    Parameters
    ----------
    activity_ids : list of UUID
        Which.
    to : str
        The new state.
    details : dict or None
        Activity → further members of its event.
    **fields : object
        Columns written with the move, the same for all.

    Returns
    -------
    set of UUID
        Those that moved. What was elsewhere meanwhile is left out, never an error.
    """
    with unit():
        # A fixed order of locks keeps two units from waiting for each other.
        rows = Activity.objects.filter(pk__in=activity_ids, status__in=sources(to)).order_by("pk")
        found = list(rows.select_for_update() if _locks() else rows)
        matching = Activity.objects.filter(pk__in=[activity.pk for activity in found])
        _moved(found, matching, _changes(to, timezone.now(), fields), None, details or {})
    return {activity.pk for activity in found}


def _changes(to: str, now: datetime, fields: dict[str, Any]) -> dict[str, Any]:
    """Return the columns that a move to a state writes."""
    changes: dict[str, Any] = {"status": to, "updated_at": now, **fields}
    if to in TERMINAL:
        changes |= {"finished_at": now, "lease": None, "lease_expires_at": None, "wait_reason": ""}
        changes.setdefault("phase", "")
    elif to == "queued":
        changes |= {"lease": None, "lease_expires_at": None, "enqueued_at": now}
        changes.setdefault("progress", None)
        changes.setdefault("phase", "")
    elif to == "running":
        changes.setdefault("wait_reason", "")
    return changes


def _moved(
    found: list[Activity],
    matching: QuerySet[Activity],
    changes: dict[str, Any],
    details: dict[str, Any] | None,
    each: dict[uuid.UUID, dict[str, Any]] | None = None,
) -> bool:
    """Write a move for rows that were just read, and tell of it; False when none matched."""
    to, now = changes["status"], changes["updated_at"]
    # What is reused begins and ends at once.
    begins = (to in AT_WORK or to == "completed") and any(activity.started_at is None for activity in found)
    if not found or not matching.update(
        **changes, **({"started_at": Coalesce("started_at", Value(now))} if begins else {})
    ):
        return False
    for activity in found:
        was = activity.status
        for name, value in changes.items():
            setattr(activity, name, value)
        if begins and activity.started_at is None:
            activity.started_at = now
        events.announce_change(activity, previous=was, details=details or (each or {}).get(activity.pk))
    return True


def claim(
    activity_id: uuid.UUID,
    *,
    holder: str,
    pid: int,
    to: str = "starting",
    origin: str = "queued",
    log_path: Callable[[Activity], str] | None = None,
) -> Activity | None:
    """Claim an activity for a worker.

    Parameters
    ----------
    activity_id : UUID
        Which.
    holder : str
        Name of the worker instance that will send heartbeats.
    pid : int
        Process that does the work.
    to : str
        The state it is in then: ``"starting"``, or ``"running"`` for work that
        needs no preparing.
    origin : str
        The state it waits in: ``"not_started"`` claims it without its having
        been queued.
    log_path : callable or None
        Says where the log of this attempt lies, below the data folder.

    Returns
    -------
    Activity or None
        With a fresh ``lease``, or None when somebody else has it or it is not
        waiting any more.
    """
    now = timezone.now()
    with unit():
        rows = Activity.objects.filter(pk=activity_id)
        waiting = rows.filter(status=origin, lease=None)
        claimed = waiting.first()
        if claimed is None:
            return None
        claimed.attempt += 1
        changes = {
            "status": to,
            "lease": uuid.uuid4(),
            "lease_expires_at": now + timedelta(seconds=settings.LEASE_S),
            "holder": holder,
            "holder_pid": pid,
            "attempt": claimed.attempt,
            "started_at": claimed.started_at or now,
            "wait_reason": "",
            "updated_at": now,
            **({"log_path": log_path(claimed)} if log_path else {}),
        }
        if not waiting.update(**changes):
            return None
        for name, value in changes.items():
            setattr(claimed, name, value)
        events.announce_change(claimed, previous=origin)
    return claimed


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
