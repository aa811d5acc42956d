"""Ask a trained model about a table, and write its answers beside the rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from designer.component import SchemaFault
from designer.errors import StepFailed
from designer.features import feature_matrix, listed
from designer.learners import learner, one_thread
from designer.schema import TableSchema
from designer.training import class_text
from designer.types import Model, Table

LABELS, PROBABILITIES = "Scored Labels", "Scored Probabilities"
ASSIGNMENTS, DISTANCES = "Assignments", "DistancesToClusterCenter no."
_CLUSTERS_FIX = "Use Assign Data to Clusters."
_SCORES_FIX = "Use Score Model."


def predict(model: Model, table: Table) -> Any:
    """Return what a model says of each row.

    Parameters
    ----------
    model : Model
        A trained model.
    table : Table
        Rows with the model's features, of shape (n_rows, n_columns).

    Returns
    -------
    numpy.ndarray
        Values of shape (n_rows,); probabilities of shape (n_rows, n_classes); or distances to the centers, of shape
        (n_rows, n_clusters).

    Raises
    ------
    StepFailed
        When columns are missing, or have types or missing values that the model cannot take.
    """
    import numpy

    info = model.info
    algorithm = learner(info["algorithm"])
    x = feature_matrix(table, info["features"], algorithm)
    if not len(x):
        width = {"binary": 2, "multiclass": len(info["classes"] or []), "clustering": info.get("clusters", 0)}
        return numpy.empty(0) if info["task"] == "regression" else numpy.empty((0, width[info["task"]]))
    with one_thread():
        return as_probabilities(algorithm.predict(model.state, x), info["task"])


def as_probabilities(predicted: Any, task: str) -> Any:
    """Give the probability of the second of two classes the first one's beside it; others stay as they are."""
    import numpy

    return numpy.column_stack([1.0 - predicted, predicted]) if task == "binary" else predicted


def with_scores(table: Table, predicted: Any, info: Mapping[str, Any], *, append: bool = True) -> Table:
    """Write predictions as columns.

    Parameters
    ----------
    table : Table
        The rows that were asked about.
    predicted : numpy.ndarray
        From ``predict``.
    info : mapping
        Facts of the model: task, title, label, classes.
    append : bool
        Keep the columns of the table beside the scores.

    Returns
    -------
    Table
        Rows with score columns; earlier scores are replaced.
    """
    import polars

    notes: dict[str, Any] = {"task": info["task"]}
    if info["task"] == "regression":
        scores = [polars.Series(LABELS, predicted, dtype=polars.Float64)]
    else:
        classes = info["classes"]
        notes["classes"] = classes
        if info["task"] == "binary":
            positions = (predicted[:, 1] >= 0.5).astype(int)
            chances = [polars.Series(PROBABILITIES, predicted[:, 1], dtype=polars.Float64)]
        else:
            positions = predicted.argmax(axis=1)
            chances = [
                polars.Series(name, predicted[:, i], dtype=polars.Float64)
                for i, name in enumerate(probability_columns(classes))
            ]
        scores = [polars.Series(LABELS, classes).gather(positions), *chances]
    names = [series.name for series in scores]
    base = table.frame.drop(earlier_scores(table.schema), strict=False)
    frame = base.hstack(scores) if append else polars.DataFrame(scores)
    scored = table.with_frame(frame).with_role("score", *names)
    if info["label"] in frame.columns:
        scored = scored.with_role("label", info["label"])
    return scored.with_notes(scoring={**notes, "label": info["label"], "algorithm": info["title"]})


def with_clusters(table: Table, distances: Any, info: Mapping[str, Any], *, append: bool = True) -> Table:
    """Write each row's cluster and its distances to all centers as columns.

    Parameters
    ----------
    table : Table
        The rows that were asked about.
    distances : numpy.ndarray
        Of shape (n_rows, n_clusters), from ``predict``.
    info : mapping
        Facts of the model: title.
    append : bool
        Keep the columns of the table beside the assignments.

    Returns
    -------
    Table
        Rows with ``Assignments`` and ``DistancesToClusterCenter no.i``.
    """
    import polars

    scores = [polars.Series(ASSIGNMENTS, distances.argmin(axis=1), dtype=polars.Int64)]
    scores += [
        polars.Series(f"{DISTANCES}{i}", distances[:, i], dtype=polars.Float64) for i in range(distances.shape[1])
    ]
    base = table.frame.drop(earlier_clusters(table.schema), strict=False)
    frame = base.hstack(scores) if append else polars.DataFrame(scores)
    scored = table.with_frame(frame).with_role("score", *(series.name for series in scores))
    return scored.with_notes(scoring={"task": "clustering", "algorithm": info["title"]})


def probability_columns(classes: list[Any]) -> list[str]:
    """Return the name of each class's column of probabilities."""
    return [f"{PROBABILITIES}_{class_text(value)}" for value in classes]


def earlier_scores(schema: TableSchema) -> list[str]:
    """Return the columns that scoring a table again replaces."""
    return [
        column.name
        for column in schema.columns
        if column.name in (LABELS, PROBABILITIES)
        or (column.role == "score" and column.name.startswith(PROBABILITIES + "_"))
    ]


def earlier_clusters(schema: TableSchema) -> list[str]:
    """Return the columns that assigning rows to clusters again replaces."""
    return [column.name for column in schema.columns if is_cluster_column(column.name)]


def is_cluster_column(name: str) -> bool:
    """Say whether a column's name is one that assigning rows to clusters makes."""
    return name == ASSIGNMENTS or (name.startswith(DISTANCES) and name[len(DISTANCES) :].isdecimal())


def require_task(info: Mapping[str, Any], *, clustering: bool) -> None:
    """Refuse a model of the wrong kind (raises StepFailed)."""
    if wrong := wrong_task(info, clustering=clustering):
        raise StepFailed("unsuitable_model", wrong[0], fix=wrong[1], port="model")


def check_task(facts: Mapping[str, Any], *, clustering: bool) -> None:
    """Refuse a model of the wrong kind before it is trained (raises SchemaFault)."""
    if wrong := wrong_task(facts, clustering=clustering):
        raise SchemaFault("invalid_parameter", wrong[0], fix=wrong[1], port="model")


def wrong_task(facts: Mapping[str, Any], *, clustering: bool) -> tuple[str, str] | None:
    """Return a sentence and a fix when a model is not of the kind asked for."""
    title = learner(facts["algorithm"]).title
    if clustering and facts["task"] != "clustering":
        return f"{title} predicts a label and knows no clusters.", _SCORES_FIX
    if not clustering and facts["task"] == "clustering":
        return f"{title} puts rows into clusters and predicts no label.", _CLUSTERS_FIX
    return None


def check_columns(facts: Mapping[str, Any], dataset: TableSchema) -> None:
    """Refuse a table without the columns a model was trained on (raises SchemaFault)."""
    missing = [name for name in facts.get("features", []) if name not in dataset]
    if missing:
        raise SchemaFault(
            "unknown_column",
            f"The model is trained on columns that do not arrive here: {listed(missing)}.",
            fix="Prepare the table in the same way as the training table.",
            port="dataset",
        )


def scored_schema(facts: Mapping[str, Any] | None, dataset: TableSchema | None, *, append: bool) -> TableSchema | None:
    """Tell the columns that scoring will make; None when the classes are known only from the data."""
    if not facts or dataset is None:
        return None
    check_task(facts, clustering=False)
    check_columns(facts, dataset)
    dtype = "float" if facts["task"] == "regression" else facts.get("label_dtype")
    if dtype is None or facts["task"] == "multiclass":
        return None
    scored = dataset.drop(earlier_scores(dataset)) if append else TableSchema()
    if facts["label"] in scored:
        column = scored[facts["label"]]
        scored = scored.with_column(column.name, column.dtype, role="label", categorical=column.categorical)
    scored = scored.with_column(LABELS, "string" if dtype == "categorical" else dtype, role="score")
    return scored.with_column(PROBABILITIES, "float", role="score") if facts["task"] == "binary" else scored


def clusters_schema(
    facts: Mapping[str, Any] | None, dataset: TableSchema | None, *, append: bool
) -> TableSchema | None:
    """Tell the columns that assigning rows to clusters will make."""
    if not facts or dataset is None:
        return None
    assigned = dataset.drop(earlier_clusters(dataset)) if append else TableSchema()
    assigned = assigned.with_column(ASSIGNMENTS, "integer", role="score")
    for cluster in range(facts["clusters"]):
        assigned = assigned.with_column(f"{DISTANCES}{cluster}", "float", role="score")
    return assigned
