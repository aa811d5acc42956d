"""Search for the settings with which an algorithm does best."""

from typing import Annotated, Literal, NamedTuple

from designer.component import DROP, SchemaFault, component
from designer.errors import StepFailed
from designer.evaluation.measures import NAMES, ClassificationMetric, RegressionMetric, chosen_metric
from designer.folds import draw_folds
from designer.learners import LEARNERS
from designer.parameters import (
    Choices,
    ColumnName,
    ColumnsOf,
    Multiline,
    Optional,
    Placeholder,
    Range,
    Seed,
    ShownWhen,
    Title,
)
from designer.schema import TableSchema
from designer.search_space import Dimension, SearchSpaceInvalid, parse_space
from designer.training import require_label, supervised, train, training_facts
from designer.tuning import MAX_TRIALS, Judge, Trial, grid_size, ranked, search, with_parameters
from designer.types import Model, Table, UntrainedModel


class TunedModel(NamedTuple):
    """What Tune Model Hyperparameters gives."""

    sweep_results: Annotated[Table, Title("Sweep results")]
    model: Annotated[Model, Title("Trained best model")]


@component(
    family="Model training",
    in_inference=DROP,
    synonyms=("hyperparameter", "sweep", "grid search", "random search", "bayesian", "optuna", "optimize"),
)
def tune_model_hyperparameters(
    untrained_model: UntrainedModel,
    dataset: Annotated[Table, Title("Training dataset")],
    validation_dataset: Annotated[Table | None, Title("Validation dataset")] = None,
    *,
    label: Annotated[ColumnName, ColumnsOf("dataset"), Title("Label column")] = None,
    classification_metric: ClassificationMetric = "accuracy",
    regression_metric: RegressionMetric = "root_mean_squared_error",
    sampling: Annotated[
        Literal["bayesian", "random", "grid"],
        Title("Sampling"),
        Choices(bayesian="Bayesian (near what did well)", random="Random", grid="Entire grid"),
    ] = "bayesian",
    trials: Annotated[
        int, Range(1, MAX_TRIALS), ShownWhen(sampling=["bayesian", "random"]), Title("Number of trials")
    ] = 20,
    search_space: Annotated[
        Multiline, Optional, Placeholder("trees: 20, 100, 500\nlearning_rate: 0.01 to 0.3 log"), Title("Search space")
    ] = "",
    folds: Annotated[int, Range(2, 20), Title("Number of folds")] = 5,
    seed: Annotated[Seed, Title("Random seed")] = 0,
) -> TunedModel:
    """Try an algorithm with many settings, and train it with those that do best.

    Each trial is measured on the validation dataset or, without one, across folds of the training rows. The best
    settings are then trained on all training rows. A trial whose settings do not work is recorded and the search
    goes on.

    Parameters
    ----------
    untrained_model : UntrainedModel
        Which algorithm; its settings that are not tuned stay as they are.
    dataset : Table
        Rows to learn from, of shape (n_rows, n_columns).
    validation_dataset : Table
        Rows to measure on, with the same columns.
    label : str
        The column to predict.
    classification_metric : str
        What counts when classes are predicted; with several classes it is the mean over classes.
    regression_metric : str
        What counts when numbers are predicted.
    sampling : {"bayesian", "random", "grid"}
        Bayesian learns from the trials before; random draws each anew; the grid tries every combination, with
        three points of each range unless it says how many.
    trials : int in [1, 1000]
        How many settings are tried.
    search_space : str
        One parameter a line: values such as ``trees: 20, 100, 500`` or a range such as
        ``learning_rate: 0.01 to 0.3 log``, which a grid divides as in ``leaves: 8 to 128 log in 5 steps``. Empty
        tries what the algorithm's page says.
    folds : int in [2, 20]
        Into how many parts the training rows are divided when there is no validation dataset.
    seed : int
        Start of the random numbers. Without one, each run differs and is never reused.

    Returns
    -------
    sweep_results : Table
        One row a trial, the best first: its settings, its metrics and, where it failed, why.
    model : Model
        Trained on all training rows with the best settings.

    Raises
    ------
    StepFailed
        When the search space names what cannot be tuned, a grid is too large, or every trial failed.
    """
    algorithm = supervised(untrained_model)
    label = require_label(dataset, label)
    metric = chosen_metric(algorithm.task, classification_metric, regression_metric)
    try:
        space = parse_space(search_space, algorithm, list(untrained_model.parameters))
    except SearchSpaceInvalid as error:
        raise StepFailed("invalid_parameter", _sentence(error), fix=error.fix, parameter="search_space") from error
    divided = None
    if validation_dataset is None:
        divided = draw_folds(untrained_model, dataset, label, count=folds, stratified=True, seed=seed)
    judge = Judge(dataset, label, validation_dataset, divided)
    found = search(untrained_model, space, judge, metric, sampling=sampling, trials=trials, seed=seed)
    order = ranked(found, metric)
    model = train(with_parameters(untrained_model, order[0].parameters), dataset, label)
    return TunedModel(Table(_sweep(order, space, algorithm.task)), model)


def _sentence(error: SearchSpaceInvalid) -> str:
    return f"The search space cannot be used. {error}"


def _sweep(order: list[Trial], space: list[Dimension], task: str):
    import polars

    types = {"integer": polars.Int64, "float": polars.Float64, "boolean": polars.Boolean, "string": polars.String}
    columns: dict[str, tuple] = {"Trial": (polars.Int64, [trial.number for trial in order])}
    for dimension in space:
        columns[dimension.name] = (types[dimension.dtype], [trial.parameters[dimension.name] for trial in order])
    for name in NAMES[task]:
        columns[name] = (polars.Float64, [trial.metrics.get(name) for trial in order])
    columns["Failure"] = (polars.String, [trial.failure or None for trial in order])
    return polars.DataFrame([polars.Series(name, values, dtype=dtype) for name, (dtype, values) in columns.items()])


@tune_model_hyperparameters.schema
def _(
    untrained_model,
    dataset: TableSchema | None,
    validation_dataset: TableSchema | None,
    *,
    label: str,
    sampling: str,
    search_space: str,
    **_,
):
    facts = training_facts(untrained_model, dataset, label)
    if facts is None:
        return None
    algorithm = LEARNERS[facts["algorithm"]]
    try:
        space = parse_space(search_space, algorithm, untrained_model.get("settings"))
    except SearchSpaceInvalid as error:
        raise SchemaFault("invalid_parameter", _sentence(error), fix=error.fix, parameter="search_space") from error
    if sampling == "grid" and grid_size(space) > MAX_TRIALS:
        raise SchemaFault(
            "invalid_parameter",
            f"The grid has {grid_size(space):,} combinations; at most {MAX_TRIALS:,} are tried.",
            fix="Name fewer values or parameters in the search space, or sample at random.",
            parameter="search_space",
        )
    if validation_dataset is not None and label not in validation_dataset:
        raise SchemaFault(
            "unknown_column",
            f"The label {label!r} does not arrive in the validation dataset.",
            fix="Prepare it in the same way as the training dataset.",
            port="validation_dataset",
        )
    columns = {dimension.name: dimension.dtype for dimension in space}
    columns |= dict.fromkeys(NAMES[facts["task"]], "float")
    return TableSchema.of(**{"Trial": "integer", **columns, "Failure": "string"}), facts
