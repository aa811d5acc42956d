"""Points of metrics: appended in batches, read as series. Nobody else knows the layout.

A step may be absent: it is kept as NaN in the array and comes back as None.
"""

import math
import struct
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import transaction

from studio.experiments.models import Chunk, Series, Writer

CHUNK_POINTS = 4096


@dataclass(frozen=True)
class Point:
    """One value of a metric; ``step`` is None when none was given."""

    name: str
    value: float
    step: int | None
    at: datetime


def append(
    run: uuid.UUID, writer: str, number: int, points: Iterable[Point], numbers: Iterable[int] | None = None
) -> list[Point]:
    """Store a batch once.

    Parameters
    ----------
    run : UUID
        Whose metrics.
    writer : str
        Who writes, such as ``"spool-1"`` for the first attempt's spool.
    number : int
        Highest number in the batch; a batch at or below the last stored number
        of this writer is ignored.
    points : iterable of Point
        In order.
    numbers : iterable of int, optional
        The number of each point, when batches may overlap: those stored before are left out.

    Returns
    -------
    list of Point
        What was stored; empty when all of it was before.
    """
    given = list(points)
    with transaction.atomic(using="metrics"):
        Writer.objects.get_or_create(run=run, writer=writer, defaults={"number": -1})
        row = Writer.objects.select_for_update().get(run=run, writer=writer)
        if row.number >= number:
            return []
        Writer.objects.filter(pk=row.pk).update(number=number)
        if numbers is not None:
            given = [point for point, own in zip(given, numbers, strict=True) if own > row.number]
        batches: dict[str, list[Point]] = {}
        for point in given:
            batches.setdefault(point.name, []).append(point)
        for name, batch in batches.items():
            _append_series(run, name, batch)
    return given


def _append_series(run: uuid.UUID, name: str, batch: list[Point]) -> None:
    series, _ = Series.objects.get_or_create(run=run, name=name[:250])
    last = series.chunks.order_by("-first").first()
    if last is not None and last.count < CHUNK_POINTS:
        kept = _unpack(name, last)
        taken = batch[: CHUNK_POINTS - last.count]
        batch_rest = batch[len(taken) :]
        _store(last, kept + taken)
    else:
        batch_rest = batch
    first = series.count + len(batch) - len(batch_rest)
    for start in range(0, len(batch_rest), CHUNK_POINTS):
        piece = batch_rest[start : start + CHUNK_POINTS]
        _store(Chunk(series=series, first=first + start), piece)
    final = batch[-1]
    Series.objects.filter(pk=series.pk).update(
        count=series.count + len(batch),
        last_value=final.value if math.isfinite(final.value) else None,
        last_special=_special(final.value),
        last_step=final.step,
        last_at=final.at,
    )


def _special(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return ""


def _store(chunk: Chunk, points: list[Point]) -> None:
    finite = [point.value for point in points if math.isfinite(point.value)]
    count = len(points)
    chunk.count = count
    chunk.low = min(finite, default=None)
    chunk.high = max(finite, default=None)
    chunk.data = struct.pack(
        f"<{3 * count}d",
        *(point.value for point in points),
        *(math.nan if point.step is None else float(point.step) for point in points),
        *(point.at.timestamp() for point in points),
    )
    chunk.save()


def _unpack(name: str, chunk: Chunk) -> list[Point]:
    count = chunk.count
    numbers = struct.unpack(f"<{3 * count}d", bytes(chunk.data))
    return [
        Point(
            name,
            numbers[i],
            None if math.isnan(numbers[count + i]) else int(numbers[count + i]),
            datetime.fromtimestamp(numbers[2 * count + i], UTC),
        )
        for i in range(count)
    ]


def json_number(value: float | None, special: str = "") -> float | str | None:
    """Return a number as JSON can carry it: NaN and the infinities as their names."""
    if special:
        return special
    if value is None:
        return None
    return _special(value) or value


def series_of(runs: list[uuid.UUID]) -> list[Series]:
    """Return the series of some runs, by name."""
    return list(Series.objects.filter(run__in=runs).order_by("name", "run"))


def points_of(series: Series, limit: int = 2000) -> tuple[list[Point], int]:
    """Return a series' points, thinned to ``limit`` keeping each bucket's extremes.

    Returns
    -------
    tuple of list of Point and int
        The points, and how many there are in all.
    """
    points = [point for chunk in series.chunks.order_by("first") for point in _unpack(series.name, chunk)]
    return thin(points, limit), series.count


def thin(points: list[Point], limit: int) -> list[Point]:
    """Keep first, last and each bucket's lowest and highest point (M4 without the edges)."""
    if len(points) <= limit:
        return points
    buckets = max(1, (limit - 2) // 2)
    size = len(points) / buckets
    kept: set[int] = {0, len(points) - 1}
    for bucket in range(buckets):
        low, high = int(bucket * size), int((bucket + 1) * size)
        finite = [i for i in range(low, high) if math.isfinite(points[i].value)]
        if finite:
            kept.add(min(finite, key=lambda i: points[i].value))
            kept.add(max(finite, key=lambda i: points[i].value))
    return [points[i] for i in sorted(kept)]


def forget(runs: list[uuid.UUID]) -> None:
    """Delete all points of some runs."""
    with transaction.atomic(using="metrics"):
        Series.objects.filter(run__in=runs).delete()
        Writer.objects.filter(run__in=runs).delete()
