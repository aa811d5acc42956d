"""Train and score in turns, so that every row is scored by a model that has not seen it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from designer import reporting
from designer.errors import StepFailed
from designer.evaluation.measures import measures
from designer.scoring import predict
from designer.training import label_values, require_label, supervised, train
from designer.types import Model, Table, UntrainedModel

if TYPE_CHECKING:
    import numpy

MAX_FOLDS = 100


@dataclass(frozen=True)
class Folds:
    """Which rows are scored together.

    Parameters
    ----------
    names : list
        What each fold is called: numbers from 1, or the values of a column.
    fold_of : numpy.ndarray
        Position of each row's fold, of shape (n_rows,).
    """

    names: list[Any]
    fold_of: numpy.ndarray


@dataclass(frozen=True)
class CrossValidation:
    """What came of it.

    Parameters
    ----------
    predicted : numpy.ndarray
        Values of shape (n_rows,), or probabilities of shape (n_rows, n_classes).
    info : dict
        Facts as of a trained model: task, title, label and all classes.
    metrics : list of dict
        Metric to value, one entry a fold.
    """

    predicted: numpy.ndarray
    info: dict[str, Any]
    metrics: list[dict[str, float]]

    @property
    def means(self) -> dict[str, float]:
        """Return the mean over folds of each metric that every fold has."""
        shared = [name for name in self.metrics[0] if all(name in found for found in self.metrics)]
        return {name: sum(found[name] for found in self.metrics) / len(self.metrics) for name in shared}


def draw_folds(
    untrained_model: UntrainedModel, table: Table, label: str | None, *, count: int, stratified: bool, seed: int | None
) -> Folds:
    """Draw folds of about equal size.

    Parameters
    ----------
    untrained_model : UntrainedModel
        Tells whether the label has classes.
    table : Table
        All rows.
    label : str or None
        The column to predict.
    count : int
        Number of folds, at least 2.
    stratified : bool
        Give each fold the same share of every class; has no meaning for numbers.
    seed : int or None
        Start of the random numbers.

    Returns
    -------
    Folds
        As scikit-learn draws them.

    Raises
    ------
    StepFailed
        When there are fewer rows than folds, or a class has fewer and the folds shall be stratified.
    """
    import numpy
    from sklearn.model_selection import KFold, StratifiedKFold

    algorithm = supervised(untrained_model)
    label = require_label(table, label)
    rows = table.frame.height
    if rows < count:
        raise StepFailed(
            "too_few_rows",
            f"{rows:,} rows cannot be divided into {count} folds.",
            fix="Ask for fewer folds, or let more rows through.",
            parameter="folds",
        )
    y, classes = label_values(table, label, algorithm)
    by_class = stratified and classes is not None
    if by_class and classes is not None:
        sizes = numpy.bincount(y.astype(int), minlength=len(classes))
        if sizes.min() < count:
            rare = classes[int(sizes.argmin())]
            raise StepFailed(
                "too_few_rows",
                f"The class {rare!r} of {label!r} has {sizes.min():,} rows, fewer than the {count} folds.",
                fix="Ask for fewer folds, turn off Stratified, or leave the class out.",
                parameter="folds",
                columns=[label],
            )
    splitter = (StratifiedKFold if by_class else KFold)(count, shuffle=True, random_state=seed)
    fold_of = numpy.empty(rows, dtype=int)
    for position, (_, chosen) in enumerate(splitter.split(numpy.zeros(rows), y if by_class else None)):
        fold_of[chosen] = position
    return Folds(list(range(1, count + 1)), fold_of)


def folds_of_column(table: Table, column: str) -> Folds:
    """Take the folds from a column: one for each value.

    Parameters
    ----------
    table : Table
        All rows.
    column : str
        Numbers or texts, such as those that Partition and Sample writes.

    Returns
    -------
    Folds
        In the order of the values.

    Raises
    ------
    StepFailed
        When a value is missing, there are fewer than 2, or so many that nearly each row has its own.
    """
    import numpy
    import polars

    if column not in table.schema:
        raise StepFailed(
            "unknown_column", f"The table has no column {column!r}.", fix="Choose another column.",
            parameter="fold_column", columns=[column],
        )  # fmt: skip
    values = table.frame.get_column(column)
    if table.schema[column].dtype not in ("integer", "float", "boolean", "string", "categorical"):
        raise StepFailed(
            "unsuitable_column",
            f"The column {column!r} is {table.schema[column].dtype} and names no folds.",
            fix="Choose a column of numbers or texts.",
            parameter="fold_column",
            columns=[column],
        )
    if empty := values.null_count():
        raise StepFailed(
            "missing_values",
            f"{empty:,} rows have no fold in {column!r}.",
            fix="Fill them in, or remove these rows.",
            parameter="fold_column",
            columns=[column],
            rows=values.is_null().arg_true().head(5).to_list(),
        )
    names = values.cast(polars.String).to_list() if table.schema[column].dtype == "categorical" else values.to_list()
    found = sorted(set(names))
    if not 2 <= len(found) <= MAX_FOLDS:
        raise StepFailed(
            "unsuitable_column",
            f"The column {column!r} has {len(found):,} different values; folds are 2 to {MAX_FOLDS}.",
            fix="Choose the column that Partition and Sample wrote, or leave it empty.",
            parameter="fold_column",
            columns=[column],
        )
    position = {value: index for index, value in enumerate(found)}
    return Folds(found, numpy.array([position[value] for value in names]))


def cross_validate(
    untrained_model: UntrainedModel, table: Table, label: str | None, folds: Folds, *, progress: bool = True
) -> CrossValidation:
    """Train on all folds but one and score that one, for each fold.

    Parameters
    ----------
    untrained_model : UntrainedModel
        Which algorithm, and its settings.
    table : Table
        All rows; a column that names the folds must be left out before.
    label : str or None
        The column to predict.
    folds : Folds
        Which rows are scored together.
    progress : bool
        Tell how far it is.

    Returns
    -------
    CrossValidation
        Predictions of all rows, and the metrics of each fold.

    Raises
    ------
    StepFailed
        When a fold cannot be trained or scored; the sentence says which.
    """
    import numpy

    algorithm = supervised(untrained_model)
    label = require_label(table, label)
    y, classes = label_values(table, label, algorithm)
    shape = (len(y),) if classes is None else (len(y), len(classes))
    predicted, found = numpy.zeros(shape), []
    for position, name in enumerate(folds.names):
        if progress:
            reporting.progress(position / len(folds.names), f"Fold {position + 1} of {len(folds.names)}")
        inside = folds.fold_of == position
        with reporting.quiet(), _told_of(name):
            model = train(untrained_model, table.with_frame(table.frame.filter(~inside)), label)
            answers = predict(model, table.with_frame(table.frame.filter(inside)))
        predicted[inside] = _aligned(answers, model, classes)
        found.append(measures(algorithm.task, y[inside], predicted[inside]))
    info = {"task": algorithm.task, "title": algorithm.title, "label": label, "classes": classes}
    return CrossValidation(predicted, info, found)


def _aligned(answers: numpy.ndarray, model: Model, classes: Sequence[Any] | None) -> numpy.ndarray:
    """Give a class that a fold's model has not seen the probability 0."""
    import numpy

    if classes is None or len(classes) == answers.shape[1]:
        return answers
    whole = numpy.zeros((len(answers), len(classes)))
    whole[:, [classes.index(value) for value in model.info["classes"]]] = answers
    return whole


@contextmanager
def _told_of(name: Any) -> Iterator[None]:
    """Say without which fold a failure happened."""
    try:
        yield
    except StepFailed as error:
        first = error.errors[0]
        where = {key: first[key] for key in ("parameter", "port", "columns", "rows") if key in first}
        raise StepFailed(
            error.cause, f"Trained without fold {name}: {error.detail}", fix=first["fix"], **where
        ) from error
