"""Multiclass Decision Forest, not yet trained."""

from typing import Annotated

from designer.component import component
from designer.learners import forest
from designer.parameters import Seed, Title
from designer.types import UntrainedModel


@component(
    family="Machine learning algorithms",
    title="Multiclass Decision Forest",
    synonyms=("random forest", "extra trees", "bagging", "trees", "classification", "several classes"),
)
def multiclass_decision_forest(
    *,
    resampling: forest.Resampling = "bagging",
    trees: forest.Trees = 100,
    depth: forest.Depth = 32,
    min_samples_per_leaf: forest.MinSamplesPerLeaf = 1,
    seed: Annotated[Seed, Title("Random seed")] = 0,
) -> UntrainedModel:
    """Predict one of several classes by the average vote of many trees that were grown side by side.

    Missing values are allowed. Columns of texts are used as categories in alphabetical order; a category that
    was not there in training counts as a missing value.

    Parameters
    ----------
    resampling : {"bagging", "replicate"}
        Bagging grows each tree on rows drawn with replacement. Replicate grows each tree on all rows and draws the
        thresholds of its branches instead.
    trees : int in [1, 10000]
        How many trees are grown.
    depth : int in [1, 1000]
        A branch ends after this many decisions.
    min_samples_per_leaf : int in [1, 1000000]
        A leaf holds at least this many rows.
    seed : int
        Start of the random numbers. Without one, each run differs and is never reused.

    Returns
    -------
    untrained_model : UntrainedModel
        Connect it to Train Model.
    """
    return UntrainedModel(
        "multiclass_decision_forest",
        {
            "resampling": resampling,
            "trees": trees,
            "depth": depth,
            "min_samples_per_leaf": min_samples_per_leaf,
            "seed": seed,
        },
    )


@multiclass_decision_forest.schema
def _(**_):
    return {"algorithm": "multiclass_decision_forest"}
