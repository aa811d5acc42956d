"""How good predictions are: the numbers and curves that Evaluate Model reports."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from designer import reporting
from designer.errors import StepFailed
from designer.schema import NUMERIC
from designer.types import Table

if TYPE_CHECKING:
    import numpy

LABELS, PROBABILITIES = "Scored Labels", "Scored Probabilities"
MAX_POINTS = 400
MAX_CLASSES = 100
RESIDUAL_BINS = 30
SCATTER_POINTS = 1_000


def evaluate(table: Table, port: str, name: str) -> tuple[str, dict[str, Any]]:
    """Measure the predictions in a scored table.

    Parameters
    ----------
    table : Table
        From Score Model, with its label column.
    port : str
        Input port, for problems.
    name : str
        What the result is called.

    Returns
    -------
    tuple of str and dict
        The task, and one entry of the evaluation's ``results``.

    Raises
    ------
    StepFailed
        When scores or the label are not there, or no row has both.
    """
    import polars

    label, predicted, probability, task = _find(table, port)
    needed = [label, predicted, *([probability] if probability else [])]
    frame = table.frame.select(needed)
    # Not-a-number and infinities would make every measure one of them.
    frame = frame.with_columns(
        polars.when(polars.col(column).is_finite()).then(polars.col(column))
        for column, dtype in frame.schema.items()
        if dtype.is_float()
    )
    complete = frame.drop_nulls()
    if complete.height == 0:
        raise StepFailed(
            "no_rows",
            f"No row of {name} has both a label and a score.",
            fix="Look at the steps before.",
            port=port,
            columns=[label, predicted],
        )
    left_out = frame.height - complete.height
    if left_out:
        reporting.note(f"{name}: {left_out} rows without a label or a score are left out.")
    result = {"name": name, "rows": complete.height, "left_out": left_out}
    actual, guess = complete.get_column(label), complete.get_column(predicted)
    if task == "regression":
        return task, result | _regression(actual.to_numpy().astype(float), guess.to_numpy().astype(float))
    if task == "binary" and probability is not None:
        classes = _classes(table, actual, guess, port)
        return task, result | _binary(actual, complete.get_column(probability).to_numpy(), classes, port)
    return task, result | _multiclass(_texts(actual), _texts(guess), port)


def _find(table: Table, port: str) -> tuple[str, str, str | None, str]:
    """Return label, scores and task: from the notes of scoring where they hold, else from roles and names."""
    schema, notes = table.schema, table.notes.get("scoring", {})
    scores = [column.name for column in schema.columns if column.role == "score"]
    numeric = [name for name in scores if schema[name].dtype == "float"]
    probability = PROBABILITIES if PROBABILITIES in schema else None
    predicted = LABELS if LABELS in schema else None
    if predicted is None and scores:
        # Renamed: with two score columns the last one is the probability.
        probability = probability or (numeric[-1] if len(scores) == 2 and numeric else None)
        predicted = next((name for name in scores if name != probability), None)
    if predicted is None:
        raise StepFailed(
            "not_scored",
            "The table has no scores.",
            fix="Connect the output of Score Model.",
            port=port,
            columns=[LABELS],
        )
    labels = [column.name for column in schema.columns if column.role == "label"]
    label = labels[0] if labels else notes.get("label")
    if label is None or label not in schema:
        raise StepFailed(
            "no_label",
            "The table has no label column to compare the scores with.",
            fix="Keep the label in the table, and let Score Model append its columns.",
            port=port,
            columns=[label] if label else [],
        )
    task = notes.get("task")
    if task not in ("binary", "regression"):
        both_numeric = schema[label].dtype in NUMERIC and schema[predicted].dtype == "float"
        task = "binary" if probability else "regression" if both_numeric else "multiclass"
    if task == "binary" and probability is None:
        task = "multiclass"
    if task == "regression" and not {schema[label].dtype, schema[predicted].dtype} <= set(NUMERIC):
        raise StepFailed(
            "not_numeric",
            f"The label {label!r} and its scores must be numbers.",
            fix="Keep their types as Score Model made them.",
            port=port,
            columns=[label, predicted],
        )
    return label, predicted, probability, task


def _texts(column: Any) -> list[str]:
    import polars

    return column.cast(polars.String).to_list()


def _classes(table: Table, actual: Any, guess: Any, port: str) -> list[Any]:
    known = table.notes.get("scoring", {}).get("classes")
    if known:
        return known
    found = sorted({*_texts(actual), *_texts(guess)})
    if len(found) > 2:
        raise StepFailed(
            "label_classes",
            f"There are {len(found)} classes, not two.",
            fix="Keep the label as it was scored.",
            port=port,
        )
    return found if len(found) == 2 else [None, found[0]]


def _binary(actual: Any, probability: numpy.ndarray, classes: list[Any], port: str) -> dict[str, Any]:
    import numpy
    import polars
    from sklearn import metrics

    def text(value: Any) -> str:
        return str(value).lower() if isinstance(value, bool) else str(value)

    low, high = text(classes[0]), text(classes[1])
    words = actual.cast(polars.String)
    strange = words.filter(~words.is_in([low, high])).unique().sort().to_list()
    if strange:
        raise StepFailed(
            "label_classes",
            f"The label has values that the model does not know: {', '.join(repr(value) for value in strange[:5])}.",
            fix="Score rows whose label has the same two values as in training.",
            port=port,
        )
    y = (words == high).to_numpy()
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
    values = {key: half[key] for key in ("accuracy", "precision", "recall", "f1")}
    values["log_loss"] = float(metrics.log_loss(y, probability, labels=[False, True]))
    result: dict[str, Any] = {}
    if 0 < y.sum() < len(y):
        values["auc"] = float(metrics.roc_auc_score(y, probability))
        fpr, tpr, cut = metrics.roc_curve(y, probability, drop_intermediate=False)
        # The first threshold is infinite, which JSON cannot write; any number above all scores means the same.
        cut = numpy.where(numpy.isinf(cut), max(1.0, float(probability.max())), cut)
        result["roc"] = _curve({"fpr": fpr, "tpr": tpr, "threshold": cut})
        precision, recall, cut = metrics.precision_recall_curve(y, probability)
        values["average_precision"] = float(metrics.average_precision_score(y, probability))
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


def _multiclass(actual: list[str], guess: list[str], port: str) -> dict[str, Any]:
    from sklearn import metrics

    labels = sorted({*actual, *guess})
    if len(labels) > MAX_CLASSES:
        raise StepFailed(
            "too_many_classes",
            f"There are {len(labels):,} classes; a confusion matrix shows at most {MAX_CLASSES}.",
            fix="Check the label column.",
            port=port,
        )
    precision, recall, f1, _ = metrics.precision_recall_fscore_support(actual, guess, average="macro", zero_division=0)
    return {
        "metrics": {
            "accuracy": float(metrics.accuracy_score(actual, guess)),
            "macro_precision": float(precision),
            "macro_recall": float(recall),
            "macro_f1": float(f1),
        },
        "labels": labels,
        "confusion": {"labels": labels, "matrix": metrics.confusion_matrix(actual, guess, labels=labels).tolist()},
    }


def _regression(actual: numpy.ndarray, predicted: numpy.ndarray) -> dict[str, Any]:
    import numpy

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
    values = {key: value for key, value in values.items() if math.isfinite(value)}
    counts, edges = numpy.histogram(error, bins=RESIDUAL_BINS)
    shown = numpy.linspace(0, len(actual) - 1, min(len(actual), SCATTER_POINTS)).round().astype(int)
    return {
        "metrics": values,
        "residuals": {
            "edges": [float(edge) for edge in edges],
            "counts": [int(count) for count in counts],
            "actual": actual[shown].tolist(),
            "predicted": predicted[shown].tolist(),
            "sampled_from": len(actual),
        },
    }


def _curve(columns: dict[str, numpy.ndarray]) -> dict[str, Any]:
    """Thin a curve to evenly spaced points, both ends included, and say of how many."""
    import numpy

    count = len(next(iter(columns.values())))
    kept = numpy.unique(numpy.linspace(0, count - 1, min(count, MAX_POINTS)).round().astype(int))
    return {**{name: values[kept].tolist() for name, values in columns.items()}, "thinned_from": count}
