"""The numbers themselves, from arrays: the same in evaluation, validation, tuning and importance."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

from designer.errors import StepFailed
from designer.parameters import Choices, Title

if TYPE_CHECKING:
    import numpy

ClassificationMetric = Annotated[
    Literal["accuracy", "precision", "recall", "f1", "auc", "log_loss"],
    Title("Metric for classification"),
    Choices(accuracy="Accuracy", precision="Precision", recall="Recall", f1="F1", auc="AUC", log_loss="Log loss"),
]
RegressionMetric = Annotated[
    Literal[
        "root_mean_squared_error", "mean_absolute_error", "relative_absolute_error", "relative_squared_error",
        "coefficient_of_determination",
    ],
    Title("Metric for regression"),
    Choices(
        root_mean_squared_error="Root mean squared error",
        mean_absolute_error="Mean absolute error",
        relative_absolute_error="Relative absolute error",
        relative_squared_error="Relative squared error",
        coefficient_of_determination="Coefficient of determination (R²)",
    ),
]  # fmt: skip

BINARY = ("accuracy", "precision", "recall", "f1", "log_loss", "auc", "average_precision")
MULTICLASS = (
    "accuracy", "macro_precision", "macro_recall", "macro_f1", "micro_precision", "micro_recall", "micro_f1",
    "log_loss", "auc",
)  # fmt: skip
REGRESSION = (
    "mean_absolute_error", "root_mean_squared_error", "relative_absolute_error", "relative_squared_error",
    "coefficient_of_determination",
)  # fmt: skip
NAMES = {"binary": BINARY, "multiclass": MULTICLASS, "regression": REGRESSION}
_LESS = (
    "log_loss",
    "mean_absolute_error",
    "root_mean_squared_error",
    "relative_absolute_error",
    "relative_squared_error",
)


@dataclass(frozen=True)
class Metric:
    """A number by which models are compared.

    Parameters
    ----------
    name : str
        Its key among the measures of the task.
    less_is_better : bool
        Whether it is an error.
    """

    name: str
    less_is_better: bool

    def gain(self, value: float) -> float:
        """Return a number of which more is better."""
        return -value if self.less_is_better else value

    def of(self, values: Mapping[str, float]) -> float:
        """Return this metric of some measures (raises StepFailed when the rows do not define it)."""
        if self.name not in values:
            raise StepFailed(
                "undefined_metric",
                f"The metric {self.name.replace('_', ' ')} is not defined for these rows: the label does not vary, "
                "a class is not there, or predictions are too large.",
                fix="Choose another metric, or let more rows through.",
                port="dataset",
            )
        return values[self.name]


def chosen_metric(task: str, classification_metric: str, regression_metric: str) -> Metric:
    """Return the metric that counts for a task; with several classes it is the mean over classes."""
    name = regression_metric if task == "regression" else classification_metric
    less = name in _LESS
    if task == "multiclass" and name in ("precision", "recall", "f1"):
        name = f"macro_{name}"
    return Metric(name, less)


def measures(task: str, actual: numpy.ndarray, predicted: numpy.ndarray) -> dict[str, float]:
    """Measure predictions.

    Parameters
    ----------
    task : str
        ``regression``, ``binary`` or ``multiclass``.
    actual : numpy.ndarray
        Numbers, or the position of each row's class, of shape (n_rows,).
    predicted : numpy.ndarray
        Numbers, or probabilities of shape (n_rows, n_classes).

    Returns
    -------
    dict
        Metric to value; a metric that these rows do not define is left out.
    """
    if task == "regression":
        return regression(actual, predicted)
    y = actual.astype(int)
    return two_classes(y, predicted[:, 1]) if task == "binary" else several_classes(y, predicted)


def two_classes(y: numpy.ndarray, probability: numpy.ndarray) -> dict[str, float]:
    """Measure two classes by the probability of the second.

    Parameters
    ----------
    y : numpy.ndarray
        0 or 1, of shape (n_rows,).
    probability : numpy.ndarray
        Of shape (n_rows,); from 0.5 on a row is taken for the second class.

    Returns
    -------
    dict
        Accuracy, precision, recall, F1, log loss; AUC and average precision where both classes are there.
    """
    from sklearn import metrics

    guess = (probability >= 0.5).astype(int)
    values = {"accuracy": float((guess == y).mean()), **_averages(y, guess, "", average="binary")}
    values["log_loss"] = float(metrics.log_loss(y, probability, labels=[0, 1]))
    if 0 < y.sum() < len(y):
        values["auc"] = float(metrics.roc_auc_score(y, probability))
        values["average_precision"] = float(metrics.average_precision_score(y, probability))
    return values


def several_classes(y: numpy.ndarray, probabilities: numpy.ndarray) -> dict[str, float]:
    """Measure several classes by their probabilities.

    Parameters
    ----------
    y : numpy.ndarray
        Position of each row's class, of shape (n_rows,).
    probabilities : numpy.ndarray
        Of shape (n_rows, n_classes).

    Returns
    -------
    dict
        Accuracy, averages, log loss; AUC (the mean of one class against the rest) where every class is there.
    """
    import numpy
    from sklearn import metrics

    positions = numpy.arange(probabilities.shape[1])
    values = of_classes(y, probabilities.argmax(axis=1))
    values["log_loss"] = float(metrics.log_loss(y, probabilities, labels=positions))
    if len(numpy.unique(y)) == len(positions):
        values["auc"] = float(
            numpy.mean([metrics.roc_auc_score(y == position, probabilities[:, position]) for position in positions])
        )
    return values


def of_classes(actual: numpy.ndarray, guess: numpy.ndarray) -> dict[str, float]:
    """Measure classes by the labels alone: accuracy, and macro and micro averages."""
    return {
        "accuracy": float((guess == actual).mean()),
        **_averages(actual, guess, "macro_", average="macro"),
        **_averages(actual, guess, "micro_", average="micro"),
    }


def _averages(actual: numpy.ndarray, guess: numpy.ndarray, prefix: str, average: str) -> dict[str, float]:
    from sklearn import metrics

    found = metrics.precision_recall_fscore_support(actual, guess, average=average, zero_division=0)
    return {f"{prefix}{name}": float(value) for name, value in zip(("precision", "recall", "f1"), found, strict=False)}


def regression(actual: numpy.ndarray, predicted: numpy.ndarray) -> dict[str, float]:
    """Measure numbers.

    Parameters
    ----------
    actual, predicted : numpy.ndarray
        Of shape (n_rows,).

    Returns
    -------
    dict
        Mean absolute and root mean squared error; relative errors and R² where the labels differ.
    """
    import numpy

    with numpy.errstate(over="ignore", invalid="ignore"):
        error = predicted - actual
        spread = actual - actual.mean()
        absolute, squared = float(numpy.abs(spread).sum()), float((spread**2).sum())
        values = {
            "mean_absolute_error": float(numpy.abs(error).mean()),
            "root_mean_squared_error": float(numpy.sqrt((error**2).mean())),
        }
        # With one distinct label there is no spread to compare the errors with.
        if squared > 0:
            relative = float((error**2).sum()) / squared
            values["relative_absolute_error"] = float(numpy.abs(error).sum()) / absolute
            values["relative_squared_error"] = relative
            values["coefficient_of_determination"] = 1 - relative
    return {key: value for key, value in values.items() if math.isfinite(value)}
