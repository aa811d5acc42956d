"""Fit an algorithm to a table: what Train Model does once, and validation and tuning do many times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from designer import reporting
from designer.component import SchemaFault
from designer.errors import StepFailed
from designer.features import feature_matrix, feature_names, learn_features, listed, unsuitable_message
from designer.learners import LEARNERS, Learner, learner, one_thread
from designer.schema import NUMERIC, TableSchema
from designer.types import Model, Table, UntrainedModel

MAX_CLASSES = 1_000
SHOWN = 5
_NO_LABEL_FIX = "Train it with Train Clustering Model, or connect an algorithm that predicts a label."


def train(untrained_model: UntrainedModel, table: Table, label: str | None) -> Model:
    """Fit an algorithm that predicts one column from the others.

    Parameters
    ----------
    untrained_model : UntrainedModel
        Which algorithm, and its settings.
    table : Table
        Rows to learn from, of shape (n_rows, n_columns).
    label : str or None
        The column to predict.

    Returns
    -------
    Model
        The trained model.

    Raises
    ------
    StepFailed
        When the label does not suit the algorithm, or features have types or missing values that it cannot take.
    """
    algorithm = supervised(untrained_model)
    label = require_label(table, label)
    y, classes = label_values(table, label, algorithm)
    features = learn_features(table, feature_names(table.schema, label), algorithm)
    x = feature_matrix(table, features, algorithm)
    reporting.progress(None, f"Training on {x.shape[0]:,} rows and {x.shape[1]:,} features")
    categorical = [index for index, feature in enumerate(features) if feature["categories"] is not None]
    with one_thread():
        state = algorithm.fit(untrained_model.parameters, x, y, categorical)
    told = algorithm.explain(state, [feature["name"] for feature in features])
    for row in told["coefficients"]:
        if "class" in row:
            row["class"] = class_text((classes or [])[row["class"]])
    info = {
        "algorithm": algorithm.name,
        "title": algorithm.title,
        "task": algorithm.task,
        "label": label,
        "label_dtype": table.schema[label].dtype,
        "classes": classes,
        "features": features,
        "parameters": dict(untrained_model.parameters),
        "training": {"rows": x.shape[0], "columns": x.shape[1]},
        **told,
    }
    return Model(info, state)


def supervised(untrained_model: UntrainedModel) -> Learner:
    """Return an algorithm that learns a label (raises StepFailed for one that finds clusters)."""
    algorithm = learner(untrained_model.algorithm)
    if algorithm.task == "clustering":
        raise StepFailed(
            "unsuitable_algorithm",
            f"{algorithm.title} finds groups of rows and learns no label.",
            fix=_NO_LABEL_FIX,
            port="untrained_model",
        )
    return algorithm


def require_label(table: Table, label: str | None) -> str:
    """Return the label's name (raises StepFailed when the table does not have it, or has no rows)."""
    if label is None or label not in table.schema:
        raise StepFailed(
            "unknown_column",
            f"The table has no column {label!r}.",
            fix="Choose the column to predict.",
            parameter="label",
            columns=[label] if label else [],
        )
    if table.frame.height == 0:
        raise StepFailed(
            "no_rows", "The table has no rows to learn from.", fix="Look at the step before.", port="dataset"
        )
    return label


def class_text(value: Any) -> str:
    """Write a class as text, as polars does."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def label_values(
    table: Table, label: str, algorithm: Learner, classes: Sequence[Any] | None = None
) -> tuple[Any, list[Any] | None]:
    """Return the label as the algorithm takes it.

    Parameters
    ----------
    table : Table
        Rows with the label.
    label : str
        Its column.
    algorithm : Learner
        What will learn it.
    classes : sequence, optional
        The classes that a trained model knows; found in the table when left out.

    Returns
    -------
    tuple of numpy.ndarray and list
        Numbers, or the position of each row's class as float64, of shape (n_rows,); the classes in order, or None.

    Raises
    ------
    StepFailed
        When values are missing, or are not what the algorithm predicts.
    """
    column = table.frame.get_column(label)
    values = column.fill_nan(None) if column.dtype.is_float() else column
    if empty := values.null_count():
        raise StepFailed(
            "missing_label",
            f"The label {label!r} is missing in {empty:,} of {len(values):,} rows.",
            fix="Add Clean Missing Data before it, with the mode Remove entire row for this column.",
            parameter="label",
            columns=[label],
            rows=values.is_null().arg_true().head(SHOWN).to_list(),
        )
    dtype = table.schema[label].dtype
    if algorithm.task == "regression":
        return _numbers(values, label, dtype, algorithm), None
    return _positions(values, label, dtype, algorithm, classes)


def _numbers(values: Any, label: str, dtype: str, algorithm: Learner) -> Any:
    import numpy
    import polars

    if dtype not in NUMERIC:
        raise StepFailed(
            "label_not_numeric",
            f"{algorithm.title} predicts numbers, but the label {label!r} is {dtype}.",
            fix="Choose a numeric column, or an algorithm for classes.",
            parameter="label",
            columns=[label],
        )
    y = values.cast(polars.Float64).to_numpy()
    if not numpy.isfinite(y).all():
        raise StepFailed(
            "infinite_values",
            f"The label {label!r} has infinite values.",
            fix="Remove these rows.",
            parameter="label",
            columns=[label],
            rows=numpy.flatnonzero(~numpy.isfinite(y))[:SHOWN].tolist(),
        )
    return y


def _positions(
    values: Any, label: str, dtype: str, algorithm: Learner, known: Sequence[Any] | None
) -> tuple[Any, list[Any]]:
    import polars

    if dtype not in ("integer", "float", "boolean", "string", "categorical"):
        raise StepFailed(
            "label_type",
            f"The label {label!r} is {dtype}, which has no classes.",
            fix="Choose a column with a few different values.",
            parameter="label",
            columns=[label],
        )
    if dtype == "categorical":
        values = values.cast(polars.String)
    classes = values.unique().sort().to_list()
    if known is not None:
        if strange := [value for value in classes if value not in set(known)]:
            raise StepFailed(
                "label_classes",
                f"The label {label!r} has values that the model does not know: {_some(strange)}.",
                fix="Use rows whose label has the same values as in training.",
                parameter="label",
                columns=[label],
            )
        classes = list(known)
    elif algorithm.task == "binary" and len(classes) != 2:
        raise StepFailed(
            "label_classes",
            f"{algorithm.title} needs a label with two different values; {label!r} has {len(classes):,}: "
            f"{_some(classes)}.",
            fix="Choose another label"
            + (", or let more rows through." if len(classes) < 2 else ", or a multiclass or regression algorithm."),
            parameter="label",
            columns=[label],
        )
    elif len(classes) < 2:
        raise StepFailed(
            "label_classes",
            f"{algorithm.title} needs a label with at least two different values; {label!r} has only {_some(classes)}.",
            fix="Choose another label, or let more rows through.",
            parameter="label",
            columns=[label],
        )
    elif len(classes) > MAX_CLASSES:
        raise StepFailed(
            "label_classes",
            f"The label {label!r} has {len(classes):,} different values; at most {MAX_CLASSES:,} classes are learned.",
            fix="Choose another label, or a regression algorithm.",
            parameter="label",
            columns=[label],
        )
    order = polars.Series(classes, dtype=values.dtype)
    # Sorted values are found by bisection; equal ones exist, because the classes were taken from them.
    ranks = values.cast(polars.Int64) if dtype == "boolean" else order.search_sorted(values)
    return ranks.cast(polars.Float64).to_numpy(), classes


def _some(values: Sequence[Any]) -> str:
    return ", ".join(repr(value) for value in values[:SHOWN]) + (" …" if len(values) > SHOWN else "")


def training_facts(untrained_model: Mapping[str, Any] | None, dataset: TableSchema | None, label: str) -> dict | None:
    """Tell what is known of a model before it is trained: the schema rule of whatever trains.

    Parameters
    ----------
    untrained_model : mapping or None
        Facts about the algorithm.
    dataset : TableSchema or None
        Columns of the training table.
    label : str
        The column to predict.

    Returns
    -------
    dict or None
        Algorithm, task, label and, when the columns are known, features and the label's data type.

    Raises
    ------
    SchemaFault
        When the algorithm cannot learn this label from these columns.
    """
    algorithm = LEARNERS.get((untrained_model or {}).get("algorithm", ""))
    if algorithm is None:
        return None
    if algorithm.task == "clustering":
        raise SchemaFault(
            "invalid_parameter",
            f"{algorithm.title} finds groups of rows and learns no label.",
            fix=_NO_LABEL_FIX,
            port="untrained_model",
        )
    facts = {"algorithm": algorithm.name, "task": algorithm.task, "label": label}
    if dataset is None or label not in dataset:
        return facts
    names = feature_names(dataset, label)
    check_features(dataset, names, algorithm)
    if algorithm.task == "regression" and dataset[label].dtype not in (*NUMERIC, "other"):
        raise SchemaFault(
            "invalid_parameter",
            f"{algorithm.title} predicts numbers, but {listed([label], dataset)}.",
            fix="Choose a numeric column, or an algorithm for classes.",
            parameter="label",
        )
    return {**facts, "features": names, "label_dtype": dataset[label].dtype}


def check_features(dataset: TableSchema, names: Sequence[str], algorithm: Learner) -> None:
    """Refuse columns that an algorithm cannot learn from (raises SchemaFault)."""
    if not names:
        raise SchemaFault(
            "invalid_parameter", "No column is left to learn from.", fix="Let more columns through.", port="dataset"
        )
    if found := unsuitable_message(dataset, names, algorithm):
        raise SchemaFault("invalid_parameter", found[0], fix=found[1], port="dataset")
