"""Change what is known of columns: data type, categories, role and name."""

from typing import Annotated, Literal, NamedTuple

from designer import conversion
from designer.component import SchemaFault, component
from designer.errors import StepFailed
from designer.parameters import (
    Choices,
    ColumnName,
    ColumnSelector,
    ColumnsOf,
    Group,
    Optional,
    Placeholder,
    RowsOf,
    ShownWhen,
    Title,
)
from designer.picking import chosen_columns, refuse_repeated, repeated, require_columns
from designer.schema import TableSchema, select_columns
from designer.types import Table


class NewName(NamedTuple):
    """A new name for a column.

    Parameters
    ----------
    column : str
        The column as it is called now.
    name : str
        What it shall be called.
    """

    column: Annotated[ColumnName, ColumnsOf("dataset"), Title("Column")]
    name: Annotated[str, Title("New name")]


@component(
    family="Data transformation",
    title="Edit Metadata",
    synonyms=("rename", "data type", "cast", "convert type", "label", "role", "categorical", "parse dates"),
)
def edit_metadata(
    dataset: Table,
    *,
    columns: Annotated[ColumnSelector, ColumnsOf("dataset"), Title("Columns"), Optional] = None,
    dtype: Annotated[
        Literal["unchanged", "string", "integer", "float", "boolean", "datetime", "date"],
        Title("Data type"),
        Choices(
            unchanged="Unchanged",
            string="Text",
            integer="Whole number",
            float="Decimal number",
            boolean="True or false",
            datetime="Date and time",
            date="Date",
        ),
    ] = "unchanged",
    format: Annotated[
        str,
        ShownWhen(dtype=("datetime", "date")),
        Title("Date and time format"),
        Placeholder("%d/%m/%Y %H:%M"),
        Optional,
    ] = "",
    unreadable: Annotated[
        Literal["fail", "missing"],
        ShownWhen(dtype=("integer", "float", "boolean", "datetime", "date")),
        Title("Values that do not fit"),
        Choices(fail="Fail", missing="Make missing"),
    ] = "fail",
    categorical: Annotated[
        Literal["unchanged", "categorical", "not_categorical"],
        Title("Categorical"),
        Choices(unchanged="Unchanged", categorical="Make categorical", not_categorical="Make non-categorical"),
    ] = "unchanged",
    role: Annotated[
        Literal["unchanged", "feature", "label", "clear"],
        Title("Role"),
        Choices(unchanged="Unchanged", feature="Feature", label="Label", clear="Clear"),
    ] = "unchanged",
    names: Annotated[list, RowsOf(NewName), Title("New names"), Group("Names"), Optional] = [],  # noqa: B006
) -> Annotated[Table, Title("Results dataset")]:
    """Change the data type, the categories or the role of columns, and give columns new names.

    The same change is made to all columns you choose; use several nodes to change columns in different ways. New
    names may be given to any column.

    Parameters
    ----------
    dataset : Table
        Table whose columns are to change, of shape (n_rows, n_columns).
    columns : dict
        Columns that change. Renaming needs no column here.
    dtype : {"unchanged", "string", "integer", "float", "boolean", "datetime", "date"}
        The data type to give. Texts are read as numbers, as true and false (also yes, no, 1 and 0) or as dates;
        decimal numbers become whole ones only when nothing is lost.
    format : str
        How texts write dates, such as %d/%m/%Y %H:%M. When empty, ISO 8601 is expected.
    unreadable : {"fail", "missing"}
        What becomes of a value that does not fit the data type.
    categorical : {"unchanged", "categorical", "not_categorical"}
        Whether the values are categories, whatever their data type is.
    role : {"unchanged", "feature", "label", "clear"}
        What the columns are for. Learning takes the columns with the role feature; Clear removes the role.
    names : list of NewName
        Columns with their new names.

    Returns
    -------
    dataset : Table
        The same rows with the changed columns.

    Raises
    ------
    StepFailed
        When a column does not exist, a value does not fit the data type, or two columns would have one name.
    """
    chosen = chosen_columns(dataset, columns)
    require_columns(dataset, [entry["column"] for entry in names], parameter="names")
    if fault := _conflict(dataset.schema, chosen, dtype, names):
        raise StepFailed(fault[0], fault[1], fix=fault[2], parameter=fault[3], columns=fault[4])
    renamed = {entry["column"]: entry["name"] for entry in names}
    new = [renamed.get(name, name) for name in dataset.frame.columns]
    refuse_repeated(new, parameter="names")
    frame = dataset.frame
    if dtype != "unchanged":
        frame = frame.with_columns(
            conversion.convert(frame.get_column(name), dtype, format, lenient=unreadable == "missing")
            for name in chosen
        )
    roles, tagged = dict(dataset.roles), set(dataset.categorical)
    for name in chosen:
        if role != "unchanged":
            roles.pop(name, None)
        if role in ("feature", "label"):
            roles[name] = role
        if categorical == "categorical":
            tagged.add(name)
        elif categorical == "not_categorical":
            tagged.discard(name)
    if categorical == "not_categorical":
        frame = frame.with_columns(conversion.plain(frame.get_column(name)) for name in chosen)
    return Table(
        frame.rename(renamed),
        {renamed.get(name, name): value for name, value in roles.items()},
        frozenset(renamed.get(name, name) for name in tagged),
        dataset.notes,
    )


def _conflict(schema, chosen, dtype, names):
    """Return code, message, fix, parameter and columns when the wish cannot be granted, else None."""
    if twice := repeated([entry["column"] for entry in names]):
        return (
            "duplicate_column",
            f"The column {twice[0]!r} has two new names.",
            "Remove one of them.",
            "names",
            twice,
        )
    if dtype != "unchanged":
        for name in chosen:
            if not conversion.can_convert(schema[name].dtype, dtype):
                return (
                    "unsuitable_type",
                    f"The column {name!r} is {schema[name].dtype}, which cannot become {dtype}.",
                    "Leave this column out.",
                    "columns",
                    [name],
                )
    return None


@edit_metadata.schema
def _(dataset: TableSchema | None, *, columns, dtype, categorical, role, names, **_) -> TableSchema | None:
    if dataset is None:
        return None
    chosen = select_columns(dataset, columns).names
    known = [name for name in chosen if dataset[name].dtype != "other"]
    if fault := _conflict(dataset, known, dtype, names):
        raise SchemaFault("invalid_parameter", fault[1], fix=fault[2], parameter=fault[3])
    edited = dataset
    for name in chosen:
        column = dataset[name]
        new_dtype = column.dtype if dtype == "unchanged" else dtype
        if categorical == "not_categorical" and new_dtype == "categorical":
            new_dtype = "string"
        edited = edited.with_column(
            name,
            new_dtype,
            role={"unchanged": column.role, "clear": None}.get(role, role),
            categorical=column.categorical if categorical == "unchanged" else categorical == "categorical",
        )
    renamed = {entry["column"]: entry["name"] for entry in names}
    if twice := repeated([renamed.get(name, name) for name in edited.names]):
        raise SchemaFault(
            "duplicate_column",
            f"Two columns would be called {twice[0][:200]!r}.",
            fix="Give each column a name of its own.",
            parameter="names",
        )
    return edited.rename(renamed)
