"""Pages by cursor: stable while rows are added, cheap at any depth."""

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet

from studio.core.errors import InvalidInput

DEFAULT_LIMIT, MAX_LIMIT = 50, 200


@dataclass(frozen=True)
class Page:
    """One page of a list."""

    results: list[Any]
    next: str | None
    count: int


def whole_number(text: str | None, name: str, default: int, low: int, high: int) -> int:
    """Read a query argument that is a whole number in ``[low, high]``."""
    if text in (None, ""):
        return default
    try:
        value = int(str(text))
    except ValueError:
        raise InvalidInput(f"{name}={text!r} is not a whole number.") from None
    if not low <= value <= high:
        raise InvalidInput(f"{name} must lie between {low} and {high}, not {value}.")
    return value


def paginate(rows: QuerySet, query: Any, *, sort: str = "-created_at", allowed: set[str] | None = None) -> Page:
    """Return a page of ``rows`` as ``query`` asks (``cursor``, ``limit``, ``sort``).

    Parameters
    ----------
    rows : QuerySet
        All rows.
    query : Mapping
        Query arguments of the request.
    sort : str
        Order when none is asked for; a leading minus means descending.
    allowed : set of str
        Fields that may be asked for in ``sort``.

    Returns
    -------
    Page
        At most 200 rows, rows without a value last.

    Raises
    ------
    InvalidInput
        If a query argument cannot be used.
    """
    limit = whole_number(query.get("limit"), "limit", DEFAULT_LIMIT, 1, MAX_LIMIT)
    asked = query.get("sort") or sort
    field, descending = asked.lstrip("-"), asked.startswith("-")
    if field != sort.lstrip("-") and field not in (allowed or set()):
        choices = ", ".join(sorted({sort.lstrip("-")} | (allowed or set())))
        raise InvalidInput(f"Cannot sort by {field!r}. Choose one of {choices}.")
    count = rows.count()
    expression = F(field).desc(nulls_last=True) if descending else F(field).asc(nulls_last=True)
    ordered = rows.order_by(expression, "-pk" if descending else "pk")
    cursor = query.get("cursor")
    if cursor:
        ordered = ordered.filter(_after(field, descending, *_decode(cursor, asked)))
    page = list(ordered[: limit + 1])
    more = len(page) > limit
    page = page[:limit]
    following = _encode(asked, page[-1], field) if more else None
    return Page(page, following, count)


def _value(row: Any, field: str) -> Any:
    for name in field.split("__"):
        row = getattr(row, name) if row is not None else None
    return row


def _encode(asked: str, row: Any, field: str) -> str:
    value = _value(row, field)
    data = [asked, value.isoformat() if hasattr(value, "isoformat") else value, str(row.pk)]
    return base64.urlsafe_b64encode(json.dumps(data).encode()).decode().rstrip("=")


def _decode(cursor: str, asked: str) -> tuple[Any, str]:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        sort, value, key = json.loads(text)
    except (binascii.Error, ValueError, TypeError):
        raise InvalidInput("The cursor is not one that this list gave.") from None
    if sort != asked or not isinstance(key, str):
        raise InvalidInput("The cursor belongs to another order of this list.")
    return value, key


def _after(field: str, descending: bool, value: Any, key: str) -> Q:
    beyond = "lt" if descending else "gt"
    if value is None:
        return Q(**{f"{field}__isnull": True, f"pk__{beyond}": key})
    return (
        Q(**{f"{field}__{beyond}": value}) | Q(**{field: value, f"pk__{beyond}": key}) | Q(**{f"{field}__isnull": True})
    )
