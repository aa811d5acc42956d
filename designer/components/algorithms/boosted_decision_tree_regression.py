"""Boosted Decision Tree Regression, not yet trained."""

from typing import Annotated

from designer.component import component
from designer.learners import boosted
from designer.parameters import Seed, Title
from designer.types import UntrainedModel


@component(
    family="Machine learning algorithms",
    title="Boosted Decision Tree Regression",
    synonyms=("lightgbm", "gradient boosting", "gbm", "trees", "regression"),
)
def boosted_decision_tree_regression(
    *,
    leaves: boosted.Leaves = 20,
    min_samples_per_leaf: boosted.MinSamplesPerLeaf = 10,
    learning_rate: boosted.LearningRate = 0.2,
    trees: boosted.Trees = 100,
    seed: Annotated[Seed, Title("Random seed")] = 0,
) -> UntrainedModel:
    """Predict a number with many small trees, each correcting those before it.

    The trees are grown by LightGBM. Missing values are allowed, and columns of texts are used as categories.

    Parameters
    ----------
    leaves : int in [2, 10000]
        How finely one tree may divide the rows.
    min_samples_per_leaf : int in [1, 1000000]
        A leaf holds at least this many rows.
    learning_rate : float in (0, 1]
        How much each tree corrects those before it.
    trees : int in [1, 10000]
        How many trees are grown one after the other.
    seed : int
        Start of the random numbers. Without one, each run may differ and is never reused.

    Returns
    -------
    untrained_model : UntrainedModel
        Connect it to Train Model.
    """
    return UntrainedModel(
        "boosted_decision_tree_regression",
        {
            "leaves": leaves,
            "min_samples_per_leaf": min_samples_per_leaf,
            "learning_rate": learning_rate,
            "trees": trees,
            "seed": seed,
        },
    )


@boosted_decision_tree_regression.schema
def _(**_):
    return {"algorithm": "boosted_decision_tree_regression"}
