"""Turn categories into columns of 0 and 1."""

from typing import Annotated, Literal, NamedTuple

from designer.component import SchemaFault, component
from designer.errors import StepFailed
from designer.features import listed
from designer.parameters import TEXT_COLUMNS, Choices, ColumnSelector, ColumnsOf, Title
from designer.schema import WITHOUT_TEXT, TableSchema, select_columns
from designer.transforms import apply, as_text, require
from designer.types import Table, Transformation

MAX_CATEGORIES = 1_000


class Indicated(NamedTuple):
    """The table with indicator columns, and the categories found."""

    dataset: Annotated[Table, Title("Transformed dataset")]
    transformation: Annotated[Transformation, Title("Indicator values transformation")]


@component(
    family="Data transformation",
    title="Convert to Indicator Values",
    synonyms=("one hot", "dummy variables", "encode", "categorical"),
)
def convert_to_indicator_values(
    dataset: Table,
    *,
    columns: Annotated[ColumnSelector, ColumnsOf("dataset"), Title("Categorical columns to convert")] = TEXT_COLUMNS,
    overwrite: Annotated[bool, Title("Overwrite categorical columns")] = True,
    missing: Annotated[
        Literal["zeros", "column"],
        Title("Missing values"),
        Choices(zeros="0 in every indicator column", column="An indicator column of their own"),
    ] = "zeros",
) -> Indicated:
    """Make a column of 0 and 1 for each value of a categorical column.

    The new columns are called COLUMN-VALUE and stand at the end, values in sorted order. A value that was not
    there when the transformation was fitted gives 0 in every column.

    Parameters
    ----------
    dataset : Table
        Table to convert, of shape (n_rows, n_columns).
    columns : dict
        Columns whose values are categories; at most 1,000 different values each.
    overwrite : bool
        Leave the original columns out.
    missing : {"zeros", "column"}
        What a missing value gives.

    Returns
    -------
    dataset : Table
        The table with indicator columns.
    transformation : Transformation
        The same conversion, for use on other rows.

    Raises
    ------
    StepFailed
        When a column does not exist, has too many values, or a new name is already taken.
    """
    selection = select_columns(dataset.schema, columns)
    require(dataset, selection.names + selection.unknown_included)
    if found := _without_text(dataset.schema, selection.names):
        raise StepFailed("unsuitable_type", found[0], fix=found[1], parameter="columns", columns=found[2])
    frame, categories = dataset.frame, {}
    for name in selection.names:
        text = frame.select(as_text(name, frame.schema[name])).to_series()
        numeric = frame.schema[name].is_numeric()
        values = text.unique().drop_nulls().to_list()
        # Numbers in the order of numbers: 2 before 10.
        values.sort(key=(lambda value: (float(value), value)) if numeric else None)
        if len(values) > MAX_CATEGORIES:
            raise StepFailed(
                "too_many_categories",
                f"The column {name!r} has {len(values):,} different values; at most {MAX_CATEGORIES:,} are converted.",
                fix="Leave this column out, or group its values first.",
                parameter="columns",
                columns=[name],
            )
        found = [{"value": value, "column": f"{name}-{value}"} for value in values]
        if missing == "column" and text.null_count():
            found.append({"value": None, "column": f"{name}-(missing)"})
        categories[name] = found
    _check_distinct(categories)
    transformation = Transformation("convert_to_indicator_values", {"categories": categories, "overwrite": overwrite})
    return Indicated(apply(transformation, dataset), transformation)


def _without_text(schema, names):
    if wrong := [name for name in names if schema[name].dtype in WITHOUT_TEXT]:
        return f"These columns hold no categories: {listed(wrong, schema)}.", "Leave them out.", wrong
    return None


def _check_distinct(categories):
    names = [entry["column"] for found in categories.values() for entry in found]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise StepFailed(
            "duplicate_column",
            f"Two indicator columns would be called {twice[0]!r}.",
            fix="Convert these columns in nodes of their own, or rename one.",
            parameter="columns",
            columns=twice,
        )


@convert_to_indicator_values.schema
def _(dataset: TableSchema | None, *, columns, **_) -> tuple:
    if dataset is not None and (found := _without_text(dataset, select_columns(dataset, columns).names)):
        raise SchemaFault("invalid_parameter", found[0], fix=found[1], parameter="columns")
    # Which columns appear depends on the values; without any column to convert the table stays as it is.
    if dataset is not None and not select_columns(dataset, columns).names:
        return dataset, {"rule": lambda other: other}
    return None, None
