"""Two-Class Logistic Regression, not yet trained."""

from typing import Annotated

from designer.component import component
from designer.learners import linear
from designer.parameters import Group, Range, Title
from designer.types import UntrainedModel


@component(
    family="Machine learning algorithms",
    title="Two-Class Logistic Regression",
    synonyms=("classification", "binary", "logit"),
)
def two_class_logistic_regression(
    *,
    l2_weight: linear.L2Weight = 1.0,
    intercept: linear.Intercept = True,
    normalize_features: linear.Normalize = True,
    tolerance: Annotated[
        float, Range(0, 1, exclusive_minimum=True), Title("Optimization tolerance"), Group("Optimization")
    ] = 0.0001,
    max_iterations: Annotated[
        int, Range(1, 100_000), Title("Maximum number of iterations"), Group("Optimization")
    ] = 1000,
) -> UntrainedModel:
    """Predict the probability of one of two classes from a weighted sum of the features.

    Parameters
    ----------
    l2_weight : float in [0, 1000000]
        How strongly large weights are held back; 0 holds nothing back.
    intercept : bool
        Add a constant to the sum.
    normalize_features : bool
        Bring features to mean 0 and standard deviation 1 first, as part of the model.
    tolerance : float in (0, 1]
        The fit has settled when it changes by less than this.
    max_iterations : int in [1, 100000]
        Stop after this many iterations even if the fit has not settled; the log says so.

    Returns
    -------
    untrained_model : UntrainedModel
        Connect it to Train Model.
    """
    return UntrainedModel(
        "two_class_logistic_regression",
        {
            "l2_weight": l2_weight,
            "intercept": intercept,
            "normalize_features": normalize_features,
            "tolerance": tolerance,
            "max_iterations": max_iterations,
        },
    )


@two_class_logistic_regression.schema
def _(**_):
    return {"algorithm": "two_class_logistic_regression"}
