"""A small table, typed in place."""

from typing import Annotated, Literal

from designer.component import SchemaFault, component
from designer.errors import StepFailed
from designer.parameters import Choices, Multiline, Optional, Placeholder, ShownWhen, Title
from designer.text_tables import TextInvalid, read_text_table
from designer.types import Table


@component(family="Data input and output", synonyms=("table creator", "type data", "inline data", "csv"))
def enter_data_manually(
    *,
    format: Annotated[
        Literal["csv", "tsv", "jsonl"],
        Title("Data format"),
        Choices(csv="Comma-separated (CSV)", tsv="Tab-separated (TSV)", jsonl="JSON lines"),
    ] = "csv",
    has_header: Annotated[bool, ShownWhen(format=("csv", "tsv")), Title("Has header")] = True,
    data: Annotated[Multiline, Title("Data"), Placeholder("name,age\nAda,36\nAlan,41"), Optional] = "",
) -> Annotated[Table, Title("Dataset")]:
    """Type or paste a small table.

    Whole numbers, decimal numbers, true and false are recognized; empty values, NA and null are missing. A
    repeated column name gets a number.

    Parameters
    ----------
    format : {"csv", "tsv", "jsonl"}
        How the text is written.
    has_header : bool
        The first line holds the column names.
    data : str
        The table. JSON lines have one object a line.

    Returns
    -------
    dataset : Table
        The typed table.

    Raises
    ------
    StepFailed
        When lines have different numbers of values, or a line is not a JSON object.
    """
    import polars

    try:
        schema, columns = read_text_table(data, format, has_header)
    except (TextInvalid, OverflowError) as error:
        raise StepFailed(
            "unreadable_text", str(error), fix=getattr(error, "fix", "Check the numbers."), parameter="data"
        ) from error
    types = {"integer": polars.Int64, "float": polars.Float64, "boolean": polars.Boolean, "string": polars.String}
    return Table(
        polars.DataFrame(
            [
                polars.Series(column.name, values, dtype=types[column.dtype])
                for column, values in zip(schema.columns, columns, strict=True)
            ]
        )
    )


@enter_data_manually.schema
def _(*, format, has_header, data):
    try:
        return read_text_table(data, format, has_header)[0]
    except TextInvalid as error:
        raise SchemaFault("invalid_parameter", str(error), fix=error.fix, parameter="data") from error
