"""Numbers: errors, and how they are spread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from designer.evaluation.measures import regression

if TYPE_CHECKING:
    import numpy

RESIDUAL_BINS = 30
SCATTER_POINTS = 1_000


def measure(actual: numpy.ndarray, predicted: numpy.ndarray) -> dict[str, Any]:
    """Measure predictions of numbers.

    Parameters
    ----------
    actual, predicted : numpy.ndarray
        Of shape (n_rows,).

    Returns
    -------
    dict
        Metrics and residuals.
    """
    import numpy

    error = predicted - actual
    counts, edges = numpy.histogram(error, bins=RESIDUAL_BINS)
    shown = numpy.linspace(0, len(actual) - 1, min(len(actual), SCATTER_POINTS)).round().astype(int)
    return {
        "metrics": regression(actual, predicted),
        "residuals": {
            "edges": [float(edge) for edge in edges],
            "counts": [int(count) for count in counts],
            "actual": actual[shown].tolist(),
            "predicted": predicted[shown].tolist(),
            "sampled_from": len(actual),
        },
    }
