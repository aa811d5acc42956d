"""Weighted sums of the features: linear and logistic regression, by scikit-learn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from designer import reporting
from designer.errors import StepFailed
from designer.learners.algorithm import Learner, dump_sklearn, last_part, load_sklearn, standardized
from designer.parameters import Range, Title, Tuned

L2Weight = Annotated[float, Range(0, 1_000_000), Title("L2 regularization weight"), Tuned("0.0001 to 100 log")]
LearningRate = Annotated[float, Range(0, 10, exclusive_minimum=True), Title("Learning rate"), Tuned("0.001 to 0.1 log")]
Epochs = Annotated[int, Range(1, 10_000), Title("Number of training epochs"), Tuned("20 to 500 log")]
Intercept = Annotated[bool, Title("Include intercept term")]
Normalize = Annotated[bool, Title("Normalize features")]


def _fit_linear(parameters: Mapping[str, Any], x: Any, y: Any, categorical: list[int]) -> Any:
    import numpy
    from sklearn.linear_model import LinearRegression, Ridge, SGDRegressor

    if parameters["method"] == "least_squares":
        strength = parameters["l2_weight"]
        intercept = parameters["intercept"]
        model = (
            Ridge(alpha=strength, fit_intercept=intercept) if strength else LinearRegression(fit_intercept=intercept)
        )
        return model.fit(x, y)
    reporting.progress(None, f"{parameters['epochs']} epochs of gradient descent")
    model = standardized(
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
    try:
        model.fit(x, y)
    except ValueError as error:
        if "overflow" not in str(error):
            raise
        raise _diverged() from error
    if not numpy.isfinite(last_part(model).coef_).all():
        raise _diverged()
    return model


def _diverged() -> StepFailed:
    return StepFailed(
        "diverged",
        "Gradient descent ran away: the coefficients are no longer finite numbers.",
        fix="Lower the learning rate, or turn on Normalize features.",
        port="untrained_model",
    )


def _fit_logistic(parameters: Mapping[str, Any], x: Any, y: Any, categorical: list[int]) -> Any:
    import warnings

    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    strength = parameters["l2_weight"]
    model = standardized(
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


def _predict_values(model: Any, x: Any) -> Any:
    return model.predict(x)


def _predict_second_class(model: Any, x: Any) -> Any:
    return model.predict_proba(x)[:, 1]


def _predict_classes(model: Any, x: Any) -> Any:
    return model.predict_proba(x)


def _explain(model: Any, names: list[str]) -> dict[str, Any]:
    import numpy

    part = last_part(model)
    coefficients = numpy.ravel(part.coef_)
    intercept = float(numpy.ravel(part.intercept_)[0])
    rows = [{"name": "(intercept)", "value": intercept}] if part.fit_intercept else []
    rows += [{"name": name, "value": float(value)} for name, value in zip(names, coefficients, strict=True)]
    return {
        "coefficients": rows,
        "importance": _importance(model, names, numpy.abs(coefficients)),
        "learning_curve": [],
    }


def _explain_classes(model: Any, names: list[str]) -> dict[str, Any]:
    import numpy

    part = last_part(model)
    if part.coef_.shape[0] == 1:
        # Two classes have one row of weights: those of the second.
        told = _explain(model, names)
        return {**told, "coefficients": [{**row, "class": 1} for row in told["coefficients"]]}
    rows = []
    for position, weights in enumerate(part.coef_):
        if part.fit_intercept:
            rows.append({"name": "(intercept)", "value": float(part.intercept_[position]), "class": position})
        rows += [
            {"name": name, "value": float(value), "class": position} for name, value in zip(names, weights, strict=True)
        ]
    strength = numpy.abs(part.coef_).mean(axis=0)
    return {"coefficients": rows, "importance": _importance(model, names, strength), "learning_curve": []}


def _importance(model: Any, names: list[str], strength: Any) -> list[dict[str, Any]]:
    # Coefficients of features on different scales cannot be compared, so they count as importance only when scaled.
    if last_part(model) is model:
        return []
    return [{"name": names[i], "value": float(strength[i])} for i in (-strength).argsort(kind="stable")]


LEARNERS = (
    Learner(
        "linear_regression", "Linear Regression", "regression",
        _fit_linear, _predict_values, dump_sklearn, load_sklearn, _explain, "estimator.skops",
        settings={
            "l2_weight": L2Weight, "learning_rate": LearningRate, "epochs": Epochs, "intercept": Intercept,
            "normalize_features": Normalize,
        },
    ),
    Learner(
        "two_class_logistic_regression", "Two-Class Logistic Regression", "binary",
        _fit_logistic, _predict_second_class, dump_sklearn, load_sklearn, _explain, "estimator.skops",
        settings={"l2_weight": L2Weight, "intercept": Intercept, "normalize_features": Normalize},
    ),
    Learner(
        "multiclass_logistic_regression", "Multiclass Logistic Regression", "multiclass",
        _fit_logistic, _predict_classes, dump_sklearn, load_sklearn, _explain_classes, "estimator.skops",
        settings={"l2_weight": L2Weight, "intercept": Intercept, "normalize_features": Normalize},
    ),
)  # fmt: skip
