"""Ask a trained model about a table."""

from typing import Annotated

from designer.component import component
from designer.parameters import Title
from designer.schema import TableSchema
from designer.scoring import predict, require_task, scored_schema, with_scores
from designer.types import Model, Table


@component(family="Model scoring and evaluation", synonyms=("predict", "inference", "apply model"))
def score_model(
    model: Annotated[Model, Title("Trained model")],
    dataset: Table,
    *,
    append_columns: Annotated[bool, Title("Append score columns to output")] = True,
) -> Annotated[Table, Title("Scored dataset")]:
    """Predict the label of each row with a trained model.

    Adds Scored Labels and, for two classes, Scored Probabilities: the probability of the second class in
    sorted order. A row gets the second class from a probability of 0.5. With more classes there is a column
    Scored Probabilities_CLASS for each, and a row gets the most probable one.

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
    require_task(model.info, clustering=False)
    return with_scores(dataset, predict(model, dataset), model.info, append=append_columns)


@score_model.schema
def _(model, dataset: TableSchema | None, *, append_columns: bool):
    return scored_schema(model, dataset, append=append_columns)
