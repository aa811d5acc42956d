"""Ask a trained model about a table."""

from typing import Annotated, Any

from designer.component import SchemaFault, component
from designer.features import feature_matrix, listed
from designer.learners import learner
from designer.parameters import Title
from designer.schema import TableSchema
from designer.types import Model, Table

LABELS, PROBABILITIES = "Scored Labels", "Scored Probabilities"


@component(family="Model scoring and evaluation", synonyms=("predict", "inference", "apply model"))
def score_model(
    model: Annotated[Model, Title("Trained model")],
    dataset: Table,
    *,
    append_columns: Annotated[bool, Title("Append score columns to output")] = True,
) -> Annotated[Table, Title("Scored dataset")]:
    """Predict the label of each row with a trained model.

    Adds Scored Labels and, for two classes, Scored Probabilities: the probability of the second class in
    sorted order. A row gets the second class from a probability of 0.5.

    Parameters
    ----------
    model : Model
        A trained model.
    dataset : Table
        Rows to predict, of shape (n_rows, n_columns), with the columns the model was trained on.
    append_columns : bool
        Keep the columns of the table beside the scores. Evaluate Model needs the label among them.

    Returns
    -------
    dataset : Table
        The rows with their scores.

    Raises
    ------
    StepFailed
        When columns are missing, or have types or missing values that the model cannot take.
    """
    import polars

    info = model.info
    algorithm = learner(info["algorithm"])
    x = feature_matrix(dataset, info["features"], algorithm)
    predicted = algorithm.predict(model.state, x) if len(x) else x[:, 0]
    if info["task"] == "regression":
        scores = [polars.Series(LABELS, predicted, dtype=polars.Float64)]
        notes: dict[str, Any] = {"task": "regression"}
    else:
        low, high = info["classes"]
        labels = polars.Series(LABELS, predicted >= 0.5, dtype=polars.Boolean)
        text = polars.DataFrame([labels]).select(
            polars.when(LABELS).then(polars.lit(high)).otherwise(polars.lit(low)).alias(LABELS)
        )
        scores = [text.to_series(), polars.Series(PROBABILITIES, predicted, dtype=polars.Float64)]
        notes = {"task": "binary", "classes": [low, high]}
    # Scoring a table a second time replaces the scores of the first.
    names = [series.name for series in scores]
    base = dataset.frame.drop(LABELS, PROBABILITIES, strict=False)
    frame = base.hstack(scores) if append_columns else polars.DataFrame(scores)
    scored = dataset.with_frame(frame).with_role("score", *names)
    if info["label"] in frame.columns:
        scored = scored.with_role("label", info["label"])
    return scored.with_notes(scoring={**notes, "label": info["label"], "algorithm": info["title"]})


@score_model.schema
def _(model, dataset: TableSchema | None, *, append_columns: bool):
    if not model or dataset is None:
        return None
    missing = [name for name in model.get("features", []) if name not in dataset]
    if missing:
        raise SchemaFault(
            "unknown_column",
            f"The model is trained on columns that do not arrive here: {listed(missing)}.",
            fix="Prepare the table in the same way as the training table.",
            port="dataset",
        )
    binary = model["task"] != "regression"
    dtype = "float" if not binary else model.get("label_dtype")
    if dtype is None:
        return None
    scored = dataset.drop([LABELS, PROBABILITIES]) if append_columns else TableSchema()
    if model["label"] in scored:
        column = scored[model["label"]]
        scored = scored.with_column(column.name, column.dtype, role="label", categorical=column.categorical)
    scored = scored.with_column(LABELS, "string" if dtype == "categorical" else dtype, role="score")
    return scored.with_column(PROBABILITIES, "float", role="score") if binary else scored
