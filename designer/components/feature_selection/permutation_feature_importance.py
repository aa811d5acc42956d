"""Tell how much a model's predictions hang on each feature."""

from typing import Annotated

from designer.component import DROP, component
from designer.evaluation.measures import ClassificationMetric, RegressionMetric, chosen_metric, measures
from designer.features import feature_matrix
from designer.learners import learner, one_thread
from designer.parameters import Range, Seed, Title
from designer.schema import TableSchema
from designer.scoring import as_probabilities, check_columns, check_task, require_task
from designer.training import label_values, require_label
from designer.types import Model, Table


@component(
    family="Feature selection",
    in_inference=DROP,
    synonyms=("explain", "variable importance", "pfi", "sensitivity"),
)
def permutation_feature_importance(
    model: Annotated[Model, Title("Trained model")],
    dataset: Annotated[Table, Title("Test data")],
    *,
    classification_metric: ClassificationMetric = "accuracy",
    regression_metric: RegressionMetric = "root_mean_squared_error",
    repeats: Annotated[int, Range(1, 100), Title("Number of shuffles")] = 5,
    seed: Annotated[Seed, Title("Random seed")] = 0,
) -> Annotated[Table, Title("Feature importance")]:
    """Measure how much worse a model gets when the values of one feature are shuffled.

    The importance of a feature is the loss in the metric, so a feature on which nothing hangs has about 0 and one
    that misleads has less. Features that tell the same thing share their importance.

    Parameters
    ----------
    model : Model
        A trained model.
    dataset : Table
        Rows with the label, of shape (n_rows, n_columns), best those that the model was not trained on.
    classification_metric : str
        What is measured when the model predicts classes; with several classes it is the mean over classes.
    regression_metric : str
        What is measured when the model predicts numbers.
    repeats : int in [1, 100]
        How often each feature is shuffled.
    seed : int
        Start of the random numbers. Without one, each run differs and is never reused.

    Returns
    -------
    importance : Table
        Feature, Importance (the mean loss) and Standard deviation over the shuffles, the most important first.

    Raises
    ------
    StepFailed
        When the table misses the label or features, or its rows do not define the metric.
    """
    import polars
    from sklearn.inspection import permutation_importance

    from designer import reporting

    info = model.info
    require_task(info, clustering=False)
    algorithm = learner(info["algorithm"])
    label = require_label(dataset, info["label"])
    y, _ = label_values(dataset, label, algorithm, info["classes"])
    x = feature_matrix(dataset, info["features"], algorithm)
    metric = chosen_metric(info["task"], classification_metric, regression_metric)
    asked, expected = 0, 1 + len(info["features"]) * repeats

    def gain(_: object, rows, actual) -> float:
        nonlocal asked
        asked += 1
        reporting.progress(asked / expected, f"{asked} of {expected} shuffles")
        predicted = as_probabilities(algorithm.predict(model.state, rows), info["task"])
        return metric.gain(metric.of(measures(info["task"], actual, predicted)))

    with one_thread():
        found = permutation_importance(_Fitted(), x, y, scoring=gain, n_repeats=repeats, random_state=seed, n_jobs=1)
    names = [feature["name"] for feature in info["features"]]
    frame = polars.DataFrame(
        {"Feature": names, "Importance": found.importances_mean, "Standard deviation": found.importances_std},
        schema={"Feature": polars.String, "Importance": polars.Float64, "Standard deviation": polars.Float64},
    )
    return Table(frame.sort("Importance", descending=True, maintain_order=True))


class _Fitted:
    """Stands for the model, which is asked by ``gain`` and not by scikit-learn."""

    def fit(self, x: object, y: object) -> None:
        """Do nothing: the model is trained."""


@permutation_feature_importance.schema
def _(model, dataset: TableSchema | None, **_):
    if model:
        check_task(model, clustering=False)
        if dataset is not None:
            check_columns(model, dataset)
    return TableSchema.of(**{"Feature": "string", "Importance": "float", "Standard deviation": "float"})
