"""More than two classes: averages over classes, and who is taken for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from designer.errors import StepFailed
from designer.evaluation.measures import of_classes, several_classes

if TYPE_CHECKING:
    import numpy

MAX_CLASSES = 100


def measure(
    actual: list[str], guess: list[str], known: list[str] | None, probabilities: numpy.ndarray | None, port: str
) -> dict[str, Any]:
    """Measure predictions of several classes.

    Parameters
    ----------
    actual, guess : list of str
        Label and predicted label of each row.
    known : list of str or None
        The classes in the order of the probabilities.
    probabilities : numpy.ndarray or None
        Of shape (n_rows, n_classes), where they were kept.
    port : str
        Input port, for problems.

    Returns
    -------
    dict
        Metrics, and the confusion of the classes that occur.
    """
    import numpy
    from sklearn import metrics

    found = {*actual, *guess}
    labels = [label for label in known or () if label in found]
    labels += sorted(found - {*labels})
    if len(labels) > MAX_CLASSES:
        raise StepFailed(
            "too_many_classes",
            f"There are {len(labels):,} classes; a confusion matrix shows at most {MAX_CLASSES}.",
            fix="Check the label column.",
            port=port,
        )
    if known is not None and probabilities is not None:
        inside = (probabilities >= 0).all() and abs(probabilities.sum(axis=1) - 1).max() < 1e-6
        if not inside:
            raise StepFailed(
                "not_probabilities",
                "The scored probabilities are not between 0 and 1, or do not add up to 1.",
                fix="Keep them as Score Model made them.",
                port=port,
            )
        position = {label: index for index, label in enumerate(known)}
        values = several_classes(numpy.array([position[label] for label in actual]), probabilities)
    else:
        values = of_classes(numpy.array(actual, dtype=object).astype(str), numpy.array(guess, dtype=object).astype(str))
    return {
        "metrics": values,
        "labels": labels,
        "confusion": {"labels": labels, "matrix": metrics.confusion_matrix(actual, guess, labels=labels).tolist()},
    }
