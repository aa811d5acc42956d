"""Groups of rows that lie close together, by scikit-learn's k-means."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from designer import reporting
from designer.errors import StepFailed
from designer.learners.algorithm import Learner, dump_sklearn, last_part, load_sklearn, standardized
from designer.parameters import Choices, Range, Title

Centroids = Annotated[int, Range(1, 10_000), Title("Number of centroids")]
Start = Annotated[
    Literal["k_means_plus_plus", "random", "first_n"],
    Title("Initialization"),
    Choices(k_means_plus_plus="K-Means++", random="Random", first_n="First N"),
]


def _fit(parameters: Mapping[str, Any], x: Any, y: Any, categorical: list[int]) -> Any:
    import warnings

    from sklearn.cluster import KMeans
    from sklearn.exceptions import ConvergenceWarning

    count = parameters["centroids"]
    if len(x) < count:
        raise StepFailed(
            "too_few_rows",
            f"{len(x):,} rows cannot be divided into {count:,} clusters.",
            fix="Ask for fewer centroids, or let more rows through.",
            port="dataset",
        )
    seed = secrets.randbelow(2**31) if parameters["seed"] is None else parameters["seed"]
    cluster = KMeans(count, max_iter=parameters["iterations"], random_state=seed)
    model = standardized(cluster, parameters["normalize_features"])
    if parameters["initialization"] == "first_n":
        # The first rows as the clusters will see them.
        first = x[:count] if model is cluster else model[:-1].fit(x).transform(x[:count])
        cluster.set_params(init=first, n_init=1)
    else:
        cluster.set_params(init="k-means++" if parameters["initialization"] == "k_means_plus_plus" else "random")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", ConvergenceWarning)
        model.fit(x)
    if any(issubclass(entry.category, ConvergenceWarning) for entry in caught):
        reporting.note(f"Warning: fewer than {count} different rows arrived, so some clusters have the same center.")
    # These tell of this machine and of the training rows, and scoring asks for neither.
    cluster._n_threads = 1
    del cluster.labels_
    return model


def _predict(model: Any, x: Any) -> Any:
    return model.transform(x)


def _explain(model: Any, names: list[str]) -> dict[str, Any]:
    cluster = last_part(model)
    centers = cluster.cluster_centers_
    if cluster is not model:
        centers = model[0].inverse_transform(centers)
    return {
        "coefficients": [],
        "importance": [],
        "learning_curve": [],
        "centers": [[float(value) for value in center] for center in centers[:100]],
        "iterations": int(cluster.n_iter_),
    }


LEARNERS = (
    Learner(
        "k_means_clustering", "K-Means Clustering", "clustering",
        _fit, _predict, dump_sklearn, load_sklearn, _explain, "estimator.skops",
    ),
)  # fmt: skip
