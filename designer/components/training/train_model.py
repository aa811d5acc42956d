"""Fit an algorithm to a table."""

from typing import Annotated

from designer.component import DROP, SchemaFault, component
from designer.errors import StepFailed
from designer.features import feature_matrix, feature_names, learn_features, listed, unsuitable_message
from designer.learners import LEARNERS, learner
from designer.parameters import ColumnName, ColumnsOf, Title
from designer.schema import NUMERIC, TableSchema
from designer.types import Model, Table, UntrainedModel


@component(family="Model training", in_inference=DROP, synonyms=("fit", "learn"))
def train_model(
    untrained_model: UntrainedModel,
    dataset: Table,
    *,
    label: Annotated[ColumnName, ColumnsOf("dataset"), Title("Label column")] = None,
) -> Annotated[Model, Title("Trained model")]:
    """Train a model to predict one column from the others.

    Columns with the role feature are learned from, if there are any; otherwise all columns but the label and
    earlier scores are.

    Parameters
    ----------
    untrained_model : UntrainedModel
        Which algorithm, and its settings.
    dataset : Table
        Rows to learn from, of shape (n_rows, n_columns).
    label : str
        The column to predict.

    Returns
    -------
    model : Model
        The trained model, with its features and their types.

    Raises
    ------
    StepFailed
        When the label does not suit the algorithm, or features have types or missing values that it cannot take.
    """
    from designer import reporting

    algorithm = learner(untrained_model.algorithm)
    if label is None or label not in dataset.schema:
        raise StepFailed(
            "unknown_column",
            f"The table has no column {label!r}.",
            fix="Choose the column to predict.",
            parameter="label",
            columns=[label] if label else [],
        )
    if dataset.frame.height == 0:
        raise StepFailed(
            "no_rows", "The table has no rows to learn from.", fix="Look at the step before.", port="dataset"
        )
    y, classes = _labels(dataset, label, algorithm)
    features = learn_features(dataset, feature_names(dataset.schema, label), algorithm)
    x = feature_matrix(dataset, features, algorithm)
    reporting.progress(None, f"Training on {x.shape[0]:,} rows and {x.shape[1]:,} features")
    categorical = [index for index, feature in enumerate(features) if feature["categories"] is not None]
    state = algorithm.fit(untrained_model.parameters, x, y, categorical)
    info = {
        "algorithm": algorithm.name,
        "title": algorithm.title,
        "task": algorithm.task,
        "label": label,
        "label_dtype": dataset.schema[label].dtype,
        "classes": classes,
        "features": features,
        "parameters": dict(untrained_model.parameters),
        "training": {"rows": x.shape[0], "columns": x.shape[1]},
        **algorithm.explain(state, [feature["name"] for feature in features]),
    }
    return Model(info, state)


def _labels(table, label, algorithm):
    """Return numbers for the label, and the two classes in order where there are classes."""
    import numpy
    import polars

    column = table.frame.get_column(label)
    values = column.fill_nan(None) if column.dtype.is_float() else column
    if empty := values.null_count():
        raise StepFailed(
            "missing_label",
            f"The label {label!r} is missing in {empty:,} of {len(values):,} rows.",
            fix="Add Clean Missing Data before it, with the mode Remove entire row for this column.",
            parameter="label",
            columns=[label],
            rows=values.is_null().arg_true().head(5).to_list(),
        )
    dtype = table.schema[label].dtype
    if algorithm.task == "regression":
        if dtype not in NUMERIC:
            raise StepFailed(
                "label_not_numeric",
                f"{algorithm.title} predicts numbers, but the label {label!r} is {dtype}.",
                fix="Choose a numeric column, or a two-class algorithm.",
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
                rows=numpy.flatnonzero(~numpy.isfinite(y))[:5].tolist(),
            )
        return y, None
    if dtype not in ("integer", "float", "boolean", "string", "categorical"):
        raise StepFailed(
            "label_type",
            f"The label {label!r} is {dtype}, which has no classes.",
            fix="Choose a column with two different values.",
            parameter="label",
            columns=[label],
        )
    if dtype == "categorical":
        values = values.cast(polars.String)
    classes = values.unique().sort().to_list()
    if len(classes) != 2:
        shown = ", ".join(repr(value) for value in classes[:5]) + (" …" if len(classes) > 5 else "")
        raise StepFailed(
            "label_classes",
            f"{algorithm.title} needs a label with two different values; {label!r} has {len(classes):,}: {shown}.",
            fix="Choose another label"
            + (", or let more rows through." if len(classes) < 2 else ", or a regression algorithm."),
            parameter="label",
            columns=[label],
        )
    return (values == classes[1]).cast(polars.Float64).to_numpy(), classes


@train_model.schema
def _(untrained_model, dataset: TableSchema | None, *, label: str):
    algorithm = LEARNERS.get((untrained_model or {}).get("algorithm", ""))
    if algorithm is None:
        return None
    facts = {"algorithm": algorithm.name, "task": algorithm.task, "label": label}
    if dataset is None or label not in dataset:
        return facts
    names = feature_names(dataset, label)
    if not names:
        raise SchemaFault(
            "invalid_parameter", "No column is left to learn from.", fix="Let more columns through.", port="dataset"
        )
    if found := unsuitable_message(dataset, names, algorithm):
        raise SchemaFault("invalid_parameter", found[0], fix=found[1], port="dataset")
    if algorithm.task == "regression" and dataset[label].dtype not in (*NUMERIC, "other"):
        raise SchemaFault(
            "invalid_parameter",
            f"{algorithm.title} predicts numbers, but {listed([label], dataset)}.",
            fix="Choose a numeric column, or a two-class algorithm.",
            parameter="label",
        )
    return {**facts, "features": names, "label_dtype": dataset[label].dtype}
