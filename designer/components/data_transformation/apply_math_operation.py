"""A mathematical operation on every value of some columns."""

from typing import Annotated, Literal

from designer import arithmetic, reporting
from designer.binning import numbers
from designer.component import SchemaFault, component
from designer.errors import StepFailed
from designer.parameters import (
    NUMERIC_COLUMNS,
    Choices,
    ColumnName,
    ColumnSelector,
    ColumnsOf,
    ShownWhen,
    Title,
)
from designer.picking import chosen_columns, expect_dtypes, require_columns
from designer.schema import NUMERIC, TableSchema, select_columns
from designer.types import Table

_PAIRS = ("compare", "operations")


@component(
    family="Data transformation",
    title="Apply Math Operation",
    synonyms=("formula", "calculate", "log", "add", "multiply", "round", "compute", "expression"),
)
def apply_math_operation(
    dataset: Table,
    *,
    category: Annotated[
        Literal["basic", "compare", "operations", "rounding", "special", "trigonometric"],
        Title("Category"),
        Choices(
            basic="Basic",
            compare="Compare",
            operations="Operations",
            rounding="Rounding",
            special="Special",
            trigonometric="Trigonometric",
        ),
    ] = "basic",
    basic: Annotated[
        Literal[tuple(arithmetic.BASIC)],  # type: ignore[valid-type]
        ShownWhen(category="basic"),
        Title("Basic function"),
        Choices(**arithmetic.BASIC),
    ] = "ln",
    compare: Annotated[
        Literal[tuple(arithmetic.COMPARE)],  # type: ignore[valid-type]
        ShownWhen(category="compare"),
        Title("Comparison"),
        Choices(**arithmetic.COMPARE),
    ] = "greater",
    operation: Annotated[
        Literal[tuple(arithmetic.OPERATIONS)],  # type: ignore[valid-type]
        ShownWhen(category="operations"),
        Title("Operation"),
        Choices(**arithmetic.OPERATIONS),
    ] = "add",
    rounding: Annotated[
        Literal[tuple(arithmetic.ROUNDING)],  # type: ignore[valid-type]
        ShownWhen(category="rounding"),
        Title("Rounding"),
        Choices(**arithmetic.ROUNDING),
    ] = "round",
    special: Annotated[
        Literal[tuple(arithmetic.SPECIAL)],  # type: ignore[valid-type]
        ShownWhen(category="special"),
        Title("Special function"),
        Choices(**arithmetic.SPECIAL),
    ] = "gamma",
    trigonometric: Annotated[
        Literal[tuple(arithmetic.TRIGONOMETRIC)],  # type: ignore[valid-type]
        ShownWhen(category="trigonometric"),
        Title("Trigonometric function"),
        Choices(**arithmetic.TRIGONOMETRIC),
    ] = "sin",
    argument: Annotated[
        Literal["constant", "column"],
        ShownWhen(category=_PAIRS),
        Title("Second argument"),
        Choices(constant="Constant", column="Column"),
    ] = "constant",
    constant: Annotated[
        float, ShownWhen(category=_PAIRS, argument="constant"), Title("Constant second argument")
    ] = 1.0,
    column: Annotated[
        ColumnName, ColumnsOf("dataset"), ShownWhen(category=_PAIRS, argument="column"), Title("Second argument column")
    ] = None,
    columns: Annotated[ColumnSelector, ColumnsOf("dataset"), Title("Columns")] = NUMERIC_COLUMNS,
    output: Annotated[
        Literal["append", "inplace", "result_only"],
        Title("Output mode"),
        Choices(append="Append new columns", inplace="Replace the columns", result_only="Results only"),
    ] = "append",
) -> Annotated[Table, Title("Results dataset")]:
    """Compute a mathematical function of every value of some columns.

    Missing values stay missing. Where a function is not defined, such as the logarithm of a negative number, the
    result is missing and the log says how often.

    Parameters
    ----------
    dataset : Table
        Table to compute with, of shape (n_rows, n_columns).
    category : {"basic", "compare", "operations", "rounding", "special", "trigonometric"}
        Which functions to choose from. Compare and Operations take a second argument.
    basic : str
        A function of one number.
    compare : str
        How to compare with the second argument. Comparisons give true or false.
    operation : str
        What to do with the second argument.
    rounding : str
        How to round.
    special : str
        A function of mathematical physics and statistics.
    trigonometric : str
        A function of angles in radians.
    argument : {"constant", "column"}
        Where the second argument comes from.
    constant : float
        The second argument for every row.
    column : str
        A numeric column that holds the second argument of each row.
    columns : dict
        Numeric columns, each of which is the first argument.
    output : {"append", "inplace", "result_only"}
        New columns are called FUNCTION(COLUMN). Results only leaves every other column out.

    Returns
    -------
    dataset : Table
        The table with the results.

    Raises
    ------
    StepFailed
        When a column does not exist or is not numeric, or the name of a new column is taken.
    """
    import numpy
    import polars

    name = _function(category, basic, compare, operation, rounding, special, trigonometric)
    names = chosen_columns(dataset, columns, dtypes=NUMERIC, work="computed with")
    second = _second(dataset, category, argument, constant, column)
    results = []
    for first in names:
        values = numbers(dataset.frame.get_column(first))
        found, undefined = arithmetic.compute(name, values, second)
        new = _new_name(name, first, category, argument, constant, column, output)
        series = polars.Series(new, found)
        if found.dtype == bool:
            given = numpy.isnan(values) | (False if second is None else numpy.isnan(second))
            series = series.zip_with(polars.Series(~given), polars.Series([None], dtype=polars.Boolean))
        results.append(series.fill_nan(None) if found.dtype != bool else series)
        if undefined:
            reporting.note(f"{undefined:,} values of {first!r} are outside the domain of {name} and became missing.")
    made = [series.name for series in results]
    if output == "append" and (taken := [new for new in made if new in dataset.schema]):
        raise StepFailed("duplicate_column", _taken(taken[0]), fix=_FREE, parameter="output", columns=taken)
    frame = polars.DataFrame(results) if output == "result_only" else dataset.frame.with_columns(results)
    return dataset.with_frame(frame) if output != "inplace" else _untagged(dataset.with_frame(frame), made)


def _second(dataset, category, argument, constant, column):
    import numpy

    if category not in _PAIRS:
        return None
    if argument == "constant":
        return numpy.full(dataset.frame.height, float(constant))
    require_columns(dataset, [column], parameter="column")
    only = {"rules": [{"action": "include", "by": "names", "values": [column]}]}
    chosen_columns(dataset, only, parameter="column", dtypes=NUMERIC, work="computed with")
    return numbers(dataset.frame.get_column(column))


_FREE = "Rename or leave out that column first, or replace the columns."


def _taken(name):
    return f"The table has a column {name!r} already."


def _untagged(table, names):
    return Table(table.frame, table.roles, table.categorical - set(names), table.notes)


def _function(category, basic, compare, operation, rounding, special, trigonometric):
    return {
        "basic": basic,
        "compare": compare,
        "operations": operation,
        "rounding": rounding,
        "special": special,
        "trigonometric": trigonometric,
    }[category]


def _new_name(name, first, category, argument, constant, column, output):
    if output == "inplace":
        return first
    if category not in _PAIRS:
        return f"{name}({first})"
    return f"{name}({first}, {column if argument == 'column' else f'{constant:g}'})"


@apply_math_operation.schema
def _(dataset: TableSchema | None, *, category, argument, constant, column, columns, output, **functions):
    if dataset is None:
        return None
    names = select_columns(dataset, columns).names
    expect_dtypes(dataset, names, NUMERIC, work="computed with")
    if column is not None and category in _PAIRS:
        expect_dtypes(dataset, [column], NUMERIC, parameter="column", work="computed with")
    name = _function(category, **functions)
    dtype = "boolean" if name in arithmetic.TRUTHS else "float"
    computed = TableSchema() if output == "result_only" else dataset
    for first in names:
        new = _new_name(name, first, category, argument, constant, column, output)
        if output == "append" and new in dataset:
            raise SchemaFault("duplicate_column", _taken(new), fix=_FREE, parameter="output")
        computed = computed.with_column(new, dtype, role=dataset[first].role if output == "inplace" else None)
    return computed
