"""Find groups of rows: what Train Clustering Model does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from designer import reporting
from designer.component import SchemaFault
from designer.errors import StepFailed
from designer.features import feature_matrix, learn_features
from designer.learners import LEARNERS, Learner, learner, one_thread
from designer.schema import TableSchema, select_columns
from designer.scoring import earlier_clusters
from designer.training import check_features
from designer.types import Model, Table, UntrainedModel

_WRONG_FIX = "Train it with Train Model, or connect K-Means Clustering."


def train_clusters(untrained_model: UntrainedModel, table: Table, names: Sequence[str]) -> Model:
    """Fit an algorithm that puts rows into clusters.

    Parameters
    ----------
    untrained_model : UntrainedModel
        Which algorithm, and its settings.
    table : Table
        Rows to learn from, of shape (n_rows, n_columns).
    names : sequence of str
        Columns by which rows are close or far.

    Returns
    -------
    Model
        The trained model; ``clusters`` says how many there are.

    Raises
    ------
    StepFailed
        When the algorithm learns a label, there are too few rows, or columns have types or missing values that it
        cannot take.
    """
    algorithm = learner(untrained_model.algorithm)
    if algorithm.task != "clustering":
        raise StepFailed("unsuitable_algorithm", _wrong(algorithm), fix=_WRONG_FIX, port="untrained_model")
    features = learn_features(table, names, algorithm)
    x = feature_matrix(table, features, algorithm)
    reporting.progress(None, f"Clustering {x.shape[0]:,} rows by {x.shape[1]:,} columns")
    with one_thread():
        state = algorithm.fit(untrained_model.parameters, x, None, [])
    info = {
        "algorithm": algorithm.name,
        "title": algorithm.title,
        "task": algorithm.task,
        "label": None,
        "label_dtype": None,
        "classes": None,
        "clusters": untrained_model.parameters["centroids"],
        "features": features,
        "parameters": dict(untrained_model.parameters),
        "training": {"rows": x.shape[0], "columns": x.shape[1]},
        **algorithm.explain(state, list(names)),
    }
    return Model(info, state)


def cluster_columns(schema: TableSchema, selector: Mapping[str, Any] | None) -> list[str]:
    """Return the columns that a selection picks, without those of an earlier clustering."""
    earlier = set(earlier_clusters(schema))
    return [name for name in select_columns(schema, selector).names if name not in earlier]


def clustering_facts(
    untrained_model: Mapping[str, Any] | None, dataset: TableSchema | None, selector: Mapping[str, Any] | None
) -> dict[str, Any] | None:
    """Tell what is known of a clustering before it is trained.

    Parameters
    ----------
    untrained_model : mapping or None
        Facts about the algorithm.
    dataset : TableSchema or None
        Columns of the training table.
    selector : mapping or None
        Which of them count.

    Returns
    -------
    dict or None
        Algorithm, task, number of clusters and, when the columns are known, features.

    Raises
    ------
    SchemaFault
        When the algorithm learns a label, or cannot take these columns.
    """
    algorithm = LEARNERS.get((untrained_model or {}).get("algorithm", ""))
    if algorithm is None or untrained_model is None:
        return None
    if algorithm.task != "clustering":
        raise SchemaFault("invalid_parameter", _wrong(algorithm), fix=_WRONG_FIX, port="untrained_model")
    facts = {"algorithm": algorithm.name, "task": algorithm.task, "clusters": untrained_model["clusters"]}
    if dataset is None:
        return facts
    names = cluster_columns(dataset, selector)
    check_features(dataset, names, algorithm)
    return {**facts, "features": names}


def _wrong(algorithm: Learner) -> str:
    return f"{algorithm.title} learns a label and finds no clusters."
