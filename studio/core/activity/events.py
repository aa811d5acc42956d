"""What this app tells, and how every app's announcements become numbered events."""

import uuid
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from studio.core.activity import bell
from studio.core.activity.models import Activity, Event, EventCounter
from studio.core.units import Announcement, announce


def write(announcements: list[Announcement]) -> None:
    """Number and store the announcements of one unit, just before its commit.

    Notes
    -----
    The counter row is the lock: whoever commits later gets later numbers, so a
    reader that has seen number n has seen everything up to n.
    """
    now = timezone.now()
    by_workspace: dict[uuid.UUID, list[Announcement]] = {}
    for item in announcements:
        by_workspace.setdefault(item.workspace, []).append(item)
    # A fixed order of locks keeps two units from waiting for each other.
    for workspace, items in sorted(by_workspace.items()):
        rows = EventCounter.objects.filter(workspace_id=workspace)
        if not rows.update(seq=F("seq") + len(items)):
            EventCounter.objects.get_or_create(workspace_id=workspace)
            rows.update(seq=F("seq") + len(items))
        last = rows.values_list("seq", flat=True).get()
        Event.objects.bulk_create(
            Event(
                workspace_id=workspace,
                seq=last - len(items) + 1 + index,
                type=item.type,
                payload=item.payload,
                at=now,
                expires_at=now + _keep(item),
            )
            for index, item in enumerate(items)
        )
        transaction.on_commit(lambda workspace=workspace: bell.ring(workspace))


def _keep(item: Announcement) -> timedelta:
    seconds = settings.EPHEMERAL_EVENT_RETENTION_S if item.ephemeral else settings.EVENT_RETENTION_S
    return timedelta(seconds=seconds)


def announce_change(activity: Activity, *, previous: str, details: dict[str, Any] | None = None) -> None:
    """Tell of a move (``activity.changed``)."""
    payload = {
        "id": str(activity.pk),
        "kind": activity.kind,
        "title": activity.title,
        "status": activity.status,
        "previous": previous,
        "phase": activity.phase,
        "progress": activity.progress,
        "attempt": activity.attempt,
        "wait_reason": activity.wait_reason or None,
        "parent": str(activity.parent_id) if activity.parent_id else None,
        "node": activity.context.get("node"),
        "subject": subject(activity),
        "started_at": _iso(activity.started_at),
        "finished_at": _iso(activity.finished_at),
        "failure_title": (activity.failure or {}).get("title"),
        "reused_from": None,
        **(details or {}),
    }
    announce(activity.workspace_id, "activity.changed", payload)


def announce_progress(activity: Activity, *, progress: float | None, phase: str) -> None:
    """Tell how far it is (``activity.progressed``), forgotten after an hour."""
    announce(
        activity.workspace_id,
        "activity.progressed",
        {**_place(activity), "progress": progress, "phase": phase},
        ephemeral=True,
    )


def announce_log(activity: Activity, *, offset: int, text: str) -> None:
    """Tell new log text (``activity.logged``); ``offset`` is its first byte in the log."""
    announce(
        activity.workspace_id,
        "activity.logged",
        {**_place(activity), "offset": offset, "text": text},
        ephemeral=True,
    )


def _place(activity: Activity) -> dict[str, Any]:
    return {
        "id": str(activity.pk),
        "parent": str(activity.parent_id) if activity.parent_id else None,
        "node": activity.context.get("node"),
    }


def subject(activity: Activity) -> dict[str, Any] | None:
    """Return what the activity is about."""
    if not activity.subject_kind:
        return None
    return {
        "kind": activity.subject_kind,
        "id": str(activity.subject_id),
        "name": activity.subject_name,
    }


def _iso(moment) -> str | None:
    return moment.isoformat().replace("+00:00", "Z") if moment else None
