"""Clusters: how close their rows lie to their own center, and to the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from designer.errors import StepFailed

if TYPE_CHECKING:
    import numpy


def measure(assigned: numpy.ndarray, distances: numpy.ndarray, port: str) -> dict[str, Any]:
    """Measure clusters by the distances that were written beside the rows.

    Parameters
    ----------
    assigned : numpy.ndarray
        Cluster of each row, int of shape (n_rows,).
    distances : numpy.ndarray
        Distance of each row to each center, of shape (n_rows, n_clusters).
    port : str
        Input port, for problems.

    Returns
    -------
    dict
        Metrics over all rows, and for each cluster.

    Raises
    ------
    StepFailed
        When an assignment names a cluster that has no distance.
    """
    import numpy

    rows, count = distances.shape
    if assigned.min() < 0 or assigned.max() >= count:
        raise StepFailed(
            "unknown_cluster",
            f"The assignments name clusters that have no column of distances; there are {count:,}.",
            fix="Keep the columns as Train Clustering Model or Assign Data to Clusters made them.",
            port=port,
        )
    own = distances[numpy.arange(rows), assigned]
    others = (distances.sum(axis=1) - own) / (count - 1) if count > 1 else None
    parts = []
    for cluster in range(count):
        inside = assigned == cluster
        numbers = _numbers(own[inside], None if others is None else others[inside])
        parts.append({"cluster": cluster, "points": int(inside.sum()), **numbers})
    return {"metrics": {"clusters": count, **_numbers(own, others)}, "clusters": parts}


def _numbers(own: numpy.ndarray, others: numpy.ndarray | None) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if len(own):
        values["average_distance_to_center"] = float(own.mean())
        if others is not None:
            values["average_distance_to_other_center"] = float(others.mean())
        values["maximal_distance_to_center"] = float(own.max())
    return values
