"""One row per group, with figures about its rows."""

from typing import Annotated, Literal, NamedTuple

from designer.component import SchemaFault, component
from designer.errors import StepFailed
from designer.parameters import (
    Choices,
    ColumnName,
    ColumnSelector,
    ColumnsOf,
    Optional,
    Placeholder,
    RowsOf,
    ShownWhen,
    Title,
)
from designer.picking import chosen_columns, refuse_repeated, repeated, require_columns
from designer.schema import DTYPES, NUMERIC, TableSchema, select_columns
from designer.types import Table

_OF_A_COLUMN = ("count", "distinct", "sum", "mean", "median", "min", "max", "sd", "first", "last")
_SUMMABLE = (*NUMERIC, "boolean")
_SUITS = {
    "sum": _SUMMABLE,
    "mean": _SUMMABLE,
    "median": NUMERIC,
    "sd": NUMERIC,
    **dict.fromkeys(("min", "max", "distinct"), tuple(dtype for dtype in DTYPES if dtype != "other")),
}
_MAX_SUM = 2**63 - 1


class Aggregation(NamedTuple):
    """One figure about the rows of each group.

    Parameters
    ----------
    function : str
        What to compute. Missing values and not-a-number are left out, except by the first and last value.
    column : str
        The column it is computed of.
    name : str
        Name of the new column; COLUMN_FUNCTION when left empty.
    """

    function: Annotated[
        Literal["rows", "count", "distinct", "sum", "mean", "median", "min", "max", "sd", "first", "last"],
        Title("Function"),
        Choices(
            rows="Number of rows",
            count="Number of values",
            distinct="Number of distinct values",
            sum="Sum",
            mean="Mean",
            median="Median",
            min="Minimum",
            max="Maximum",
            sd="Standard deviation",
            first="First value",
            last="Last value",
        ),
    ] = "rows"
    column: Annotated[ColumnName, ColumnsOf("dataset"), ShownWhen(function=_OF_A_COLUMN), Title("Column")] = None
    name: Annotated[str, Title("New name"), Placeholder("Automatic"), Optional] = ""


@component(
    family="Data transformation",
    title="Group By / Aggregate",
    synonyms=("summarize", "pivot", "count", "mean per group", "total", "statistics by group"),
)
def aggregate_data(
    dataset: Table,
    *,
    keys: Annotated[ColumnSelector, ColumnsOf("dataset"), Title("Group by"), Optional] = None,
    aggregations: Annotated[list, RowsOf(Aggregation), Title("Aggregations")] = [  # noqa: B006
        {"function": "rows", "column": None, "name": ""}
    ],
) -> Annotated[Table, Title("Grouped dataset")]:
    """Make one row per group, with figures about its rows.

    Groups stand in ascending order of their keys; a missing key is a group of its own and stands first. Without
    keys, the whole table is one group.

    Parameters
    ----------
    dataset : Table
        Table to group, of shape (n_rows, n_columns).
    keys : dict
        Columns whose values make a group.
    aggregations : list of Aggregation
        Columns of the result. Sum and mean take true as 1 and false as 0; the standard deviation is that of a
        sample (n - 1).

    Returns
    -------
    dataset : Table
        One row per group: its keys and its figures.

    Raises
    ------
    StepFailed
        When a column does not exist or does not suit its function, two columns would have the same name, or a sum
        is too large for a whole number.
    """
    import polars

    names = chosen_columns(dataset, keys, parameter="keys", dtypes=_keyable(), work="grouped by")
    require_columns(dataset, [entry["column"] for entry in aggregations], parameter="aggregations")
    if fault := _unsuitable(dataset.schema, aggregations):
        raise StepFailed("unsuitable_type", fault[0], fix=fault[1], parameter="aggregations", columns=fault[2])
    refuse_repeated([*names, *_names(aggregations)], parameter="aggregations")
    frame = dataset.frame
    # Only what is needed is carried along; not-a-number is missing, also as a key.
    used = dict.fromkeys([*names, *(entry["column"] for entry in aggregations if entry["column"] is not None)])
    floats = [name for name in used if frame.schema[name].is_float()]
    working = frame.select(list(used)).with_columns(polars.col(name).fill_nan(None) for name in floats)
    expressions = [
        _expression(working, entry).alias(new) for entry, new in zip(aggregations, _names(aggregations), strict=True)
    ]
    try:
        if names:
            grouped = working.lazy().group_by(names).agg(expressions).sort(names).collect()
        else:
            # Rows are counted even where the table has no column to count them by.
            working = working if working.width else polars.DataFrame({"row": [0] * frame.height})
            grouped = working.select(expressions)
    except polars.exceptions.InvalidOperationError as error:
        raise StepFailed(
            "overflow",
            "A sum is too large for a whole number of 64 bits.",
            fix="Turn the column into decimal numbers first, with Edit Metadata.",
            parameter="aggregations",
        ) from error
    roles = {name: role for name, role in dataset.roles.items() if name in names}
    kept = {name for name in names if name in dataset.categorical}
    for entry, new in zip(aggregations, _names(aggregations), strict=True):
        if entry["function"] in ("min", "max", "first", "last") and entry["column"] in dataset.categorical:
            kept.add(new)
    return Table(grouped, roles, frozenset(kept))


def _keyable():
    return tuple(dtype for dtype in DTYPES if dtype != "other")


def _names(aggregations):
    return [
        entry["name"].strip() or ("rows" if entry["function"] == "rows" else f"{entry['column']}_{entry['function']}")
        for entry in aggregations
    ]


def _expression(frame, entry):
    import polars

    function, name = entry["function"], entry["column"]
    if function == "rows":
        return polars.len().cast(polars.Int64)
    column, dtype = polars.col(name), frame.schema[name]
    if function == "count":
        return column.count().cast(polars.Int64)
    if function == "distinct":
        return column.drop_nulls().n_unique().cast(polars.Int64)
    if function == "sum":
        return _sum(frame, name)
    if function in ("mean", "median"):
        return getattr(column.cast(polars.Float64), function)()
    if function == "sd":
        return column.cast(polars.Float64).std(ddof=1)
    if function in ("min", "max"):
        if dtype in (polars.Categorical, polars.Enum):
            # As texts: their own order would be that in which the categories were met.
            return getattr(column.cast(polars.String), function)().cast(dtype)
        return getattr(column, function)()
    return getattr(column, function)()


def _sum(frame, name):
    import polars

    column, dtype = polars.col(name), frame.schema[name]
    if not dtype.is_integer():
        return column.sum() if dtype != polars.Boolean else column.cast(polars.Int64).sum()
    low, high = frame.get_column(name).min() or 0, frame.get_column(name).max() or 0
    if max(abs(low), abs(high)) * frame.height <= _MAX_SUM:
        return column.cast(polars.Int64).sum()
    return column.cast(polars.Int128).sum().cast(polars.Int64)


def _unsuitable(schema, aggregations):
    """Return message, fix and columns when a function does not suit its column, else None."""
    for entry in aggregations:
        allowed = _SUITS.get(entry["function"])
        column = schema[entry["column"]] if entry["column"] is not None else None
        if allowed and column is not None and column.dtype not in allowed:
            return (
                f"The column {column.name!r} is {column.dtype}, which has no {entry['function']}.",
                "Choose another function or column.",
                [column.name],
            )
    return None


@aggregate_data.schema
def _(dataset: TableSchema | None, *, keys, aggregations) -> TableSchema | None:
    if dataset is None:
        return None
    names = select_columns(dataset, keys).names
    if (twice := repeated([*names, *_names(aggregations)])) or (fault := _unsuitable(dataset, aggregations)):
        message, fix = (
            (f"Two columns would be called {twice[0][:200]!r}.", "Give each column a name of its own.")
            if twice
            else fault[:2]
        )
        raise SchemaFault("invalid_parameter", message, fix=fix, parameter="aggregations")
    grouped = dataset.select(names)
    for entry, new in zip(aggregations, _names(aggregations), strict=True):
        function = entry["function"]
        of = dataset[entry["column"]] if entry["column"] is not None else None
        if function in ("rows", "count", "distinct") or of is None:
            grouped = grouped.with_column(new, "integer")
        elif function in ("mean", "median", "sd"):
            grouped = grouped.with_column(new, "float")
        elif function == "sum":
            grouped = grouped.with_column(new, "float" if of.dtype == "float" else "integer")
        else:
            grouped = grouped.with_column(new, of.dtype, categorical=of.categorical)
    return grouped
