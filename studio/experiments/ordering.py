"""The orders in which clients may ask for runs."""

from collections.abc import Mapping
from typing import Any

from django.db.models import F, FloatField, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from studio.core.errors import InvalidInput
from studio.experiments.models import Run


def ordered(rows: QuerySet[Run], query: Any, fields: Mapping[str, str]) -> QuerySet[Run]:
    """Translate the order a client asks for into fields of the table.

    Parameters
    ----------
    rows : QuerySet
        Runs.
    query : QueryDict
        The request's arguments; ``sort`` becomes the field to sort by.
    fields : mapping
        Name for clients to field.

    Returns
    -------
    QuerySet
        With the annotation that the order needs.

    Raises
    ------
    InvalidInput
        If there is no such order.
    """
    asked = query.get("sort")
    if not asked:
        return rows
    minus, name = "-" * asked.startswith("-"), asked.lstrip("-")
    if name == "duration_s":
        rows = rows.annotate(sorted=F("activity__finished_at") - F("activity__started_at"))
        query["sort"] = f"{minus}sorted"
    elif name.startswith("metrics."):
        metric = KeyTextTransform(name.removeprefix("metrics."), "summary")
        rows = rows.annotate(sorted=Cast(metric, FloatField()))
        query["sort"] = f"{minus}sorted"
    elif name in fields:
        query["sort"] = minus + fields[name]
    else:
        raise InvalidInput(f"Cannot sort by {name!r}. Choose one of {', '.join(fields)}, duration_s, metrics.NAME.")
    return rows
