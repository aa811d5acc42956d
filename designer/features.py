"""From the columns of a table to the numbers an algorithm takes, the same way for training and scoring."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from designer.errors import StepFailed
from designer.learners import Learner
from designer.schema import NUMERIC, TableSchema
from designer.types import Table

if TYPE_CHECKING:
    import numpy

CATEGORY_DTYPES = ("string", "categorical", "boolean")
MAX_CATEGORIES = 10_000
ROW_SAMPLE = 5


def feature_names(schema: TableSchema, label: str | None) -> list[str]:
    """Return the columns to learn from: those with the role feature, or all but label and scores.

    Parameters
    ----------
    schema : TableSchema
        Columns of the training table.
    label : str or None
        The column to predict.

    Returns
    -------
    list of str
        Names in the order of the table.
    """
    chosen = [column.name for column in schema.columns if column.role == "feature" and column.name != label]
    return chosen or [column.name for column in schema.columns if column.name != label and column.role != "score"]


def unsuitable(schema: TableSchema, names: Sequence[str], algorithm: Learner) -> tuple[list[str], list[str]]:
    """Return the features of texts or booleans, and those of other types, that an algorithm cannot take."""
    texts, others = [], []
    for name in names:
        dtype = schema[name].dtype
        if dtype in CATEGORY_DTYPES:
            if not algorithm.accepts_categories:
                texts.append(name)
        elif dtype not in NUMERIC:
            others.append(name)
    return texts, others


def unsuitable_message(
    schema: TableSchema, names: Sequence[str], algorithm: Learner
) -> tuple[str, str, list[str]] | None:
    """Return a sentence, a fix and the columns when features cannot be used; None when all can."""
    texts, others = unsuitable(schema, names, algorithm)
    if texts:
        return (
            f"{algorithm.title} learns from numbers, but {listed(texts, schema)}.",
            "Add Convert to Indicator Values before it, or leave these columns out with Select Columns in Dataset.",
            texts,
        )
    if others:
        return (
            f"{algorithm.title} cannot learn from dates, times and other such columns: {listed(others, schema)}.",
            "Leave these columns out with Select Columns in Dataset, or compute numbers from them.",
            others,
        )
    return None


def listed(names: Sequence[str], schema: TableSchema | None = None) -> str:
    """Write some names in a sentence, with their data types when a schema is given."""
    shown = [f"{name[:80]!r}" + (f" is {schema[name].dtype}" if schema else "") for name in names[:5]]
    return ", ".join(shown) + (f" and {len(names) - 5} more" if len(names) > 5 else "")


def learn_features(table: Table, names: Sequence[str], algorithm: Learner) -> list[dict[str, Any]]:
    """Record what the features look like in training.

    Parameters
    ----------
    table : Table
        The training table.
    names : sequence of str
        Features.
    algorithm : Learner
        What will learn from them.

    Returns
    -------
    list of dict
        Name, dtype and, for columns used as categories, the values in order.

    Raises
    ------
    StepFailed
        When the algorithm cannot take a feature.
    """
    if not names:
        raise StepFailed(
            "no_features",
            "There is no column to learn from.",
            fix="Let more columns than the label through.",
            port="dataset",
        )
    if found := unsuitable_message(table.schema, names, algorithm):
        message, fix, columns = found
        raise StepFailed("unsuitable_features", message, fix=fix, port="dataset", columns=columns)
    features = []
    for name in names:
        dtype = table.schema[name].dtype
        feature: dict[str, Any] = {"name": name, "dtype": dtype, "categories": None}
        if dtype in CATEGORY_DTYPES:
            values = _as_text(table, name).drop_nulls().unique().sort().to_list()
            if len(values) > MAX_CATEGORIES:
                raise StepFailed(
                    "too_many_categories",
                    f"The column {name!r} has {len(values):,} different values; at most {MAX_CATEGORIES:,} are used.",
                    fix="Leave it out with Select Columns in Dataset.",
                    port="dataset",
                    columns=[name],
                )
            feature["categories"] = values
        features.append(feature)
    return features


def feature_matrix(table: Table, features: Sequence[Mapping[str, Any]], algorithm: Learner) -> numpy.ndarray:
    """Make the array that the algorithm takes.

    Parameters
    ----------
    table : Table
        Any table with the features' columns, in any order.
    features : sequence of mapping
        From ``learn_features``.
    algorithm : Learner
        What will be asked.

    Returns
    -------
    numpy.ndarray
        Float64, of shape (n_rows, n_features); missing values and categories never seen are not-a-number.

    Raises
    ------
    StepFailed
        When columns are missing or of another type, or values are missing or infinite where they must not be.
    """
    import numpy
    import polars

    names = [feature["name"] for feature in features]
    if missing := [name for name in names if name not in table.schema]:
        raise StepFailed(
            "unknown_column",
            f"The model was trained on columns that the table does not have: {listed(missing)}.",
            fix="Prepare the table in the same way as the training table.",
            port="dataset",
            columns=missing,
        )
    columns = []
    for feature in features:
        name, dtype = feature["name"], table.schema[feature["name"]].dtype
        if feature["categories"] is not None:
            codes = {value: code for code, value in enumerate(feature["categories"])}
            text = _as_text(table, name)
            columns.append(
                text.replace_strict(codes, default=None, return_dtype=polars.Float64)
                if codes
                else text.cast(polars.Float64, strict=False)
            )
        elif dtype in NUMERIC:
            columns.append(table.frame.get_column(name).cast(polars.Float64))
        else:
            raise StepFailed(
                "changed_type",
                f"The model was trained with {name!r} as {feature['dtype']}, but here it is {dtype}.",
                fix="Prepare the table in the same way as the training table.",
                port="dataset",
                columns=[name],
            )
    x = numpy.empty((table.frame.height, len(columns)), dtype=numpy.float64)
    for index, column in enumerate(columns):
        x[:, index] = column.fill_null(float("nan")).to_numpy()
    _check_values(x, names, algorithm)
    return x


def _as_text(table: Table, name: str) -> Any:
    import polars

    return table.frame.get_column(name).cast(polars.String)


def _check_values(x: numpy.ndarray, names: Sequence[str], algorithm: Learner) -> None:
    import numpy

    infinite = numpy.isinf(x)
    if infinite.any():
        bad = [names[i] for i in numpy.flatnonzero(infinite.any(axis=0)).tolist()]
        raise StepFailed(
            "infinite_values",
            f"Infinite values stand in {listed(bad)}.",
            fix="Replace them, for example with Apply SQL Transformation.",
            port="dataset",
            columns=bad,
            rows=numpy.flatnonzero(infinite.any(axis=1))[:ROW_SAMPLE].tolist(),
        )
    if algorithm.accepts_missing:
        return
    empty = numpy.isnan(x)
    if empty.any():
        counts = empty.sum(axis=0)
        empty_columns = numpy.flatnonzero(counts).tolist()
        shown = ", ".join(f"{names[i]!r} ({counts[i]:,})" for i in empty_columns[:5])
        more = f" and {len(empty_columns) - 5} more" if len(empty_columns) > 5 else ""
        raise StepFailed(
            "missing_values",
            f"{algorithm.title} cannot work with missing values, which stand in {shown}{more}.",
            fix="Add Clean Missing Data before it.",
            port="dataset",
            columns=[names[i] for i in empty_columns],
            rows=numpy.flatnonzero(empty.any(axis=1))[:ROW_SAMPLE].tolist(),
        )
