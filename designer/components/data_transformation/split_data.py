"""Divide the rows of a table in two."""

from typing import Annotated, Literal, NamedTuple

from designer.component import DROP, SchemaFault, component
from designer.errors import StepFailed
from designer.expressions import ExpressionInvalid, compile_expression, parse_expression
from designer.parameters import (
    Choices,
    ColumnName,
    ColumnsOf,
    Group,
    Placeholder,
    Range,
    Seed,
    ShownWhen,
    Title,
)
from designer.sampling import fraction_mask, strata
from designer.schema import WITHOUT_TEXT, TableSchema
from designer.types import Table


class SplitTables(NamedTuple):
    """The two parts."""

    first: Annotated[Table, Title("First part")]
    second: Annotated[Table, Title("Second part")]


@component(
    family="Data transformation",
    in_inference=DROP,
    title="Split Data",
    synonyms=("train test split", "partition", "holdout", "sample", "filter rows"),
)
def split_data(
    dataset: Table,
    *,
    mode: Annotated[
        Literal["fraction", "regular_expression", "relative_expression"],
        Title("Splitting mode"),
        Choices(
            fraction="Split rows",
            regular_expression="Regular expression",
            relative_expression="Relative expression",
        ),
    ] = "fraction",
    fraction: Annotated[
        float, Range(0, 1, step=0.05), ShownWhen(mode="fraction"), Title("Fraction of rows in the first part")
    ] = 0.5,
    randomized: Annotated[bool, ShownWhen(mode="fraction"), Title("Randomized split")] = True,
    seed: Annotated[Seed, ShownWhen(mode="fraction", randomized=True), Title("Random seed")] = 0,
    stratified: Annotated[bool, ShownWhen(mode="fraction"), Title("Stratified split"), Group("Strata")] = False,
    strata_column: Annotated[
        ColumnName,
        ColumnsOf("dataset"),
        ShownWhen(mode="fraction", stratified=True),
        Title("Column of the strata"),
        Group("Strata"),
    ] = None,
    column: Annotated[ColumnName, ColumnsOf("dataset"), ShownWhen(mode="regular_expression"), Title("Column")] = None,
    pattern: Annotated[str, ShownWhen(mode="regular_expression"), Title("Regular expression"), Placeholder("^Gr")] = "",
    expression: Annotated[
        str,
        ShownWhen(mode="relative_expression"),
        Title("Relative expression"),
        Placeholder('"age" > 30 and "city" == "Oslo"'),
    ] = "",
) -> SplitTables:
    """Divide the rows of a table in two.

    Rows keep the order of the table in both parts. The same seed gives the same parts.

    Parameters
    ----------
    dataset : Table
        Table to split, of shape (n_rows, n_columns).
    mode : {"fraction", "regular_expression", "relative_expression"}
        How rows are chosen for the first part.
    fraction : float in [0, 1]
        Share of the rows that goes to the first part; the number of rows is rounded to the nearest.
    randomized : bool
        Choose rows at random. When off, the first rows of the table go to the first part.
    seed : int
        Start of the random numbers. Without one, each run splits differently and is never reused.
    stratified : bool
        Keep the shares of the values of a column the same in both parts.
    strata_column : str
        The column whose values are kept in proportion.
    column : str
        Rows whose value in this column matches go to the first part.
    pattern : str
        What the value must match, in any place; for example ^Gr for values that begin with Gr.
    expression : str
        A comparison of columns with values, such as "age" > 30. Combine several with and, or, not and brackets.

    Returns
    -------
    first : Table
        The chosen rows.
    second : Table
        All other rows.

    Raises
    ------
    StepFailed
        When a column does not exist, or the pattern or expression cannot be read.
    """
    import polars

    frame = dataset.frame
    for name, parameter in ((strata_column, "strata_column"), (column, "column")):
        if name is not None and name not in frame.columns:
            raise StepFailed(
                "unknown_column",
                f"The table has no column {name!r}.",
                fix="Choose one of the columns that arrive.",
                parameter=parameter,
                columns=[name],
            )
    if mode == "fraction":
        mask = _fraction_mask(frame, fraction, randomized, seed, strata_column if stratified else None)
    elif mode == "regular_expression" and column is not None:
        if dataset.schema[column].dtype in WITHOUT_TEXT:
            raise StepFailed(
                "unsuitable_type",
                f"The column {column!r} is {dataset.schema[column].dtype}, which has no text to match.",
                fix="Choose another column.",
                parameter="column",
                columns=[column],
            )
        try:
            matched = frame.select(polars.col(column).cast(polars.String).str.contains(pattern)).to_series()
        except polars.exceptions.PolarsError as error:
            raise StepFailed(
                "invalid_pattern",
                f"{pattern!r} is not a regular expression that can be used: {error}",
                fix="Correct the pattern. Look-around and back-references are not available.",
                parameter="pattern",
            ) from error
        mask = matched.fill_null(False)
    else:
        try:
            condition = compile_expression(parse_expression(expression), dataset.schema)
        except ExpressionInvalid as error:
            raise StepFailed(error.code, str(error), fix=error.fix, parameter="expression") from error
        mask = frame.select(condition.fill_null(False).alias("mask")).to_series()
    if frame.height == 0:
        return SplitTables(dataset, dataset)
    return SplitTables(dataset.with_frame(frame.filter(mask)), dataset.with_frame(frame.filter(~mask)))


def _fraction_mask(frame, fraction, randomized, seed, strata_column):
    import numpy
    import polars

    random = numpy.random.default_rng(seed) if randomized else None
    groups = strata(None if strata_column is None else frame.get_column(strata_column), frame.height)
    return polars.Series("mask", fraction_mask(groups, frame.height, fraction, random), dtype=polars.Boolean)


@split_data.schema
def _(dataset: TableSchema | None, *, mode: str, expression: str, **_) -> tuple:
    if mode == "relative_expression":
        try:
            tree = parse_expression(expression)
            if dataset is not None:
                tree.check(dataset)
        except ExpressionInvalid as error:
            code = "unknown_column" if error.code == "unknown_column" else "invalid_parameter"
            raise SchemaFault(code, str(error), fix=error.fix, parameter="expression") from error
    return dataset, dataset
