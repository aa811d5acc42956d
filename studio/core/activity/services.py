"""Verbs on activities: start, cancel, keep the log, link."""

import time
import uuid
from pathlib import Path
from typing import Any

from studio.core import blobs
from studio.core.activity import events, lifecycle
from studio.core.activity.models import Activity, Event, Link
from studio.core.activity.statuses import AT_WORK, CANCELING, TERMINAL
from studio.core.errors import IllegalMove
from studio.core.queue import enqueue
from studio.core.units import unit
from studio.core.workspaces.models import User, Workspace

PROGRESS_EVERY_S = 0.3
_shown: dict[uuid.UUID, float] = {}

__all__ = ["cancel", "create", "create_many", "forget_events", "keep_log", "link", "new", "start"]


def new(
    *,
    workspace: Workspace,
    kind: str,
    title: str,
    actor: User | None,
    task: str = "",
    parent: Activity | None = None,
    subject: tuple[str, uuid.UUID, str] | None = None,
    context: dict[str, Any] | None = None,
    max_attempts: int = 3,
    id: uuid.UUID | None = None,
) -> Activity:
    """Describe an activity that has not started; :func:`create_many` stores it.

    Parameters
    ----------
    workspace : Workspace
        Where.
    kind : str
        Such as ``"step"``; lowercase, underscores.
    title : str
        For people, at most 300 characters.
    actor : User or None
        Who asked; None for the studio itself.
    task : str
        Name of the task a worker claims it through; blank when nobody does.
    parent : Activity or None
        The activity this one is a part of.
    subject : tuple of str, UUID, str or None
        Kind, id and name of what it is about.
    context : dict or None
        What listeners need to place its events.
    max_attempts : int
        How often a lost worker is forgiven, ≥ 1.
    id : UUID or None
        Id to use.

    Returns
    -------
    Activity
        In state ``not_started``, not stored.
    """
    about = subject or ("", None, "")
    activity = Activity(
        workspace=workspace,
        kind=kind,
        title=title[:300],
        parent=parent,
        actor=actor,
        task=task,
        subject_kind=about[0],
        subject_id=about[1],
        subject_name=about[2][:300],
        context=context or {},
        max_attempts=max_attempts,
    )
    if id is not None:
        activity.pk = id
    return activity


def create(**described: Any) -> Activity:
    """Make an activity that has not started; it is described as for :func:`new`."""
    made = new(**described)
    create_many([made])
    return made


def create_many(activities: list[Activity]) -> None:
    """Store activities that have not started, and tell of each."""
    with unit():
        Activity.objects.bulk_create(activities)
        for activity in activities:
            events.announce_change(activity, previous="")


def start(activity: Activity, **fields: Any) -> None:
    """Queue an activity and wake a worker."""
    with unit():
        lifecycle.move(activity.pk, "queued", **fields)
        enqueue(activity.task, activity.pk)


def cancel(activity: Activity) -> Activity:
    """Ask an activity, and everything below it, to stop.

    What waits is canceled at once; what works is told through its state and
    stops at its holder's next look.

    Raises
    ------
    IllegalMove
        If it has ended already, or is a part that ends with its parent only.
    """
    with unit():
        activity.refresh_from_db()
        if activity.status in TERMINAL:
            raise IllegalMove(f"{activity.title!r} is {activity.status} already.")
        if activity.is_reported:
            raise IllegalMove(f"{activity.title!r} is a part of {activity.parent.title!r}. Cancel that.")
        _cancel_one(activity)
        for child in Activity.objects.filter(parent=activity).exclude(status__in=TERMINAL):
            _cancel_one(child)
        activity.refresh_from_db()
    return activity


def _cancel_one(activity: Activity) -> None:
    to = lifecycle.cancel_state(activity.status)
    if to is None:
        return
    if to == "canceled" and Activity.objects.filter(parent=activity).exists():
        to = CANCELING  # a parent ends when its last child has
    try:
        lifecycle.move(activity.pk, to)
    except IllegalMove:
        # It moved between the look and the move: look again.
        activity.refresh_from_db()
        to = lifecycle.cancel_state(activity.status)
        if to is not None:
            lifecycle.move(activity.pk, to)


def tell_why_it_waits(activity_id: uuid.UUID, reason: str) -> None:
    """Say why an activity does not go on."""
    with unit():
        Activity.objects.filter(pk=activity_id).update(wait_reason=reason[:300])


def show_progress(activity: Activity, progress: float, phase: str) -> None:
    """Show how far an activity without a worker is, such as a pipeline.

    Nothing happens when it is unchanged, or when this process told it a moment
    ago: whoever looks next tells it, and its end does.
    """
    now = time.monotonic()
    if activity.progress == progress or now - _shown.get(activity.pk, -1.0) < PROGRESS_EVERY_S:
        return
    if len(_shown) > 1000:
        _shown.clear()
    _shown[activity.pk] = now
    with unit():
        Activity.objects.filter(pk=activity.pk).update(progress=progress)
        events.announce_progress(activity, progress=progress, phase=phase)


def keep_log(activity: Activity, path: Path) -> None:
    """Keep the log of an ended activity as a blob."""
    if (kept := stored_log(path)) is not None:
        with unit():
            refer_log(activity, kept)


def stored_log(path: Path) -> blobs.Kept | None:
    """Store the bytes of a log; None when it is empty."""
    return blobs.keep_file(path) if path.exists() and path.stat().st_size else None


def refer_log(activity: Activity, kept: blobs.Kept) -> None:
    """Say that a stored log is this activity's."""
    blobs.record([kept])
    blobs.refer("activity", activity.pk, "log", kept.digest)
    Activity.objects.filter(pk=activity.pk).update(log_digest=kept.digest)


def link(
    *,
    workspace: Workspace,
    source: tuple[str, uuid.UUID, str],
    role: str,
    target: tuple[str, uuid.UUID, str],
) -> None:
    """Record lineage: ``source`` played ``role`` for ``target`` (kind, id, name each)."""
    with unit():
        Link.objects.get_or_create(
            source_kind=source[0],
            source_id=source[1],
            role=role,
            target_kind=target[0],
            target_id=target[1],
            defaults={
                "workspace": workspace,
                "source_name": source[2][:300],
                "target_name": target[2][:300],
            },
        )


def inherit_links(*, source: Activity, target: Activity) -> None:
    """Record for one run what another one read."""
    with unit():
        Link.objects.bulk_create(
            [
                Link(
                    workspace_id=target.workspace_id,
                    source_kind=link.source_kind,
                    source_id=link.source_id,
                    source_name=link.source_name,
                    role=link.role,
                    target_kind=link.target_kind,
                    target_id=target.pk,
                    target_name=target.title,
                )
                for link in Link.objects.filter(target_kind="run", target_id=source.pk)
            ],
            ignore_conflicts=True,
        )


def forget_events(*, now) -> int:
    """Delete events whose time is over; returns how many."""
    with unit():
        gone, _ = Event.objects.filter(expires_at__lt=now).delete()
    return gone


def at_work(holder: str) -> list[Activity]:
    """Return what a worker instance holds, canceling included."""
    return list(Activity.objects.filter(holder=holder, status__in=[*AT_WORK, CANCELING]).exclude(lease=None))
