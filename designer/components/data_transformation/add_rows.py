"""Put the rows of one table below those of another."""

from typing import Annotated

from designer.component import SchemaFault, component
from designer.errors import StepFailed
from designer.parameters import Title
from designer.schema import TableSchema
from designer.types import Table
from designer.widening import common_dtype, common_word

_FIX = "Give the column the same data type in both tables with Edit Metadata, or rename it in one of them."


@component(family="Data transformation", synonyms=("append", "union", "concatenate", "stack", "concat"))
def add_rows(
    first: Annotated[Table, Title("First dataset")], second: Annotated[Table, Title("Second dataset")]
) -> Annotated[Table, Title("Results dataset")]:
    """Put the rows of the second table below those of the first.

    Columns are matched by name. A column that only one table has is missing in the rows of the other. Where the
    data types differ, whole numbers become decimal ones, dates become dates with time, and categories become
    texts.

    Parameters
    ----------
    first : Table
        The rows on top; their columns come first.
    second : Table
        The rows below.

    Returns
    -------
    dataset : Table
        All rows of both tables.

    Raises
    ------
    StepFailed
        When a column holds things in one table that cannot stand beside those in the other.
    """
    import polars

    wide = dict(first.frame.schema)
    for name, dtype in second.frame.schema.items():
        wide[name] = common_dtype(wide[name], dtype) if name in wide else dtype
        if wide[name] is None:
            raise StepFailed(
                "type_mismatch",
                f"The column {name!r} is {first.frame.schema[name]} in the first table and {dtype} in the second.",
                fix=_FIX,
                port="second",
                columns=[name],
            )
    parts = []
    for port, frame in (("first", first.frame), ("second", second.frame)):
        try:
            parts.append(frame.cast({name: wide[name] for name in frame.columns if wide[name] != frame.schema[name]}))
        except polars.exceptions.InvalidOperationError as error:
            raise StepFailed(
                "type_mismatch", f"A column cannot be brought to one type: {error}", fix=_FIX, port=port
            ) from error
    roles = {**second.roles, **first.roles}
    return Table(polars.concat(parts, how="diagonal"), roles, first.categorical | second.categorical, first.notes)


@add_rows.schema
def _(first: TableSchema | None, second: TableSchema | None) -> TableSchema | None:
    if first is None or second is None:
        return None
    joined = first
    for column in second.columns:
        ours = joined.get(column.name)
        if ours is None:
            joined = joined.with_column(column.name, column.dtype, role=column.role, categorical=column.categorical)
            continue
        wide = common_word(ours.dtype, column.dtype)
        if wide is None and "other" in (ours.dtype, column.dtype):
            return None
        if wide is None:
            raise SchemaFault(
                "type_mismatch",
                f"The column {column.name!r} is {ours.dtype} in the first table and {column.dtype} in the second.",
                fix=_FIX,
                port="second",
            )
        joined = joined.with_column(
            column.name, wide, role=ours.role or column.role, categorical=ours.categorical or column.categorical
        )
    return joined
