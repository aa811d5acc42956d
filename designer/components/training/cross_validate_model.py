"""Measure an algorithm on rows it has not seen, several times over."""

from typing import Annotated, NamedTuple

from designer.component import DROP, component
from designer.evaluation.measures import NAMES
from designer.folds import CrossValidation, Folds, cross_validate, draw_folds, folds_of_column
from designer.parameters import ColumnName, ColumnsOf, Optional, Range, Seed, ShownWhen, Title
from designer.schema import TableSchema
from designer.scoring import scored_schema, with_scores
from designer.training import class_text, training_facts
from designer.types import Table, UntrainedModel

FOLD = "Fold Number"


class ValidatedModel(NamedTuple):
    """What Cross Validate Model gives."""

    scored_dataset: Annotated[Table, Title("Scored results")]
    results_by_fold: Annotated[Table, Title("Evaluation results by fold")]


@component(
    family="Model scoring and evaluation",
    in_inference=DROP,
    synonyms=("k-fold", "cross validation", "folds", "generalization"),
)
def cross_validate_model(
    untrained_model: UntrainedModel,
    dataset: Table,
    *,
    label: Annotated[ColumnName, ColumnsOf("dataset"), Title("Label column")] = None,
    fold_column: Annotated[ColumnName, ColumnsOf("dataset"), Optional, Title("Column with folds")] = None,
    folds: Annotated[int, Range(2, 100), ShownWhen(fold_column=None), Title("Number of folds")] = 10,
    stratified: Annotated[bool, ShownWhen(fold_column=None), Title("Stratified")] = True,
    seed: Annotated[Seed, ShownWhen(fold_column=None), Title("Random seed")] = 0,
) -> ValidatedModel:
    """Train and score in turns, so that every row is scored by a model that has not seen it.

    The rows are divided into folds. For each fold, a model is trained on the rows of all others and measured on
    its rows. Metrics that vary little from fold to fold promise the same for new rows.

    Parameters
    ----------
    untrained_model : UntrainedModel
        Which algorithm, and its settings.
    dataset : Table
        Rows to learn from and to score, of shape (n_rows, n_columns).
    label : str
        The column to predict.
    fold_column : str
        Column whose values are the folds, such as Partition and Sample writes; it is not learned from. Empty
        draws them at random.
    folds : int in [2, 100]
        Into how many parts the rows are divided.
    stratified : bool
        Give each fold the same share of every class. Has no meaning when numbers are predicted.
    seed : int
        Start of the random numbers. Without one, each run differs and is never reused.

    Returns
    -------
    scored_dataset : Table
        The rows with their scores, and in Fold Number the fold they were drawn into. A column of that name from
        an earlier validation is replaced.
    results_by_fold : Table
        The metrics of each fold, then their mean and their standard deviation (of a sample).

    Raises
    ------
    StepFailed
        When there are too few rows for the folds, or the algorithm cannot learn this label from these columns.
    """
    from designer import reporting

    learned = dataset.with_frame(dataset.frame.drop({fold_column or FOLD} - {label or ""}, strict=False))
    if fold_column is None:
        divided = draw_folds(untrained_model, learned, label, count=folds, stratified=stratified, seed=seed)
    else:
        divided = folds_of_column(dataset, fold_column)
    found = cross_validate(untrained_model, learned, label, divided)
    for name, value in found.means.items():
        reporting.metric(name, value)
    rows = dataset if fold_column is not None else dataset.with_frame(_numbered(dataset.frame, divided))
    return ValidatedModel(with_scores(rows, found.predicted, found.info), Table(_by_fold(divided, found)))


def _numbered(frame, divided: Folds):
    import polars

    return frame.with_columns(polars.Series(FOLD, divided.names, dtype=polars.Int64).gather(divided.fold_of))


def _by_fold(divided: Folds, found: CrossValidation):
    import numpy
    import polars

    sizes = numpy.bincount(divided.fold_of, minlength=len(divided.names))
    columns: dict[str, list] = {
        "Fold": [*map(class_text, divided.names), "Mean", "Standard deviation"],
        "Rows": [*sizes.tolist(), None, None],
    }
    for name in NAMES[found.info["task"]]:
        values = [metrics.get(name) for metrics in found.metrics]
        known = [value for value in values if value is not None]
        mean = float(numpy.mean(known)) if known else None
        columns[name] = [*values, mean, float(numpy.std(known, ddof=1)) if len(known) > 1 else None]
    types = {"Fold": polars.String, "Rows": polars.Int64}
    return polars.DataFrame(columns, schema={name: types.get(name, polars.Float64) for name in columns})


@cross_validate_model.schema
def _(untrained_model, dataset: TableSchema | None, *, label: str, fold_column: str | None, **_):
    if dataset is None:
        return None
    facts = training_facts(untrained_model, dataset.drop({fold_column or FOLD} - {label}), label)
    if facts is None:
        return None
    rows = dataset if fold_column else dataset.with_column(FOLD, "integer")
    by_fold = TableSchema.of(Fold="string", Rows="integer", **dict.fromkeys(NAMES[facts["task"]], "float"))
    return scored_schema(facts, rows, append=True), by_fold
