"""Keep some columns of a table."""

from typing import Annotated

from designer.component import SchemaFault, component
from designer.errors import StepFailed
from designer.parameters import ColumnSelector, ColumnsOf, Title
from designer.schema import TableSchema
from designer.schema import select_columns as pick
from designer.types import Table


@component(
    family="Data transformation",
    title="Select Columns in Dataset",
    synonyms=("project columns", "drop columns", "filter columns", "keep columns"),
)
def select_columns(
    dataset: Table,
    *,
    columns: Annotated[ColumnSelector, ColumnsOf("dataset"), Title("Columns")] = None,
) -> Table:
    """Keep only the columns you choose.

    The columns keep the order of the table.

    Parameters
    ----------
    dataset : Table
        Table to select from, of shape (n_rows, n_columns).
    columns : dict
        Rules that include or exclude columns by name, type, role or pattern.

    Returns
    -------
    dataset : Table
        The same rows with the selected columns.

    Raises
    ------
    StepFailed
        When a column that is named does not exist, or no column is left.
    """
    selection = pick(dataset.schema, columns)
    if selection.unknown_included:
        raise StepFailed(
            "unknown_column",
            f"The table has no column {selection.unknown_included[0]!r}.",
            fix="Choose one of the columns that arrive.",
            parameter="columns",
            columns=selection.unknown_included,
        )
    if not selection.names and dataset.frame.width:
        raise StepFailed(
            "no_columns", "The rules select no column.", fix="Include at least one column.", parameter="columns"
        )
    return dataset.with_frame(dataset.frame.select(selection.names))


@select_columns.schema
def _(dataset: TableSchema | None, *, columns: dict) -> TableSchema | None:
    if dataset is None:
        return None
    names = pick(dataset, columns).names
    if not names and dataset.columns:
        raise SchemaFault(
            "invalid_parameter",
            "The rules select no column.",
            fix="Include at least one column.",
            parameter="columns",
        )
    return dataset.select(names)
