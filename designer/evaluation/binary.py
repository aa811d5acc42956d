"""Two classes: counts at every threshold, and the curves of ROC and of precision and recall."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from designer.errors import StepFailed
from designer.evaluation.measures import two_classes

if TYPE_CHECKING:
    import numpy

MAX_POINTS = 400


def measure(y: numpy.ndarray, probability: numpy.ndarray, labels: list[str], port: str) -> dict[str, Any]:
    """Measure predictions of two classes.

    Parameters
    ----------
    y : numpy.ndarray
        Whether each row is of the second class, bool of shape (n_rows,).
    probability : numpy.ndarray
        Probability of the second class, of shape (n_rows,).
    labels : list of str
        The two classes.
    port : str
        Input port, for problems.

    Returns
    -------
    dict
        Metrics, thresholds, confusion and curves.
    """
    import numpy
    from sklearn import metrics

    low, high = labels
    if not numpy.isfinite(probability).all() or probability.min() < 0 or probability.max() > 1:
        raise StepFailed(
            "not_probabilities",
            "The scored probabilities are not between 0 and 1.",
            fix="Keep them as Score Model made them.",
            port=port,
        )
    thresholds = _thresholds(y, probability)
    # The labels' own rule, not the table's grid: 0.5 is in both.
    half = next(row for row in thresholds if row["threshold"] == 0.5)
    values = two_classes(y.astype(int), probability)
    result: dict[str, Any] = {}
    if 0 < y.sum() < len(y):
        fpr, tpr, cut = metrics.roc_curve(y, probability, drop_intermediate=False)
        # The first threshold is infinite, which JSON cannot write; any number above all scores means the same.
        cut = numpy.where(numpy.isinf(cut), max(1.0, float(probability.max())), cut)
        result["roc"] = _curve({"fpr": fpr, "tpr": tpr, "threshold": cut})
        precision, recall, cut = metrics.precision_recall_curve(y, probability)
        result["pr"] = _curve(
            {"recall": recall, "precision": precision, "threshold": numpy.append(cut, max(1.0, cut[-1]))}
        )
    return {
        "metrics": values,
        "labels": [low, high],
        "positive": high,
        "thresholds": thresholds,
        "confusion": {"labels": [low, high], "matrix": [[half["tn"], half["fp"]], [half["fn"], half["tp"]]]},
        **result,
    }


def _thresholds(y: numpy.ndarray, probability: numpy.ndarray) -> list[dict[str, Any]]:
    """Count hits at 101 thresholds by binary search in the sorted scores."""
    import numpy

    positive, negative = numpy.sort(probability[y]), numpy.sort(probability[~y])
    rows = []
    for percent in range(101):
        threshold = percent / 100
        tp = int(len(positive) - numpy.searchsorted(positive, threshold, side="left"))
        fp = int(len(negative) - numpy.searchsorted(negative, threshold, side="left"))
        fn, tn = len(positive) - tp, len(negative) - fp
        precision = tp / (tp + fp) if tp + fp else 0.0
        recall = tp / (tp + fn) if tp + fn else 0.0
        rows.append(
            {
                "threshold": threshold,
                "tp": tp,
                "fp": fp,
                "tn": tn,
                "fn": fn,
                "accuracy": (tp + tn) / len(y),
                "precision": precision,
                "recall": recall,
                "f1": 2 * tp / (2 * tp + fp + fn) if tp + fp + fn else 0.0,
            }
        )
    return rows


def _curve(columns: dict[str, numpy.ndarray]) -> dict[str, Any]:
    """Thin a curve to evenly spaced points, both ends included, and say of how many."""
    import numpy

    count = len(next(iter(columns.values())))
    kept = numpy.unique(numpy.linspace(0, count - 1, min(count, MAX_POINTS)).round().astype(int))
    return {**{name: values[kept].tolist() for name, values in columns.items()}, "thinned_from": count}
