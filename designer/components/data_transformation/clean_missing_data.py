"""Fill in, or remove, what is missing."""

import math
from typing import Annotated, Literal, NamedTuple

from designer.component import component
from designer.errors import StepFailed
from designer.parameters import (
    ALL_COLUMNS,
    Choices,
    ColumnSelector,
    ColumnsOf,
    Group,
    Optional,
    Range,
    ShownWhen,
    Title,
)
from designer.schema import NUMERIC, TableSchema, select_columns
from designer.transforms import apply, missing_mask
from designer.types import Table, Transformation


class Cleaned(NamedTuple):
    """The cleaned table, and how it was cleaned."""

    dataset: Annotated[Table, Title("Cleaned dataset")]
    transformation: Annotated[Transformation, Title("Cleaning transformation")]


@component(
    family="Data transformation",
    synonyms=("impute", "fill missing", "null", "na", "nan", "drop missing rows"),
)
def clean_missing_data(
    dataset: Table,
    *,
    columns: Annotated[ColumnSelector, ColumnsOf("dataset"), Title("Columns to be cleaned")] = ALL_COLUMNS,
    min_ratio: Annotated[
        float, Range(0, 1, step=0.05), Title("Minimum missing value ratio"), Group("Which columns")
    ] = 0.0,
    max_ratio: Annotated[
        float, Range(0, 1, step=0.05), Title("Maximum missing value ratio"), Group("Which columns")
    ] = 1.0,
    mode: Annotated[
        Literal["custom", "mean", "median", "mode", "drop_row", "drop_column"],
        Title("Cleaning mode"),
        Choices(
            custom="Custom substitution value",
            mean="Replace with mean",
            median="Replace with median",
            mode="Replace with mode",
            drop_row="Remove entire row",
            drop_column="Remove entire column",
        ),
    ] = "custom",
    replacement: Annotated[str, ShownWhen(mode="custom"), Title("Replacement value"), Optional] = "0",
    all_missing: Annotated[
        Literal["keep", "remove"],
        ShownWhen(mode=("mean", "median", "mode")),
        Title("Columns with all values missing"),
        Choices(keep="Keep", remove="Remove"),
    ] = "keep",
    indicator: Annotated[bool, Title("Generate missing value indicator columns")] = False,
) -> Cleaned:
    """Fill in missing values, or remove the rows or columns that have them.

    Null counts as missing, and so does not-a-number in columns of decimal numbers. The same cleaning is
    applied to all columns you choose; use several nodes to clean columns in different ways.

    Parameters
    ----------
    dataset : Table
        Table to clean, of shape (n_rows, n_columns).
    columns : dict
        Columns to be cleaned.
    min_ratio : float in [0, 1]
        Clean only columns with at least this share of missing values.
    max_ratio : float in [0, 1]
        Clean only columns with at most this share of missing values.
    mode : {"custom", "mean", "median", "mode", "drop_row", "drop_column"}
        What to do. Mean and median apply to numeric columns and turn whole numbers into decimal ones; other
        columns are left as they are.
    replacement : str
        Value that takes the place of missing ones. It must fit the type of every column chosen.
    all_missing : {"keep", "remove"}
        What becomes of columns from which nothing can be learned because every value is missing.
    indicator : bool
        Add a column NAME_IsMissing for each chosen column.

    Returns
    -------
    dataset : Table
        The cleaned table.
    transformation : Transformation
        The same cleaning with the values found here, for use on other rows.

    Raises
    ------
    StepFailed
        When the replacement value does not fit the type of a column, or the ratios contradict each other.
    """
    transformation = Transformation(
        "clean_missing_data",
        _fit(dataset, columns, min_ratio, max_ratio, mode, replacement, all_missing, indicator),
    )
    return Cleaned(apply(transformation, dataset), transformation)


def _fit(table, columns, min_ratio, max_ratio, mode, replacement, all_missing, indicator):
    if min_ratio > max_ratio:
        raise StepFailed(
            "invalid_parameter",
            "The minimum missing value ratio is greater than the maximum.",
            fix="Make the minimum smaller.",
            parameter="min_ratio",
        )
    frame, schema = table.frame, table.schema
    selection = select_columns(schema, columns)
    if selection.unknown_included:
        raise StepFailed(
            "unknown_column",
            f"The table has no column {selection.unknown_included[0]!r}.",
            fix="Choose one of the columns that arrive.",
            parameter="columns",
            columns=selection.unknown_included,
        )
    names = selection.names
    counts = {}
    if names:
        counts = frame.select(missing_mask(name, frame.schema[name]).sum().alias(name) for name in names).row(
            0, named=True
        )
    rows = max(frame.height, 1)
    ratios = {name: (counts.get(name) or 0) / rows for name in names}
    names = [name for name in names if min_ratio <= ratios[name] <= max_ratio]
    state = {"mode": mode, "columns": names, "fills": {}, "dropped": [], "left": {}, "indicator": indicator}
    if mode == "drop_column":
        state["dropped"] = [name for name in names if ratios[name] > 0]
        state["columns"] = [] if not indicator else names
    elif mode == "custom":
        for name in names:
            state["fills"][name] = _fit_replacement(schema[name], replacement, bool(counts[name]), state)
        state["fills"] = {name: value for name, value in state["fills"].items() if value is not None}
    elif mode in ("mean", "median", "mode"):
        for name in names:
            _learn(frame, schema[name], mode, ratios[name] == 1, all_missing, state)
    return state


def _fit_replacement(column, text, is_needed, state):
    """Return the replacement as JSON for a column's type; a column that needs none may stay as it is."""
    try:
        if column.dtype == "integer":
            return int(text)
        if column.dtype == "float":
            return float(text)
        if column.dtype == "boolean":
            return {"true": True, "false": False, "1": True, "0": False}[text.strip().lower()]
        if column.dtype in ("string", "categorical"):
            return text
        raise ValueError(column.dtype)
    except (ValueError, KeyError) as error:
        if not is_needed:
            state["left"][column.name] = "nothing is missing, and the replacement value does not fit its type"
            return None
        raise StepFailed(
            "replacement_type",
            f"The replacement value {text!r} does not fit the column {column.name!r}, which is {column.dtype}.",
            fix="Choose a value of that type, or clean this column in a node of its own.",
            parameter="replacement",
            columns=[column.name],
        ) from error


def _learn(frame, column, mode, is_empty, all_missing, state):
    import polars

    name = column.name
    if mode != "mode" and column.dtype not in NUMERIC:
        state["left"][name] = f"it is {column.dtype}, so it has no {mode}"
        return
    present = frame.get_column(name).drop_nulls()
    if present.dtype.is_float():
        present = present.drop_nans()
    if present.is_empty():
        if is_empty and all_missing == "remove" and frame.height:
            state["dropped"].append(name)
        else:
            state["left"][name] = "every value is missing"
        return
    if mode == "mean":
        value = float(present.cast(polars.Float64).mean())
    elif mode == "median":
        value = float(present.cast(polars.Float64).median())
    else:
        # Of several values that are equally frequent, the smallest; so the answer does not depend on the order.
        value = present.mode().sort()[0]
        if column.dtype == "other" or column.dtype == "duration":
            state["left"][name] = f"it is {column.dtype}, so it has no mode"
            return
        if column.dtype in ("datetime", "date", "time"):
            value = present.mode().sort().dt.to_string("iso")[0]
    if isinstance(value, float) and not math.isfinite(value):
        raise StepFailed(
            "infinite_values",
            f"The column {name!r} has infinite values, so its {mode} is no number to fill in.",
            fix="Replace the infinite values first, or leave this column out.",
            port="dataset",
            columns=[name],
            rows=frame.get_column(name).is_infinite().fill_null(False).arg_true().head(5).to_list(),
        )
    state["fills"][name] = value


@clean_missing_data.schema
def _(dataset: TableSchema | None, *, columns, mode, indicator, all_missing, min_ratio, max_ratio, **_) -> tuple:
    if dataset is None or mode == "drop_column" or (mode in ("mean", "median", "mode") and all_missing == "remove"):
        return None, None
    if (min_ratio, max_ratio) != (0, 1) and (indicator or mode in ("mean", "median")):
        return None, None
    names = select_columns(dataset, columns).names

    def rule(other: TableSchema) -> TableSchema:
        if mode in ("mean", "median"):
            other = other.with_dtype(
                [name for name in names if name in other and other[name].dtype == "integer"], "float"
            )
        for name in names if indicator else ():
            other = other.with_column(f"{name}_IsMissing", "boolean")
        return other

    return rule(dataset), {"rule": rule}
