"""Statistics of every column of a Parquet table. A leaf: no Django."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

from studio.datasets.duck import connect, describe, dtype_of, identifier, literal
from studio.datasets.tables import cell

BINS = 20
TOP = 10
# Exact up to here; beyond, distinct counts (HyperLogLog) and quartiles (t-digest) are estimates.
EXACT_ROWS = 200_000
_COLUMNS_AT_ONCE = 50
# Every query names every column of its file: of a wide and short table a copy of a few is asked.
_WIDE = 200
_COPIED_ROWS = 40_000
_NUMBERS = ("integer", "float")


def profile_table(
    path: Path,
    *,
    scratch: Path | None = None,
    progress: Callable[[float, str], None] = lambda value, phase: None,
) -> dict[str, Any]:
    """Profile a table.

    Parameters
    ----------
    path : Path
        Parquet file.
    scratch : Path or None
        Folder for what does not fit in memory.
    progress : callable
        Told a share in ``[0, 1]`` and the column at hand.

    Returns
    -------
    dict
        ``row_count``, ``column_count`` and for each column type, count,
        missing, unique, min, max, mean, sd, quartiles, a histogram of at most
        20 equal bins, the 10 most frequent values and notes.
    """
    connection = connect(scratch, memory="400MB")
    source = f"read_parquet({literal(str(path))})"
    try:
        described = describe(connection, path)
        if not described:
            return {"row_count": 0, "column_count": 0, "columns": []}
        rows = connection.execute(f"SELECT count(*) FROM {source}").fetchone()[0]
        columns: list[dict[str, Any]] = []
        wide = len(described) > _WIDE and rows <= _COPIED_ROWS
        for start in range(0, len(described), _COLUMNS_AT_ONCE):
            piece = [(row[0], dtype_of(row[1])) for row in described[start : start + _COLUMNS_AT_ONCE]]
            progress(start / max(1, len(described)), f"Column {start + 1} of {len(described)}")
            if wide:
                picked = ", ".join(identifier(name) for name, _ in piece)
                connection.execute(f"CREATE OR REPLACE TEMP TABLE piece AS SELECT {picked} FROM {source}")
            columns += _profile_columns(connection, "piece" if wide else source, piece, rows)
        return {"row_count": rows, "column_count": len(described), "columns": columns}
    finally:
        connection.close()


def _profile_columns(connection, source: str, piece, rows: int) -> list[dict[str, Any]]:
    expressions: list[str] = []
    for name, dtype in piece:
        expressions += _aggregates(identifier(name), dtype, rows)
    values = connection.execute(f"SELECT {', '.join(expressions)} FROM {source}").fetchone()
    answer, position = [], 0
    for name, dtype in piece:
        width = len(_aggregates(identifier(name), dtype, rows))
        answer.append(_column(connection, source, name, dtype, rows, values[position : position + width]))
        position += width
    return answer


def _finite(column: str, dtype: str) -> str:
    """Return the column without NaN and infinities, which no mean or histogram can hold."""
    return f"CASE WHEN isfinite({column}) THEN {column} END" if dtype == "float" else column


def _aggregates(column: str, dtype: str, rows: int) -> list[str]:
    exact = rows <= EXACT_ROWS
    distinct = f"count(DISTINCT {column})" if exact else f"approx_count_distinct({column})"
    found = [f"count({column})", distinct]
    if dtype in _NUMBERS:
        number = _finite(column, dtype)
        quantile = "quantile_cont" if exact else "approx_quantile"
        found += [
            f"min({number})",
            f"max({number})",
            f"avg({number})",
            f"stddev_samp(CAST({number} AS DOUBLE))",
            f"{quantile}(CAST({number} AS DOUBLE), [0.25, 0.5, 0.75])",
        ]
        if dtype == "float":
            found.append(f"count(*) FILTER ({column} IS NOT NULL AND NOT isfinite({column}))")
    elif dtype in ("date", "datetime", "time", "string", "categorical"):
        found += [f"min({column})", f"max({column})"]
    return found


def _column(connection, source, name, dtype, rows, values) -> dict[str, Any]:
    count, unique = values[0], min(values[1], values[0])
    column: dict[str, Any] = {
        "name": name,
        "dtype": dtype,
        "count": count,
        "missing": rows - count,
        "unique": unique,
        "unique_is_estimate": rows > EXACT_ROWS,
        "min": None,
        "max": None,
        "mean": None,
        "sd": None,
        "quartiles": None,
        "histogram": None,
        "top": [],
        "not_finite": 0,
        "notes": [],
    }
    if dtype in _NUMBERS:
        low, high, mean, sd, quartiles = values[2:7]
        column |= {
            "min": cell(low),
            "max": cell(high),
            "mean": cell(mean),
            "sd": cell(sd) if sd is None or math.isfinite(sd) else None,
            "quartiles": [cell(value) for value in quartiles] if quartiles else None,
            "not_finite": values[7] if dtype == "float" else 0,
        }
        if low is not None:
            column["histogram"] = _histogram(connection, source, name, dtype, float(low), float(high))
    elif len(values) > 2:
        column |= {"min": _short(cell(values[2])), "max": _short(cell(values[3]))}
    if count and (dtype not in _NUMBERS or unique <= 100):
        column["top"] = _top(connection, source, name)
    column["notes"] = _notes(column, rows)
    return column


def _short(value: Any) -> Any:
    # A null byte from a Parquet file cannot be stored by every database.
    return value[:200].replace("\x00", "\ufffd") if isinstance(value, str) else value


def _histogram(connection, source, name, dtype, low: float, high: float) -> dict[str, Any]:
    number = f"CAST({_finite(identifier(name), dtype)} AS DOUBLE)"
    if low == high:
        total = connection.execute(f"SELECT count({number}) FROM {source}").fetchone()[0]
        return {"edges": [low, high], "counts": [total]}
    bins = BINS
    if dtype == "integer" and high - low < BINS:
        # One bin a whole number, its edges halfway between.
        low, high, bins = low - 0.5, high + 0.5, int(high - low) + 1
    # Halving first keeps the widest range of doubles from overflowing.
    width = (high / 2 - low / 2) / bins * 2
    found = connection.execute(
        f"SELECT least({bins - 1}, CAST(floor(({number} / 2 - {low!r} / 2) / ({width!r} / 2)) AS INTEGER)) "
        f"AS bin, count(*) FROM {source} WHERE {number} IS NOT NULL GROUP BY bin"
    ).fetchall()
    counts = [0] * bins
    for bin_number, count in found:
        counts[max(0, bin_number)] += count
    return {"edges": [(low / 2 + width / 2 * i) * 2 for i in range(bins)] + [high], "counts": counts}


def _top(connection, source, name) -> list[dict[str, Any]]:
    column = identifier(name)
    found = connection.execute(
        f"SELECT {column}, count(*) AS n FROM {source} WHERE {column} IS NOT NULL "
        f"GROUP BY {column} ORDER BY n DESC, {column} LIMIT {TOP}"
    ).fetchall()
    return [{"value": _short(cell(value)), "count": count} for value, count in found]


def _notes(column: dict[str, Any], rows: int) -> list[str]:
    notes = []
    if rows and column["count"] == 0:
        notes.append("all_missing")
    elif column["unique"] == 1 and column["missing"] == 0:
        notes.append("constant")
    elif (
        not column["unique_is_estimate"]
        and column["unique"] == column["count"] > 1
        and column["dtype"] in ("string", "integer")
    ):
        notes.append("unique")
    if column["not_finite"]:
        notes.append("not_finite")
    return notes
