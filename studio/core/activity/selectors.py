"""Reads about activities, events and lineage."""

import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Min, QuerySet

from studio.core import blobs
from studio.core.activity.models import Activity, Event, EventCounter, Link
from studio.core.activity.statuses import TERMINAL
from studio.core.errors import NotFound
from studio.core.workspaces.models import Member, Workspace


def activities(workspace: Workspace) -> QuerySet[Activity]:
    return Activity.objects.select_related("actor", "workspace").filter(workspace=workspace)


def activity(workspace: Workspace, activity_id: uuid.UUID) -> Activity:
    """Return one activity of a workspace (raises NotFound)."""
    found = activities(workspace).filter(pk=activity_id).first()
    if found is None:
        raise NotFound("There is no such activity in this workspace.")
    return found


def unread(member: Member) -> QuerySet[Activity]:
    """Return the member's own operations that ended since the bell was emptied."""
    rows = activities(member.workspace).filter(parent=None, actor=member.user, status__in=TERMINAL)
    if member.activities_read_at:
        rows = rows.filter(finished_at__gt=member.activities_read_at)
    return rows.order_by("-finished_at")


@dataclass(frozen=True)
class Replay:
    """Events after a cursor; ``resync`` when some of them are forgotten."""

    events: list[dict[str, Any]]
    seq: int
    resync: bool


def last_seq(workspace_id: uuid.UUID) -> int:
    found = EventCounter.objects.filter(workspace_id=workspace_id).values_list("seq", flat=True)
    return found.first() or 0


def events_after(workspace_id: uuid.UUID, after: int, limit: int = 500) -> Replay:
    """Return the events after a cursor, in order.

    Parameters
    ----------
    workspace_id : UUID
        Of which workspace.
    after : int
        Number of the last event the reader has applied.
    limit : int
        Most events in one answer.

    Returns
    -------
    Replay
        ``seq`` is the cursor to ask with next.
    """
    latest = last_seq(workspace_id)
    if after > latest:
        return Replay([], latest, True)  # a cursor from another life of this database
    rows = Event.objects.filter(workspace_id=workspace_id, seq__gt=after).order_by("seq")
    found = list(rows[:limit])
    oldest = None
    if after and (not found or found[0].seq != after + 1) and after < latest:
        # Short-lived events leave gaps behind; only a gap of lasting ones matters.
        oldest = Event.objects.filter(workspace_id=workspace_id).aggregate(low=Min("seq"))["low"]
        if oldest is None or oldest > after + 1:
            return Replay([], latest, True)
    seq = found[-1].seq if found else latest
    return Replay([to_json(event) for event in found], seq, False)


def to_json(event: Event) -> dict[str, Any]:
    return {
        "seq": event.seq,
        "type": event.type,
        "at": event.at.isoformat().replace("+00:00", "Z"),
        "payload": event.payload,
    }


def log_file(activity: Activity) -> Path | None:
    """Return the file that holds the log on this machine, if there is one."""
    if activity.log_digest:
        return blobs.local_path(activity.log_digest)
    if activity.log_path:
        path = settings.DATA / activity.log_path
        return path if path.exists() else None
    return None


@dataclass(frozen=True)
class LogPage:
    """A piece of a log; offsets are bytes."""

    text: str
    offset: int
    next_offset: int
    size_bytes: int
    complete: bool
    first_error: dict[str, Any] | None


_ERROR_MARKS = ("Traceback (most recent call last)", "Error:", "Exception:", "ERROR")


def log_page(activity: Activity, offset: int, limit: int) -> LogPage:
    """Return a piece of an activity's log, cut at whole lines where it can be.

    Parameters
    ----------
    activity : Activity
        Whose.
    offset : int
        First byte; negative counts from the end.
    limit : int
        Most bytes.
    """
    path = log_file(activity)
    if path is None:
        return LogPage("", 0, 0, 0, activity.is_finished, None)
    size = path.stat().st_size
    first = max(0, size + offset) if offset < 0 else min(offset, size)
    with path.open("rb") as file:
        file.seek(first)
        data = file.read(limit)
        if first + len(data) < size and b"\n" in data:
            data = data[: data.rindex(b"\n") + 1]
    error = _first_error(path) if activity.status == "failed" else None
    return LogPage(
        data.decode("utf-8", "replace"),
        first,
        first + len(data),
        size,
        activity.is_finished and first + len(data) >= size,
        error,
    )


def _first_error(path: Path) -> dict[str, Any] | None:
    with path.open("r", encoding="utf-8", errors="replace") as file:
        for number, line in enumerate(file, start=1):
            if any(mark in line for mark in _ERROR_MARKS):
                return {"line": number, "text": line.strip()[:500]}
            if number > 2_000_000:
                return None
    return None


def used_by(kind: str, ids: list[uuid.UUID]) -> QuerySet[Link]:
    """Return what the given things were used for."""
    return Link.objects.filter(source_kind=kind, source_id__in=ids).order_by("-created_at")


def made_by(kind: str, ids: list[uuid.UUID]) -> QuerySet[Link]:
    """Return what the given things came from."""
    return Link.objects.filter(target_kind=kind, target_id__in=ids).order_by("-created_at")
