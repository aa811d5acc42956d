"""Put rows into the clusters of a trained model."""

from typing import Annotated

from designer.component import component
from designer.parameters import Title
from designer.schema import TableSchema
from designer.scoring import check_columns, check_task, clusters_schema, predict, require_task, with_clusters
from designer.types import Model, Table


@component(
    family="Model scoring and evaluation",
    title="Assign Data to Clusters",
    synonyms=("predict clusters", "k-means", "segments"),
)
def assign_data_to_clusters(
    model: Annotated[Model, Title("Trained model")],
    dataset: Table,
    *,
    append_columns: Annotated[bool, Title("Append to the input columns")] = True,
) -> Annotated[Table, Title("Results dataset")]:
    """Tell to which cluster of a trained model each row belongs.

    Parameters
    ----------
    model : Model
        From Train Clustering Model.
    dataset : Table
        Rows to assign, of shape (n_rows, n_columns), with the columns the model was trained on.
    append_columns : bool
        Keep the columns of the table beside the result.

    Returns
    -------
    dataset : Table
        The rows with Assignments, counted from 0, and DistancesToClusterCenter no.i for each cluster.

    Raises
    ------
    StepFailed
        When the model is no clustering, or columns are missing or have values that it cannot take.
    """
    require_task(model.info, clustering=True)
    return with_clusters(dataset, predict(model, dataset), model.info, append=append_columns)


@assign_data_to_clusters.schema
def _(model, dataset: TableSchema | None, *, append_columns: bool):
    if model:
        check_task(model, clustering=True)
        if dataset is not None:
            check_columns(model, dataset)
    return clusters_schema(model, dataset, append=append_columns)
