"""Turn numbers into the bins they fall in."""

from typing import Annotated, Literal, NamedTuple

from designer.binning import numbers, quantile_cuts, width_cuts
from designer.component import SchemaFault, component
from designer.errors import StepFailed
from designer.parameters import (
    NUMERIC_COLUMNS,
    Choices,
    ColumnSelector,
    ColumnsOf,
    NumberList,
    Placeholder,
    Range,
    ShownWhen,
    Title,
)
from designer.picking import chosen_columns, expect_dtypes
from designer.schema import NUMERIC, TableSchema, select_columns
from designer.transforms import apply
from designer.types import Table, Transformation


class Binned(NamedTuple):
    """The table with bins, and their edges."""

    dataset: Annotated[Table, Title("Quantized dataset")]
    transformation: Annotated[Transformation, Title("Binning transformation")]


@component(
    family="Data transformation",
    title="Group Data into Bins",
    synonyms=("discretize", "quantize", "cut", "qcut", "histogram", "buckets"),
)
def group_data_into_bins(
    dataset: Table,
    *,
    mode: Annotated[
        Literal["quantiles", "width", "edges"],
        Title("Binning mode"),
        Choices(quantiles="Quantiles", width="Equal width", edges="Custom edges"),
    ] = "quantiles",
    bins: Annotated[int, Range(1, 1000), ShownWhen(mode=("quantiles", "width")), Title("Number of bins")] = 10,
    edges: Annotated[NumberList, ShownWhen(mode="edges"), Title("Bin edges"), Placeholder("0, 18, 65")] = [],  # noqa: B006
    columns: Annotated[ColumnSelector, ColumnsOf("dataset"), Title("Columns to bin")] = NUMERIC_COLUMNS,
    value: Annotated[
        Literal["index", "interval", "share", "percent"],
        Title("Value of a bin"),
        Choices(
            index="Number of the bin", interval="Interval as text", share="Share from 0 to 1", percent="Percentage"
        ),
    ] = "index",
    output: Annotated[
        Literal["append", "replace", "only"],
        Title("Output mode"),
        Choices(append="Append new columns", replace="Replace the columns", only="Bins only"),
    ] = "append",
    categorical: Annotated[bool, Title("Tag columns as categorical")] = True,
) -> Binned:
    """Replace numbers by the bin they fall in.

    A bin is open below and closed above: a value that equals an edge is in the bin below it. The first bin has no
    lower end and the last no upper one. Missing values and not-a-number stay missing.

    Parameters
    ----------
    dataset : Table
        Table to bin, of shape (n_rows, n_columns).
    mode : {"quantiles", "width", "edges"}
        Quantiles put equally many rows in each bin; Equal width divides the range from the least value to the
        greatest; Custom edges are yours.
    bins : int in [1, 1000]
        How many bins. There are fewer where values repeat so often that edges coincide.
    edges : list of float
        Ascending numbers between the bins; n edges make n + 1 bins.
    columns : dict
        Numeric columns to bin.
    value : {"index", "interval", "share", "percent"}
        What stands for a bin: its number from 1, its interval as a text, or its number as a share or percentage of
        the number of bins.
    output : {"append", "replace", "only"}
        New columns are called COLUMN_bin; Bins only leaves every other column out.
    categorical : bool
        Mark the bins as categories, so that learning algorithms do not take them for amounts.

    Returns
    -------
    dataset : Table
        The table with bins.
    transformation : Transformation
        The edges found here, for use on other rows.

    Raises
    ------
    StepFailed
        When a column does not exist, is not numeric or has infinite values to learn edges from, edges do not ascend,
        or a new name is taken.
    """
    names = chosen_columns(dataset, columns, dtypes=NUMERIC, work="binned")
    if mode == "edges" and (wrong := _wrong_edges(edges)):
        raise StepFailed("invalid_parameter", wrong, fix="Write ascending numbers.", parameter="edges")
    cuts = {}
    for name in names:
        if mode == "edges":
            cuts[name] = [float(edge) for edge in edges]
        else:
            learn = quantile_cuts if mode == "quantiles" else width_cuts
            cuts[name] = learn(_finite(dataset.frame.get_column(name)), bins)
    state = {"cuts": cuts, "value": value, "output": output, "categorical": categorical}
    transformation = Transformation("group_data_into_bins", state)
    return Binned(apply(transformation, dataset), transformation)


def _finite(column):
    import numpy

    values = numbers(column)
    if (infinite := numpy.isinf(values)).any():
        raise StepFailed(
            "infinite_values",
            f"The column {column.name!r} has infinite values, from which no edges can be learned.",
            fix="Clip or replace them first, or use custom edges.",
            port="dataset",
            columns=[column.name],
            rows=numpy.flatnonzero(infinite)[:5].tolist(),
        )
    return values[~numpy.isnan(values)]


def _wrong_edges(edges):
    if not edges:
        return "There are no edges."
    pairs = zip(edges, edges[1:], strict=False)
    if found := next((pair for pair in pairs if pair[0] >= pair[1]), None):
        return f"The edges do not ascend: {found[1]:g} comes after {found[0]:g}."
    return None


@group_data_into_bins.schema
def _(dataset: TableSchema | None, *, mode, edges, columns, value, output, categorical, **_) -> tuple:
    if mode == "edges" and (wrong := _wrong_edges(edges)):
        raise SchemaFault("invalid_parameter", wrong, fix="Write ascending numbers.", parameter="edges")
    if dataset is None:
        return None, None
    names = select_columns(dataset, columns).names
    expect_dtypes(dataset, names, NUMERIC, work="binned")
    dtype = {"index": "integer", "interval": "categorical"}.get(value, "float")

    def rule(other: TableSchema) -> TableSchema:
        binned = TableSchema() if output == "only" else other
        for name in names:
            new = name if output == "replace" else f"{name}_bin"
            role = None if output == "append" else other[name].role if name in other else None
            binned = binned.with_column(new, dtype, role=role, categorical=categorical)
        return binned

    return rule(dataset), {"rule": rule}
