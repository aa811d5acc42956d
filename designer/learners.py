"""The algorithms behind untrained and trained models: how each is fitted, asked, kept and explained."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from designer import reporting
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
        ``binary``, ``multiclass`` or ``regression``.
    fit : callable
        ``fit(parameters, x, y, categorical) -> state``; x is a float64 array of shape (n_rows, n_features), y of
        shape (n_rows,) holds numbers, or 0 and 1; categorical lists the positions of columns that hold codes.
    predict : callable
        ``predict(state, x) -> array`` of values, or of probabilities of the second class.
    dump, load : callable
        State to bytes and back.
    explain : callable
        ``explain(state, feature_names) -> dict`` with importance, coefficients, learning_curve.
    state_name : str
        Name of the file that keeps the state.
    accepts_missing, accepts_categories : bool
        Whether not-a-number, and columns of texts or booleans, may be among the features.
    """

    name: str
    title: str
    task: str
    fit: Callable[[Mapping[str, Any], numpy.ndarray, numpy.ndarray, list[int]], Any]
    predict: Callable[[Any, numpy.ndarray], numpy.ndarray]
    dump: Callable[[Any], bytes]
    load: Callable[[bytes], Any]
    explain: Callable[[Any, list[str]], dict[str, Any]]
    state_name: str
    accepts_missing: bool = False
    accepts_categories: bool = False


def learner(name: str) -> Learner:
    """Return the algorithm of this name.

    Parameters
    ----------
    name : str
        Key of an algorithm.

    Returns
    -------
    Learner
        How to fit, ask, keep and explain it.

    Raises
    ------
    StepFailed
        When this studio does not have it.
    """
    if name not in LEARNERS:
        raise StepFailed(
            "unknown_algorithm",
            f"The model was made by the algorithm {name!r}, which is not installed.",
            fix="Train it again with an algorithm that is.",
            port="model",
        )
    return LEARNERS[name]


def _standardized(estimator: Any, normalize: bool) -> Any:
    if not normalize:
        return estimator
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    return make_pipeline(StandardScaler(), estimator)


def _fit_linear(parameters: Mapping[str, Any], x: Any, y: Any, categorical: list[int]) -> Any:
    from sklearn.linear_model import LinearRegression, Ridge, SGDRegressor

    if parameters["method"] == "least_squares":
        strength = parameters["l2_weight"]
        intercept = parameters["intercept"]
        model = (
            Ridge(alpha=strength, fit_intercept=intercept) if strength else LinearRegression(fit_intercept=intercept)
        )
        return model.fit(x, y)
    reporting.progress(None, f"{parameters['epochs']} epochs of gradient descent")
    model = _standardized(
        SGDRegressor(
            penalty="l2",
            alpha=parameters["l2_weight"],
            fit_intercept=parameters["intercept"],
            max_iter=parameters["epochs"],
            tol=None,
            learning_rate="invscaling" if parameters["decrease_rate"] else "constant",
            eta0=parameters["learning_rate"],
            random_state=parameters["seed"],
        ),
        parameters["normalize_features"],
    )
    return _checked_finite(model.fit(x, y), x)


def _checked_finite(model: Any, x: Any) -> Any:
    import numpy

    if not numpy.isfinite(_linear_part(model).coef_).all():
        raise StepFailed(
            "diverged",
            "Gradient descent ran away: the coefficients are no longer finite numbers.",
            fix="Lower the learning rate, or turn on Normalize features.",
            port="untrained_model",
        )
    return model


def _fit_logistic(parameters: Mapping[str, Any], x: Any, y: Any, categorical: list[int]) -> Any:
    import warnings

    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    strength = parameters["l2_weight"]
    model = _standardized(
        LogisticRegression(
            C=1.0 / strength if strength else float("inf"),
            tol=parameters["tolerance"],
            max_iter=parameters["max_iterations"],
            fit_intercept=parameters["intercept"],
        ),
        parameters["normalize_features"],
    )
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", ConvergenceWarning)
        model.fit(x, y)
    if any(issubclass(entry.category, ConvergenceWarning) for entry in caught):
        reporting.note("Warning: the fit stopped at the largest number of iterations before it had settled.")
    return model


def _linear_part(model: Any) -> Any:
    return model[-1] if hasattr(model, "steps") else model


def _predict_values(model: Any, x: Any) -> Any:
    return model.predict(x)


def _predict_second_class(model: Any, x: Any) -> Any:
    return model.predict_proba(x)[:, 1]


def _explain_linear(model: Any, names: list[str]) -> dict[str, Any]:
    import numpy

    part = _linear_part(model)
    coefficients = numpy.ravel(part.coef_)
    intercept = float(numpy.ravel(part.intercept_)[0])
    rows = [{"name": "(intercept)", "value": intercept}] if part.fit_intercept else []
    rows += [{"name": name, "value": float(value)} for name, value in zip(names, coefficients, strict=True)]
    order = numpy.argsort(-numpy.abs(coefficients), kind="stable")
    # Coefficients of features on different scales cannot be compared, so they count as importance only when scaled.
    importance = [{"name": names[i], "value": abs(float(coefficients[i]))} for i in order] if part is not model else []
    return {"coefficients": rows, "importance": importance, "learning_curve": []}


def _dump_sklearn(model: Any) -> bytes:
    from designer.model_files import canonical_skops

    return canonical_skops(model)


def _load_sklearn(data: bytes) -> Any:
    import skops.io

    trusted = skops.io.get_untrusted_types(data=data)
    if trusted:
        raise StepFailed(
            "unsafe_model",
            f"The model file holds types that are not trusted: {', '.join(trusted[:5])}.",
            fix="Train the model again.",
            port="model",
        )
    return skops.io.loads(data)


@dataclass
class Boosted:
    """A LightGBM booster and how its training went."""

    booster: Any
    learning_curve: list[dict[str, Any]]


def _fit_boosted(objective: str, metric_name: str) -> Callable[..., Boosted]:
    def fit(parameters: Mapping[str, Any], x: Any, y: Any, categorical: list[int]) -> Boosted:
        import time

        import lightgbm

        trees = parameters["trees"]
        data = lightgbm.Dataset(x, y, categorical_feature=categorical, free_raw_data=True, params={"verbosity": -1})
        curve: list[dict[str, Any]] = []
        last = 0.0

        def watch(environment: Any) -> None:
            nonlocal last
            done, now = environment.iteration + 1, time.monotonic()
            for _, name, value, *_ in environment.evaluation_result_list:
                curve.append({"iteration": done, "name": f"training {name}", "value": float(value)})
            if now - last >= 0.2 or done in (1, trees):
                last = now
                reporting.progress(done / trees, f"{done} of {trees} trees")
                if curve:
                    reporting.metric(f"training {metric_name}", curve[-1]["value"], done)

        booster = lightgbm.train(
            booster_parameters(parameters, objective, metric_name),
            data,
            num_boost_round=trees,
            valid_sets=[data],
            valid_names=["training"],
            callbacks=[watch],
        )
        return Boosted(booster, _thinned(curve, 400))

    return fit


def booster_parameters(parameters: Mapping[str, Any], objective: str, metric_name: str) -> dict[str, Any]:
    """Return LightGBM's parameters for ours; one thread and fixed order, so a seed gives the same bytes."""
    return {
        "objective": objective,
        "metric": metric_name,
        "num_leaves": parameters["leaves"],
        "min_data_in_leaf": parameters["min_samples_per_leaf"],
        "learning_rate": parameters["learning_rate"],
        "seed": secrets.randbelow(2**31) if parameters["seed"] is None else parameters["seed"],
        "deterministic": True,
        "force_row_wise": True,
        "num_threads": 1,
        "verbosity": -1,
    }


def _thinned(curve: list[dict[str, Any]], most: int) -> list[dict[str, Any]]:
    if len(curve) <= most:
        return curve
    step = (len(curve) - 1) / (most - 1)
    return [curve[round(index * step)] for index in range(most)]


def _dump_boosted(state: Boosted) -> bytes:
    return state.booster.model_to_string().encode()


def _load_boosted(data: bytes) -> Boosted:
    import lightgbm

    return Boosted(lightgbm.Booster(model_str=data.decode()), [])


def _predict_boosted(state: Boosted, x: Any) -> Any:
    return state.booster.predict(x, num_threads=1)


def _explain_boosted(state: Boosted, names: list[str]) -> dict[str, Any]:
    import numpy

    gains = state.booster.feature_importance("gain")
    order = numpy.argsort(-gains, kind="stable")
    return {
        "importance": [{"name": names[i], "value": float(gains[i])} for i in order],
        "coefficients": [],
        "learning_curve": state.learning_curve,
    }


LEARNERS = {
    entry.name: entry
    for entry in (
        Learner(
            "linear_regression", "Linear Regression", "regression",
            _fit_linear, _predict_values, _dump_sklearn, _load_sklearn, _explain_linear, "estimator.skops",
        ),
        Learner(
            "two_class_logistic_regression", "Two-Class Logistic Regression", "binary",
            _fit_logistic, _predict_second_class, _dump_sklearn, _load_sklearn, _explain_linear, "estimator.skops",
        ),
        Learner(
            "boosted_decision_tree_regression", "Boosted Decision Tree Regression", "regression",
            _fit_boosted("regression", "rmse"), _predict_boosted, _dump_boosted, _load_boosted, _explain_boosted,
            "booster.txt", accepts_missing=True, accepts_categories=True,
        ),
        Learner(
            "two_class_boosted_decision_tree", "Two-Class Boosted Decision Tree", "binary",
            _fit_boosted("binary", "binary_logloss"), _predict_boosted, _dump_boosted, _load_boosted, _explain_boosted,
            "booster.txt", accepts_missing=True, accepts_categories=True,
        ),
    )
}  # fmt: skip
