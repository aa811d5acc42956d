"""Put the columns of one table beside those of another."""

from typing import Annotated

from designer.component import component
from designer.errors import StepFailed
from designer.parameters import Title
from designer.picking import free_names
from designer.schema import TableSchema
from designer.types import Table


@component(family="Data transformation", synonyms=("append columns", "hstack", "zip", "side by side", "concat"))
def add_columns(
    left: Annotated[Table, Title("Left dataset")],
    right: Annotated[Table, Title("Right dataset")],
    *,
    suffix: Annotated[str, Title("Suffix for repeated names")] = "_right",
) -> Annotated[Table, Title("Combined dataset")]:
    """Put the columns of two tables side by side, row by row.

    Both tables must have the same number of rows; use Join Data to match rows by keys.

    Parameters
    ----------
    left : Table
        Columns that come first, of shape (n_rows, n_columns).
    right : Table
        Columns that come after, of the same number of rows.
    suffix : str
        Put behind the name of a right column that the left table has too.

    Returns
    -------
    dataset : Table
        All columns of both tables.

    Raises
    ------
    StepFailed
        When the tables have different numbers of rows.
    """
    ours, theirs = left.frame, right.frame
    if ours.width and theirs.width and ours.height != theirs.height:
        raise StepFailed(
            "different_rows",
            f"The left table has {ours.height:,} rows and the right one {theirs.height:,}.",
            fix="Bring both to the same rows first, or use Join Data with key columns.",
            port="right",
        )
    renamed = free_names(theirs.columns, ours.columns, suffix)
    roles = {renamed[name]: role for name, role in right.roles.items()}
    return Table(
        ours.hstack(theirs.rename(renamed)),
        {**left.roles, **roles},
        left.categorical | {renamed[name] for name in right.categorical},
        left.notes,
    )


@add_columns.schema
def _(left: TableSchema | None, right: TableSchema | None, *, suffix) -> TableSchema | None:
    if left is None or right is None:
        return None
    joined = left
    for name, new in free_names(right.names, left.names, suffix).items():
        column = right[name]
        joined = joined.with_column(new, column.dtype, role=column.role, categorical=column.categorical)
    return joined
