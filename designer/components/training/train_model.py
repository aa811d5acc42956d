"""Fit an algorithm to a table."""

from typing import Annotated

from designer.component import DROP, component
from designer.parameters import ColumnName, ColumnsOf, Title
from designer.schema import TableSchema
from designer.training import train, training_facts
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
    return train(untrained_model, dataset, label)


@train_model.schema
def _(untrained_model, dataset: TableSchema | None, *, label: str):
    return training_facts(untrained_model, dataset, label)
