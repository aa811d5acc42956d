"""K-Means Clustering, not yet trained."""

from typing import Annotated

from designer.component import component
from designer.learners import clusters
from designer.parameters import Range, Seed, Title
from designer.types import UntrainedModel


@component(
    family="Machine learning algorithms",
    title="K-Means Clustering",
    synonyms=("cluster", "groups", "segments", "unsupervised", "centroids"),
)
def k_means_clustering(
    *,
    centroids: clusters.Centroids = 2,
    initialization: clusters.Start = "k_means_plus_plus",
    iterations: Annotated[int, Range(1, 100_000), Title("Maximum number of iterations")] = 100,
    normalize_features: Annotated[bool, Title("Normalize features")] = True,
    seed: Annotated[Seed, Title("Random seed")] = 0,
) -> UntrainedModel:
    """Put rows into a given number of groups, each around its center.

    Rows are close when the sum of the squared differences of their columns is small. The centers move until no
    row changes its group.

    Parameters
    ----------
    centroids : int in [1, 10000]
        How many groups are made.
    initialization : {"k_means_plus_plus", "random", "first_n"}
        Where the centers start: spread out by k-means++, at random rows (the best of ten tries), or at the first
        rows of the table.
    iterations : int in [1, 100000]
        The centers stop moving after this many rounds at the latest.
    normalize_features : bool
        Bring columns to mean 0 and standard deviation 1 first, as part of the model, so that each counts alike.
    seed : int
        Start of the random numbers. Without one, each run differs and is never reused.

    Returns
    -------
    untrained_model : UntrainedModel
        Connect it to Train Clustering Model.
    """
    return UntrainedModel(
        "k_means_clustering",
        {
            "centroids": centroids,
            "initialization": initialization,
            "iterations": iterations,
            "normalize_features": normalize_features,
            "seed": seed,
        },
    )


@k_means_clustering.schema
def _(*, centroids: int, **_):
    return {"algorithm": "k_means_clustering", "clusters": centroids}
