"""What an algorithm is: how it is fitted, asked, kept and explained."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from designer.errors import StepFailed

if TYPE_CHECKING:
    import numpy


@dataclass(frozen=True)
class Learner:
    """One algorithm.

    Parameters
    ----------
    name : str
        Key in files; never changes.
    title : str
        Name on screen.
    task : str
        ``binary``, ``multiclass``, ``regression`` or ``clustering``.
    fit : callable
        ``fit(parameters, x, y, categorical) -> state``; x is a float64 array of shape (n_rows, n_features), y of
        shape (n_rows,) holds numbers, or the position of each row's class, or is None for clusters; categorical
        lists the positions of columns that hold codes.
    predict : callable
        ``predict(state, x) -> array``: values of shape (n_rows,), probabilities of the second of two classes, of
        shape (n_rows,), probabilities of shape (n_rows, n_classes), or distances of shape (n_rows, n_clusters).
    dump, load : callable
        State to bytes and back.
    explain : callable
        ``explain(state, feature_names) -> dict`` with importance, coefficients, learning_curve. A coefficient of one
        class among several has its position as ``class``.
    state_name : str
        Name of the file that keeps the state.
    accepts_missing, accepts_categories : bool
        Whether not-a-number, and columns of texts or booleans, may be among the features.
    settings : mapping
        Name to annotation of each parameter that may be tuned; a ``Tuned`` mark says over what by default.
    """

    name: str
    title: str
    task: str
    fit: Callable[[Mapping[str, Any], numpy.ndarray, Any, list[int]], Any]
    predict: Callable[[Any, numpy.ndarray], numpy.ndarray]
    dump: Callable[[Any], bytes]
    load: Callable[[bytes], Any]
    explain: Callable[[Any, list[str]], dict[str, Any]]
    state_name: str
    accepts_missing: bool = False
    accepts_categories: bool = False
    settings: Mapping[str, Any] = field(default_factory=dict)


def one_thread() -> Any:
    """Compute a block on one thread: several add up in another order each time, and wait for busy neighbors."""
    from threadpoolctl import threadpool_limits

    return threadpool_limits(1)


def standardized(estimator: Any, normalize: bool) -> Any:
    """Put scaling to mean 0 and standard deviation 1 before an estimator, when asked."""
    if not normalize:
        return estimator
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    return make_pipeline(StandardScaler(), estimator)


def last_part(model: Any) -> Any:
    """Return the estimator itself, without the scaling before it."""
    return model[-1] if hasattr(model, "steps") else model


def dump_sklearn(model: Any) -> bytes:
    """Write a scikit-learn estimator; equal estimators give equal bytes."""
    from designer.model_files import canonical_skops

    return canonical_skops(model)


def load_sklearn(data: bytes) -> Any:
    """Read a scikit-learn estimator that holds trusted types only (raises StepFailed)."""
    import skops.io

    untrusted = skops.io.get_untrusted_types(data=data)
    if untrusted:
        raise StepFailed(
            "unsafe_model",
            f"The model file holds types that are not trusted: {', '.join(untrusted[:5])}.",
            fix="Train the model again.",
            port="model",
        )
    return skops.io.loads(data)
