"""Changing the data type of a column, without changing what its values say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from designer.errors import StepFailed

if TYPE_CHECKING:
    import polars

_TRUTHS = {"true": True, "yes": True, "t": True, "y": True, "1": True}
_TRUTHS |= {"false": False, "no": False, "f": False, "n": False, "0": False}
_FROM = {
    "string": ("string", "categorical", "integer", "float", "boolean", "datetime", "date", "time"),
    "integer": ("string", "categorical", "integer", "float", "boolean"),
    "float": ("string", "categorical", "integer", "float", "boolean"),
    "boolean": ("string", "categorical", "integer", "float", "boolean"),
    "datetime": ("string", "categorical", "datetime", "date"),
    "date": ("string", "categorical", "datetime", "date"),
}


def can_convert(source: str, target: str) -> bool:
    """Say whether columns of one data type can become another.

    Parameters
    ----------
    source, target : str
        Of ``designer.schema.DTYPES``.

    Returns
    -------
    bool
        True when there is a reading; single values may still not fit.

    Examples
    --------
    >>> can_convert("string", "date"), can_convert("integer", "date")
    (True, False)
    """
    return source in _FROM[target]


def convert(column: polars.Series, target: str, pattern: str = "", *, lenient: bool = False) -> polars.Series:
    """Give a column another data type.

    Parameters
    ----------
    column : polars.Series
        Column of a type from which there is a reading.
    target : {"string", "integer", "float", "boolean", "datetime", "date"}
        The type to give.
    pattern : str
        How texts write dates; ISO 8601 when empty.
    lenient : bool
        Make values missing that do not fit, instead of failing.

    Returns
    -------
    polars.Series
        Column of the same length and name.

    Raises
    ------
    StepFailed
        When a value does not fit, naming the first of them; or the pattern cannot be used.
    """
    import polars

    source = column
    if column.dtype in (polars.Categorical, polars.Enum):
        source = column.cast(polars.String)
    if source.dtype.is_float():
        # Not-a-number is how decimal numbers write a missing value.
        source = source.fill_nan(None) if target != "float" else source
    try:
        found = _READERS[target](source, pattern)
    except polars.exceptions.PolarsError as error:
        raise StepFailed(
            "invalid_format",
            f"The format {pattern!r} cannot be used for the column {column.name!r}: {str(error)[:300]}",
            fix="Write it like %d/%m/%Y %H:%M, or leave it empty for ISO 8601.",
            parameter="format",
            columns=[column.name],
        ) from error
    lost = found.is_null() & source.is_not_null()
    if not lenient and (count := int(lost.sum())):
        rows = lost.arg_true().head(5).to_list()
        values = ", ".join(repr(str(source[row])[:60]) for row in rows)
        raise StepFailed(
            "does_not_fit",
            f"{count:,} values of the column {column.name!r} cannot become {target}, for example {values}.",
            fix="Correct them, or make the values missing that do not fit.",
            parameter="dtype",
            columns=[column.name],
            rows=rows,
        )
    return found.alias(column.name)


def plain(column: polars.Series) -> polars.Series:
    """Return categories as texts; other columns as they are."""
    import polars

    return column.cast(polars.String) if column.dtype in (polars.Categorical, polars.Enum) else column


def _to_string(column: polars.Series, _: str) -> polars.Series:
    import polars

    return column.cast(polars.String)


def _to_integer(column: polars.Series, _: str) -> polars.Series:
    import polars

    if column.dtype.is_integer() and column.dtype != polars.UInt64:
        return column.cast(polars.Int64)
    if column.dtype == polars.String:
        text = column.str.strip_chars()
        whole = text.cast(polars.Int64, strict=False)
        # Also 12.0 and 1e3, but not 12.5; texts of whole numbers never pass through decimal ones.
        return whole.zip_with(whole.is_not_null(), _whole(text.cast(polars.Float64, strict=False)))
    if column.dtype.is_float():
        return _whole(column)
    return column.cast(polars.Int64, strict=False)


def _whole(column: polars.Series) -> polars.Series:
    import polars

    whole = column.cast(polars.Int64, strict=False)
    return whole.zip_with((column == column.floor()).fill_null(False), polars.Series([None], dtype=polars.Int64))


def _to_float(column: polars.Series, _: str) -> polars.Series:
    import polars

    if column.dtype == polars.String:
        column = column.str.strip_chars()
    return column.cast(polars.Float64, strict=False)


def _to_boolean(column: polars.Series, _: str) -> polars.Series:
    import polars

    if column.dtype == polars.Boolean:
        return column
    if column.dtype == polars.String:
        words = column.str.strip_chars().str.to_lowercase()
        return words.replace_strict(_TRUTHS, default=None, return_dtype=polars.Boolean)
    numbers = column.cast(polars.Float64)
    return numbers.replace_strict({1.0: True, 0.0: False}, default=None, return_dtype=polars.Boolean)


def _to_datetime(column: polars.Series, pattern: str) -> polars.Series:
    import polars

    if column.dtype == polars.String:
        return _parse(column, polars.Datetime("us"), pattern)
    return column if column.dtype == polars.Datetime else column.cast(polars.Datetime("us"))


def _to_date(column: polars.Series, pattern: str) -> polars.Series:
    import polars

    if column.dtype == polars.String:
        if pattern:
            return _parse(column, polars.Date, pattern)
        whole = _parse(column, polars.Date, "")
        return whole.zip_with(whole.is_not_null(), _parse(column, polars.Datetime("us"), "").cast(polars.Date))
    return column.cast(polars.Date)


def _parse(column: polars.Series, dtype: Any, pattern: str) -> polars.Series:
    import polars

    text = column.str.strip_chars()
    if pattern:
        found = text.str.strptime(dtype, pattern, strict=False)
        if dtype != polars.Date and found.null_count() > column.null_count():
            # A format without a time of day names the day alone.
            days = text.str.strptime(polars.Date, pattern, strict=False).cast(dtype)
            found = found.zip_with(found.is_not_null(), days)
        return found
    forms = ["%Y-%m-%d"]
    if dtype != polars.Date:
        forms = [
            "%Y-%m-%d %H:%M:%S%.f",
            "%Y-%m-%dT%H:%M:%S%.f",
            "%Y-%m-%d %H:%M",
            "%Y-%m-%dT%H:%M",
            "%Y-%m-%dT%H:%M:%S%.fZ",
        ]
    found = text.str.strptime(dtype, forms[0], strict=False)
    for form in forms[1:]:
        found = found.zip_with(found.is_not_null(), text.str.strptime(dtype, form, strict=False))
    if dtype != polars.Date:
        found = found.zip_with(
            found.is_not_null(), text.str.strptime(polars.Date, "%Y-%m-%d", strict=False).cast(dtype)
        )
    return found


_READERS = {
    "string": _to_string,
    "integer": _to_integer,
    "float": _to_float,
    "boolean": _to_boolean,
    "datetime": _to_datetime,
    "date": _to_date,
}
