"""One change and its announcement are one act.

``unit()`` is the only door to a transaction. Whatever is announced inside it is
gathered and handed to the sink just before the outermost commit, so an event
and the change it tells of are kept or lost together. The sink is the activity
app's event table; it registers itself, because nothing here may look upward.
"""

import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import transaction


@dataclass(frozen=True)
class Announcement:
    """Something that changed in a workspace, before it has a number."""

    workspace: uuid.UUID
    type: str
    payload: dict[str, Any]
    ephemeral: bool = False


Sink = Callable[[list[Announcement]], None]
_state = threading.local()
_sink: Sink | None = None


def set_sink(sink: Sink) -> None:
    """Say where announcements are written."""
    global _sink
    _sink = sink


@contextmanager
def unit() -> Iterator[None]:
    """Open a transaction, or join the one that is open.

    Notes
    -----
    Leaving the outermost unit writes all announcements in one go; a failure in
    between undoes the change and forgets its announcements.
    """
    pending: list[Announcement] | None = getattr(_state, "pending", None)
    if pending is not None:
        mark = len(pending)
        try:
            with transaction.atomic():
                yield
        except BaseException:
            del pending[mark:]
            raise
        return
    _state.pending = gathered = []
    try:
        with transaction.atomic():
            yield
            if gathered and _sink is not None:
                _sink(gathered)
    finally:
        _state.pending = None


def announce(workspace: uuid.UUID, type: str, payload: dict[str, Any], *, ephemeral: bool = False) -> None:
    """Tell of a change, inside the unit that makes it.

    Parameters
    ----------
    workspace : UUID
        Whose members hear of it.
    type : str
        ``app.noun_verbed``.
    payload : dict
        JSON.
    ephemeral : bool
        Forget it after an hour: its data lives elsewhere.

    Raises
    ------
    RuntimeError
        If no unit is open.
    """
    pending = getattr(_state, "pending", None)
    if pending is None:
        raise RuntimeError(f"{type} was announced outside a unit().")
    pending.append(Announcement(workspace, type, payload, ephemeral))
