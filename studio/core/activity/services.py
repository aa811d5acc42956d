"""Verbs on activities: start, cancel, keep the log, link."""

import uuid
from pathlib import Path
from typing import Any

from django.conf import settings

from studio.core import blobs
from studio.core.activity import events, lifecycle
from studio.core.activity.models import Activity, Event, Link
from studio.core.activity.statuses import AT_WORK, CANCELING, TERMINAL
from studio.core.errors import IllegalMove
from studio.core.queue import enqueue
from studio.core.units import unit
from studio.core.workspaces.models import User, Workspace

__all__ = ["cancel", "create", "forget_events", "keep_log", "link", "start"]


def create(
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
    """Make an activity that has not started.

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
        In state ``not_started``.
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
    with unit():
        activity.save(force_insert=True)
        events.announce_change(activity, previous="")
    return activity


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


def tell_log_path(activity: Activity, path: Path) -> None:
    """Say where the log of work in progress lies, a path below the data folder."""
    activity.log_path = str(path.relative_to(settings.DATA))
    with unit():
        Activity.objects.filter(pk=activity.pk).update(log_path=activity.log_path)


def tell_why_it_waits(activity_id: uuid.UUID, reason: str) -> None:
    """Say why an activity does not go on."""
    with unit():
        Activity.objects.filter(pk=activity_id).update(wait_reason=reason[:300])


def show_progress(activity: Activity, progress: float, phase: str) -> None:
    """Show how far an activity without a worker is, such as a pipeline; nothing when unchanged."""
    if activity.progress == progress:
        return
    with unit():
        Activity.objects.filter(pk=activity.pk).update(progress=progress)
        events.announce_progress(activity, progress=progress, phase=phase)


def keep_log(activity: Activity, path: Path) -> None:
    """Keep the log of an ended activity as a blob."""
    if not path.exists() or path.stat().st_size == 0:
        return
    blob = blobs.put_file(path)
    with unit():
        blobs.refer("activity", activity.pk, "log", blob.digest)
        Activity.objects.filter(pk=activity.pk).update(log_digest=blob.digest)


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


def forget_events(*, now) -> int:
    """Delete events whose time is over; returns how many."""
    with unit():
        gone, _ = Event.objects.filter(expires_at__lt=now).delete()
    return gone


def at_work(holder: str) -> list[Activity]:
    """Return what a worker instance holds, canceling included."""
    return list(Activity.objects.filter(holder=holder, status__in=[*AT_WORK, CANCELING]).exclude(lease=None))
