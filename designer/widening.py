"""The data type that holds the values of two columns without losing any."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars

_UNITS = ("ms", "us", "ns")
_PAIRS = {
    frozenset(("integer", "float")): "float",
    frozenset(("string", "categorical")): "string",
    frozenset(("date", "datetime")): "datetime",
}


def common_word(first: str, second: str) -> str | None:
    """Return the studio's word for the type that holds both.

    Parameters
    ----------
    first, second : str
        Of ``designer.schema.DTYPES``.

    Returns
    -------
    str or None
        None when there is none, or when it cannot be told without the data.

    Examples
    --------
    >>> common_word("integer", "float"), common_word("integer", "string")
    ('float', None)
    """
    if first == second:
        return first
    return _PAIRS.get(frozenset((first, second)))


def common_dtype(first: polars.DataType, second: polars.DataType) -> Any:
    """Return the polars type that holds the values of both.

    Numbers widen; dates become date and time; categories become texts. Whole numbers stay whole: beside signed
    ones, unsigned ones of 64 bits become signed ones of 64 bits, in which not every value may fit.

    Parameters
    ----------
    first, second : polars.DataType
        Types of two columns.

    Returns
    -------
    polars.DataType or None
        None when texts, numbers and times would be mixed.
    """
    import polars

    if first == second:
        return first
    if first == polars.Null or second == polars.Null:
        return second if first == polars.Null else first
    if first.is_numeric() and second.is_numeric():
        return _common_number(first, second)
    texts = (polars.String, polars.Categorical, polars.Enum)
    bases = {first.base_type(), second.base_type()}
    if bases <= set(texts):
        return polars.String if polars.String in bases else polars.Categorical
    if bases == {polars.Date, polars.Datetime}:
        return second if first == polars.Date else first
    if bases == {polars.Datetime} and first.time_zone == second.time_zone:  # type: ignore[attr-defined]
        return polars.Datetime(_finer(first, second), first.time_zone)  # type: ignore[attr-defined]
    if bases == {polars.Duration}:
        return polars.Duration(_finer(first, second))
    return None


def _common_number(first: polars.DataType, second: polars.DataType) -> Any:
    import polars

    if not (first.is_integer() and second.is_integer()):
        return polars.Float64
    if first.is_signed_integer() == second.is_signed_integer():
        return max(first, second, key=lambda dtype: _bits(dtype))
    signed, unsigned = (first, second) if first.is_signed_integer() else (second, first)
    wanted = max(_bits(signed), 2 * _bits(unsigned))
    return {16: polars.Int16, 32: polars.Int32, 64: polars.Int64}.get(
        wanted, polars.Int64 if _bits(signed) <= 64 else polars.Int128
    )


def _bits(dtype: polars.DataType) -> int:
    return int("".join(letter for letter in str(dtype) if letter.isdigit()))


def _finer(first: Any, second: Any) -> Any:
    return max(first.time_unit, second.time_unit, key=_UNITS.index)
