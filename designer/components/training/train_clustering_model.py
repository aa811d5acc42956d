"""Find clusters in a table."""

from typing import Annotated, Any, NamedTuple

from designer.clustering import cluster_columns, clustering_facts, train_clusters
from designer.component import DROP, component
from designer.parameters import ColumnSelector, ColumnsOf, Title
from designer.schema import TableSchema
from designer.scoring import clusters_schema, predict, with_clusters
from designer.types import Model, Table, UntrainedModel

NUMERIC_FEATURES: dict[str, Any] = {
    "rules": [
        {"action": "include", "by": "types", "values": ["numeric"]},
        {"action": "exclude", "by": "roles", "values": ["label", "score"]},
    ]
}


class ClusteredTable(NamedTuple):
    """What Train Clustering Model gives."""

    model: Annotated[Model, Title("Trained model")]
    dataset: Annotated[Table, Title("Results dataset")]


@component(family="Model training", in_inference=DROP, synonyms=("k-means", "fit clusters", "segments"))
def train_clustering_model(
    untrained_model: UntrainedModel,
    dataset: Table,
    *,
    columns: Annotated[ColumnSelector, ColumnsOf("dataset"), Title("Columns to cluster by")] = NUMERIC_FEATURES,
    append_columns: Annotated[bool, Title("Append to the input columns")] = True,
) -> ClusteredTable:
    """Train a model that puts rows into clusters, and tell the cluster of each row.

    Parameters
    ----------
    untrained_model : UntrainedModel
        Which algorithm, and its settings.
    dataset : Table
        Rows to cluster, of shape (n_rows, n_columns).
    columns : column selection
        By which rows are close or far; all numeric columns but label and scores unless told otherwise.
    append_columns : bool
        Keep the columns of the table beside the result.

    Returns
    -------
    model : Model
        The trained model; Assign Data to Clusters takes it.
    dataset : Table
        The rows with Assignments, counted from 0, and DistancesToClusterCenter no.i for each cluster.

    Raises
    ------
    StepFailed
        When there are fewer rows than clusters, or columns have types or missing values that cannot be used.
    """
    model = train_clusters(untrained_model, dataset, cluster_columns(dataset.schema, columns))
    return ClusteredTable(model, with_clusters(dataset, predict(model, dataset), model.info, append=append_columns))


@train_clustering_model.schema
def _(untrained_model, dataset: TableSchema | None, *, columns, append_columns: bool):
    facts = clustering_facts(untrained_model, dataset, columns)
    return facts, clusters_schema(facts, dataset, append=append_columns)
