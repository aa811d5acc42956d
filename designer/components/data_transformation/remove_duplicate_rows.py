"""Keep one of several rows that are alike."""

from typing import Annotated, Literal

from designer import reporting
from designer.component import component
from designer.parameters import ALL_COLUMNS, Choices, ColumnSelector, ColumnsOf, Title
from designer.picking import chosen_columns
from designer.schema import DTYPES, TableSchema
from designer.types import Table


@component(family="Data transformation", synonyms=("distinct", "unique", "deduplicate", "duplicates"))
def remove_duplicate_rows(
    dataset: Table,
    *,
    columns: Annotated[ColumnSelector, ColumnsOf("dataset"), Title("Key columns")] = ALL_COLUMNS,
    keep: Annotated[
        Literal["first", "last", "none"],
        Title("Row to keep"),
        Choices(first="First", last="Last", none="None of them"),
    ] = "first",
) -> Annotated[Table, Title("Results dataset")]:
    """Keep one row of those that agree in the key columns.

    Missing values agree with each other. Rows keep the order of the table.

    Parameters
    ----------
    dataset : Table
        Table to clear of duplicates, of shape (n_rows, n_columns).
    columns : dict
        Columns that must agree for two rows to be duplicates.
    keep : {"first", "last", "none"}
        Which of the rows that agree stays; None of them removes every row that has a duplicate.

    Returns
    -------
    dataset : Table
        The rows that stay.

    Raises
    ------
    StepFailed
        When a column does not exist, or holds lists or structures.
    """
    names = chosen_columns(dataset, columns, dtypes=[dtype for dtype in DTYPES if dtype != "other"], work="compared")
    if not names:
        return dataset
    frame = dataset.frame.unique(subset=names, keep=keep, maintain_order=True)
    reporting.note(f"Removed {dataset.frame.height - frame.height:,} of {dataset.frame.height:,} rows.")
    return dataset.with_frame(frame)


@remove_duplicate_rows.schema
def _(dataset: TableSchema | None, **_) -> TableSchema | None:
    return dataset
