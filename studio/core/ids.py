"""Identifiers: UUIDv7, so that the order of ids is the order of time."""

import uuid

from uuid_utils.compat import uuid7

__all__ = ["new_id", "parse_id"]


def new_id() -> uuid.UUID:
    """Return a new UUIDv7 (RFC 9562, section 5.7)."""
    return uuid7()


def parse_id(text: str) -> uuid.UUID | None:
    """Return the id that ``text`` spells, or None when it spells none."""
    try:
        return uuid.UUID(str(text))
    except (ValueError, AttributeError):
        return None
