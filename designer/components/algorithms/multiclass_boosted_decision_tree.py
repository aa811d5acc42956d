"""Multiclass Boosted Decision Tree, not yet trained."""

from typing import Annotated

from designer.component import component
from designer.learners import boosted
from designer.parameters import Seed, Title
from designer.types import UntrainedModel


@component(
    family="Machine learning algorithms",
    title="Multiclass Boosted Decision Tree",
    synonyms=("lightgbm", "gradient boosting", "gbm", "trees", "classification", "several classes"),
)
def multiclass_boosted_decision_tree(
    *,
    leaves: boosted.Leaves = 20,
    min_samples_per_leaf: boosted.MinSamplesPerLeaf = 10,
    learning_rate: boosted.LearningRate = 0.2,
    trees: boosted.Trees = 100,
    seed: Annotated[Seed, Title("Random seed")] = 0,
) -> UntrainedModel:
    """Predict one of several classes with many small trees, each correcting those before it.

    The trees are grown by LightGBM, one for each class a round. Missing values are allowed, and columns of texts
    are used as categories.

    Parameters
    ----------
    leaves : int in [2, 10000]
        How finely one tree may divide the rows.
    min_samples_per_leaf : int in [1, 1000000]
        A leaf holds at least this many rows.
    learning_rate : float in (0, 1]
        How much each tree corrects those before it.
    trees : int in [1, 10000]
        How many rounds are grown one after the other; a round has one tree for each class.
    seed : int
        Start of the random numbers. Without one, each run may differ and is never reused.

    Returns
    -------
    untrained_model : UntrainedModel
        Connect it to Train Model.
    """
    return UntrainedModel(
        "multiclass_boosted_decision_tree",
        {
            "leaves": leaves,
            "min_samples_per_leaf": min_samples_per_leaf,
            "learning_rate": learning_rate,
            "trees": trees,
            "seed": seed,
        },
    )


@multiclass_boosted_decision_tree.schema
def _(**_):
    return {"algorithm": "multiclass_boosted_decision_tree"}
