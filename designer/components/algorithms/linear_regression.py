"""Linear Regression, not yet trained."""

from typing import Annotated, Any, Literal

from designer.component import component
from designer.learners import linear
from designer.parameters import Choices, Seed, ShownWhen, Title
from designer.types import UntrainedModel


@component(
    family="Machine learning algorithms",
    synonyms=("ols", "least squares", "ridge", "regression", "sgd", "gradient descent"),
)
def linear_regression(
    *,
    method: Annotated[
        Literal["least_squares", "gradient_descent"],
        Title("Solution method"),
        Choices(least_squares="Ordinary least squares", gradient_descent="Online gradient descent"),
    ] = "least_squares",
    l2_weight: linear.L2Weight = 0.001,
    intercept: linear.Intercept = True,
    learning_rate: Annotated[linear.LearningRate, ShownWhen(method="gradient_descent")] = 0.01,
    epochs: Annotated[linear.Epochs, ShownWhen(method="gradient_descent")] = 100,
    normalize_features: Annotated[linear.Normalize, ShownWhen(method="gradient_descent")] = True,
    decrease_rate: Annotated[bool, ShownWhen(method="gradient_descent"), Title("Decrease learning rate")] = True,
    seed: Annotated[Seed, ShownWhen(method="gradient_descent"), Title("Random seed")] = 0,
) -> UntrainedModel:
    """Predict a number as a weighted sum of the features.

    Parameters
    ----------
    method : {"least_squares", "gradient_descent"}
        Least squares solves for the weights at once; gradient descent approaches them row by row.
    l2_weight : float in [0, 1000000]
        How strongly large weights are held back; 0 holds nothing back.
    intercept : bool
        Add a constant to the sum.
    learning_rate : float in (0, 10]
        Size of the first steps of gradient descent.
    epochs : int in [1, 10000]
        How many times gradient descent goes through all rows.
    normalize_features : bool
        Bring features to mean 0 and standard deviation 1 first, as part of the model.
    decrease_rate : bool
        Make the steps smaller as training goes on.
    seed : int
        Order in which rows are visited. Without one, each run differs and is never reused.

    Returns
    -------
    untrained_model : UntrainedModel
        Connect it to Train Model.
    """
    parameters: dict[str, Any] = {"method": method, "l2_weight": l2_weight, "intercept": intercept}
    if method == "gradient_descent":
        parameters |= {
            "learning_rate": learning_rate,
            "epochs": epochs,
            "normalize_features": normalize_features,
            "decrease_rate": decrease_rate,
            "seed": seed,
        }
    return UntrainedModel("linear_regression", parameters)


@linear_regression.schema
def _(*, method: str, **_):
    fitted = ("l2_weight", "intercept")
    return {"algorithm": "linear_regression", **({"settings": fitted} if method == "least_squares" else {})}
