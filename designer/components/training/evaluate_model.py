"""Measure how good predictions are."""

from typing import Annotated

from designer.component import DROP, component
from designer.errors import StepFailed
from designer.evaluation import evaluate
from designer.parameters import Title
from designer.schema import TableSchema
from designer.types import Metrics, Table


@component(
    family="Model scoring and evaluation",
    in_inference=DROP,
    synonyms=("metrics", "roc", "auc", "confusion matrix", "accuracy", "rmse", "r2"),
)
def evaluate_model(
    scored_dataset: Annotated[Table, Title("Scored dataset")],
    scored_dataset_to_compare: Annotated[Table | None, Title("Scored dataset to compare")] = None,
) -> Annotated[Metrics, Title("Evaluation results")]:
    """Measure how good predictions are; compare two models side by side.

    Two classes give accuracy, precision, recall, F1, AUC and log loss with ROC and precision-recall curves;
    more classes give accuracy, macro and micro averages, log loss and a confusion matrix; numbers give the mean
    absolute error, RMSE, relative errors and R²; clusters give the distances of their rows to their own center and
    to the others.

    Parameters
    ----------
    scored_dataset : Table
        Output of Score Model, with its label column, or of Assign Data to Clusters.
    scored_dataset_to_compare : Table
        Output of another model of the same kind.

    Returns
    -------
    evaluation : Metrics
        Numbers and curves.

    Raises
    ------
    StepFailed
        When a table is not scored, has no label, or the two are of different kinds.
    """
    from designer import reporting

    task, first = evaluate(scored_dataset, "scored_dataset", "Scored dataset")
    results = [first]
    if scored_dataset_to_compare is not None:
        other, second = evaluate(scored_dataset_to_compare, "scored_dataset_to_compare", "Scored dataset to compare")
        if other != task:
            raise StepFailed(
                "different_tasks",
                f"The first table is scored by a {task} model, the second by a {other} model.",
                fix="Compare models of the same kind.",
                port="scored_dataset_to_compare",
            )
        results.append(second)
    for number, result in enumerate(results, start=1):
        for name, value in result["metrics"].items():
            reporting.metric(name if number == 1 else f"{name} ({number})", value)
    return Metrics({"kind": "evaluation", "task": task, "results": results})


@evaluate_model.schema
def _(scored_dataset: TableSchema | None, scored_dataset_to_compare: TableSchema | None):
    return None
