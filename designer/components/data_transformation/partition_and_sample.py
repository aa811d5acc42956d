"""Fewer rows, or rows divided into folds."""

from typing import Annotated, Literal

from designer.component import DROP, SchemaFault, component
from designer.errors import StepFailed
from designer.parameters import (
    Choices,
    ColumnName,
    ColumnsOf,
    Group,
    NumberList,
    Placeholder,
    Range,
    Seed,
    ShownWhen,
    Title,
)
from designer.picking import require_columns
from designer.sampling import fold_numbers, fraction_mask, strata
from designer.schema import TableSchema
from designer.types import Table

FOLD = "Fold"


@component(
    family="Data transformation",
    title="Partition and Sample",
    in_inference=DROP,
    synonyms=("sample", "head", "first rows", "folds", "cross validation", "subset", "limit"),
)
def partition_and_sample(
    dataset: Table,
    *,
    mode: Annotated[
        Literal["head", "sampling", "folds", "pick_fold"],
        Title("Partition or sample mode"),
        Choices(head="Head", sampling="Sampling", folds="Assign to folds", pick_fold="Pick fold"),
    ] = "sampling",
    rows: Annotated[int, Range(0), ShownWhen(mode="head"), Title("Number of rows")] = 10,
    rate: Annotated[float, Range(0, 1, step=0.05), ShownWhen(mode="sampling"), Title("Rate of sampling")] = 0.1,
    by: Annotated[
        Literal["count", "proportions"],
        ShownWhen(mode="folds"),
        Title("Size of the folds"),
        Choices(count="Equal", proportions="By proportions"),
    ] = "count",
    folds: Annotated[int, Range(2, 1000), ShownWhen(mode="folds", by="count"), Title("Number of folds")] = 5,
    proportions: Annotated[
        NumberList,
        Range(0, 1, exclusive_minimum=True),
        ShownWhen(mode="folds", by="proportions"),
        Title("Proportions"),
        Placeholder("0.5, 0.3, 0.2"),
    ] = [0.5, 0.5],  # noqa: B006
    fold: Annotated[int, Range(1), ShownWhen(mode="pick_fold"), Title("Fold to pick")] = 1,
    complement: Annotated[bool, ShownWhen(mode="pick_fold"), Title("Pick all other folds")] = False,
    fold_column: Annotated[
        ColumnName, ColumnsOf("dataset"), ShownWhen(mode="pick_fold"), Title("Column of the folds")
    ] = FOLD,
    randomized: Annotated[bool, ShownWhen(mode="folds"), Title("Randomized")] = True,
    seed: Annotated[Seed, ShownWhen(mode=("sampling", "folds")), Title("Random seed")] = 0,
    stratified: Annotated[bool, ShownWhen(mode=("sampling", "folds")), Title("Stratified"), Group("Strata")] = False,
    strata_column: Annotated[
        ColumnName,
        ColumnsOf("dataset"),
        ShownWhen(mode=("sampling", "folds"), stratified=True),
        Title("Column of the strata"),
        Group("Strata"),
    ] = None,
) -> Annotated[Table, Title("Results dataset")]:
    """Take a sample of the rows, or divide them into folds.

    Rows keep the order of the table. The same seed gives the same rows.

    Parameters
    ----------
    dataset : Table
        Table to sample, of shape (n_rows, n_columns).
    mode : {"head", "sampling", "folds", "pick_fold"}
        Head takes the first rows; Sampling a share of them by chance; Assign to folds adds the column Fold with the
        number of each row's fold; Pick fold takes the rows of one of these folds.
    rows : int
        How many rows to take.
    rate : float in [0, 1]
        Share of the rows; their number is rounded to the nearest.
    by : {"count", "proportions"}
        Whether all folds have the same size.
    folds : int in [2, 1000]
        Into how many folds the rows are divided.
    proportions : list of float
        Share of each fold, with the sum 1.
    fold : int
        Number of the fold, counted from 1.
    complement : bool
        Take the rows that are not in this fold.
    fold_column : str
        The column that holds the numbers of the folds.
    randomized : bool
        Give rows to folds by chance. When off, each fold is a block of rows in the order of the table.
    seed : int
        Start of the random numbers. Without one, each run chooses differently and is never reused.
    stratified : bool
        Keep the shares of the values of a column the same in the sample or in every fold.
    strata_column : str
        The column whose values are kept in proportion.

    Returns
    -------
    dataset : Table
        The rows that were chosen, or all rows with their folds.

    Raises
    ------
    StepFailed
        When a column does not exist, the proportions do not have the sum 1, or the fold is not there.
    """
    import polars

    frame = dataset.frame
    require_columns(dataset, [strata_column], parameter="strata_column")
    if mode == "head":
        return dataset.with_frame(frame.head(rows))
    if mode == "pick_fold":
        return dataset.with_frame(_pick(dataset, fold_column, fold, complement))
    import numpy

    groups = strata(frame.get_column(strata_column) if strata_column is not None else None, frame.height)
    if mode == "sampling":
        mask = fraction_mask(groups, frame.height, rate, numpy.random.default_rng(seed))
        return dataset.with_frame(frame.filter(polars.Series(mask)) if frame.height else frame)
    if by == "proportions" and (wrong := _wrong_sum(proportions)):
        raise StepFailed("invalid_parameter", wrong, fix="Change the proportions.", parameter="proportions")
    if FOLD in frame.columns:
        raise StepFailed("duplicate_column", _TAKEN, fix=_RENAME, port="dataset", columns=[FOLD])
    wanted = proportions if by == "proportions" else [1 / folds] * folds
    random = numpy.random.default_rng(seed) if randomized else None
    numbers = polars.Series(FOLD, fold_numbers(groups, frame.height, wanted, random), dtype=polars.Int64)
    return dataset.with_frame(frame.hstack([numbers])).with_notes(folds={"column": FOLD, "count": len(wanted)})


_TAKEN = f"The table has a column {FOLD!r} already."
_RENAME = "Rename or leave out that column first."


def _wrong_sum(proportions):
    if abs(sum(proportions) - 1) > 1e-9:
        return f"The proportions have the sum {sum(proportions):g}, not 1."
    return None


def _pick(dataset, name, fold, complement):
    import polars

    require_columns(dataset, [name], parameter="fold_column")
    if name is None or dataset.schema[name].dtype != "integer":
        raise StepFailed(
            "unsuitable_type",
            "The column of the folds must hold whole numbers.",
            fix="Choose the column that Assign to folds has made.",
            parameter="fold_column",
            columns=[name] if name is not None else [],
        )
    column = dataset.frame.get_column(name)
    if column.len() and not (column == fold).any():
        raise StepFailed(
            "unknown_fold",
            f"No row is in fold {fold}; the folds are {_range(column)}.",
            fix="Pick one of these folds.",
            parameter="fold",
            columns=[name],
        )
    chosen = polars.col(name).ne_missing(fold) if complement else polars.col(name) == fold
    return dataset.frame.filter(chosen)


def _range(column):
    return "all missing" if column.min() is None else f"{column.min()} to {column.max()}"


@partition_and_sample.schema
def _(dataset: TableSchema | None, *, mode, by, proportions, **_) -> TableSchema | None:
    if mode == "folds" and by == "proportions" and (wrong := _wrong_sum(proportions)):
        raise SchemaFault("invalid_parameter", wrong, fix="Change the proportions.", parameter="proportions")
    if dataset is None or mode != "folds":
        return dataset
    if FOLD in dataset:
        raise SchemaFault("duplicate_column", _TAKEN, fix=_RENAME, port="dataset")
    return dataset.with_column(FOLD, "integer")
