"""Bring values that lie too far out back to a limit."""

from typing import Annotated, Literal, NamedTuple

from designer.component import SchemaFault, component
from designer.errors import StepFailed
from designer.parameters import NUMERIC_COLUMNS, Choices, ColumnSelector, ColumnsOf, Range, ShownWhen, Title
from designer.picking import chosen_columns, expect_dtypes
from designer.schema import NUMERIC, TableSchema, select_columns
from designer.transforms import apply
from designer.types import Table, Transformation

Substitute = Literal["threshold", "mean", "median", "missing"]
_SUBSTITUTES = Choices(threshold="Threshold", mean="Mean", median="Median", missing="Missing")
_PEAKS = ("peaks", "both")
_SUBPEAKS = ("subpeaks", "both")


class Clipped(NamedTuple):
    """The clipped table, and the limits."""

    dataset: Annotated[Table, Title("Clipped dataset")]
    transformation: Annotated[Transformation, Title("Clipping transformation")]


@component(family="Data transformation", synonyms=("outliers", "winsorize", "cap", "limit", "threshold", "peaks"))
def clip_values(
    dataset: Table,
    *,
    clip: Annotated[
        Literal["peaks", "subpeaks", "both"],
        Title("Set of thresholds"),
        Choices(peaks="Clip peaks", subpeaks="Clip subpeaks", both="Clip peaks and subpeaks"),
    ] = "both",
    by: Annotated[
        Literal["constant", "percentile"],
        Title("Thresholds"),
        Choices(constant="Constants", percentile="Percentiles"),
    ] = "percentile",
    upper: Annotated[float, ShownWhen(clip=_PEAKS, by="constant"), Title("Upper threshold")] = 1.0,
    lower: Annotated[float, ShownWhen(clip=_SUBPEAKS, by="constant"), Title("Lower threshold")] = 0.0,
    upper_percentile: Annotated[
        float, Range(0, 100), ShownWhen(clip=_PEAKS, by="percentile"), Title("Upper percentile")
    ] = 99.0,
    lower_percentile: Annotated[
        float, Range(0, 100), ShownWhen(clip=_SUBPEAKS, by="percentile"), Title("Lower percentile")
    ] = 1.0,
    peak_substitute: Annotated[
        Substitute, ShownWhen(clip=_PEAKS), Title("Substitute value for peaks"), _SUBSTITUTES
    ] = "threshold",
    subpeak_substitute: Annotated[
        Substitute, ShownWhen(clip=_SUBPEAKS), Title("Substitute value for subpeaks"), _SUBSTITUTES
    ] = "threshold",
    columns: Annotated[ColumnSelector, ColumnsOf("dataset"), Title("Columns to clip")] = NUMERIC_COLUMNS,
    overwrite: Annotated[bool, Title("Overwrite the columns")] = True,
    indicator: Annotated[bool, Title("Add indicator columns")] = False,
) -> Clipped:
    """Replace values above an upper threshold, below a lower one, or both.

    Values that equal a threshold stay. Missing values and not-a-number are left out when thresholds and
    substitutes are learned, and stay missing.

    Parameters
    ----------
    dataset : Table
        Table to clip, of shape (n_rows, n_columns).
    clip : {"peaks", "subpeaks", "both"}
        Whether to replace values that are too high, too low, or both.
    by : {"constant", "percentile"}
        Give the thresholds as numbers, or as percentiles of each column.
    upper : float
        Values above it are peaks.
    lower : float
        Values below it are subpeaks.
    upper_percentile : float in [0, 100]
        Values above this percentile are peaks.
    lower_percentile : float in [0, 100]
        Values below this percentile are subpeaks.
    peak_substitute : {"threshold", "mean", "median", "missing"}
        What takes the place of a peak; mean and median are those of the whole column before clipping.
    subpeak_substitute : {"threshold", "mean", "median", "missing"}
        What takes the place of a subpeak.
    columns : dict
        Numeric columns to clip; they become decimal numbers.
    overwrite : bool
        Change the columns in their place. When off, the clipped values are in new columns COLUMN_clipped.
    indicator : bool
        Add columns COLUMN_IsClipped that say which values were replaced.

    Returns
    -------
    dataset : Table
        The table with clipped values.
    transformation : Transformation
        The thresholds and substitutes found here, for use on other rows.

    Raises
    ------
    StepFailed
        When a column does not exist or is not numeric, the lower threshold is above the upper one, or a substitute is
        not finite.
    """
    names = chosen_columns(dataset, columns, dtypes=NUMERIC, work="clipped")
    high, low = (upper, lower) if by == "constant" else (upper_percentile, lower_percentile)
    if clip == "both" and low > high:
        raise StepFailed("invalid_parameter", _CROSSED, fix=_CROSSED_FIX, parameter=_named("lower", by))
    fitted = {}
    for name in names:
        column = dataset.frame.get_column(name)
        found = {}
        for side, limit, chosen, substitute in (
            ("upper", high, clip in _PEAKS, peak_substitute),
            ("lower", low, clip in _SUBPEAKS, subpeak_substitute),
        ):
            threshold = _threshold(column, limit, by) if chosen else None
            found[side] = threshold
            found[f"{side}_substitute"] = None if threshold is None else _substitute(column, threshold, substitute)
        fitted[name] = found
    transformation = Transformation("clip_values", {"columns": fitted, "overwrite": overwrite, "indicator": indicator})
    return Clipped(apply(transformation, dataset), transformation)


_CROSSED = "The lower threshold is above the upper one."
_CROSSED_FIX = "Make the lower threshold smaller."


def _named(side, by):
    return side if by == "constant" else f"{side}_percentile"


def _present(column):
    import polars

    return column.cast(polars.Float64).fill_nan(None).drop_nulls()


def _threshold(column, limit, by):
    if by == "constant":
        return float(limit)
    found = _present(column).quantile(limit / 100, interpolation="linear")
    return None if found is None else _finite(column, found, f"percentile {limit:g}")


def _substitute(column, threshold, substitute):
    if substitute == "missing":
        return None
    if substitute == "threshold":
        return threshold
    value = getattr(_present(column), substitute)()
    return None if value is None else _finite(column, value, substitute)


def _finite(column, value, what):
    import math

    import polars

    if not math.isfinite(value):
        raise StepFailed(
            "infinite_values",
            f"The {what} of the column {column.name!r} is not finite, because it has infinite values.",
            fix="Clip by constants, or replace the infinite values first.",
            port="dataset",
            columns=[column.name],
            rows=column.cast(polars.Float64).is_infinite().fill_null(False).arg_true().head(5).to_list(),
        )
    return float(value)


@clip_values.schema
def _(dataset: TableSchema | None, *, clip, by, columns, overwrite, indicator, **values) -> tuple:
    low, high = values[_named("lower", by)], values[_named("upper", by)]
    if clip == "both" and low > high:
        raise SchemaFault("invalid_parameter", _CROSSED, fix=_CROSSED_FIX, parameter=_named("lower", by))
    if dataset is None:
        return None, None
    names = select_columns(dataset, columns).names
    expect_dtypes(dataset, names, NUMERIC, work="clipped")

    def rule(other: TableSchema) -> TableSchema:
        for name in names:
            if not overwrite:
                other = other.with_column(f"{name}_clipped", "float")
            elif name in other:
                column = other[name]
                other = other.with_column(name, "float", role=column.role, categorical=column.categorical)
        for name in names if indicator else ():
            other = other.with_column(f"{name}_IsClipped", "boolean")
        return other

    return rule(dataset), {"rule": rule}
