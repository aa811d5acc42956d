"""The algorithms behind untrained and trained models, by sub-domain."""

from designer.errors import StepFailed
from designer.learners import boosted, clusters, forest, linear
from designer.learners.algorithm import Learner, one_thread

__all__ = ["LEARNERS", "Learner", "learner", "one_thread"]

LEARNERS = {entry.name: entry for module in (linear, boosted, forest, clusters) for entry in module.LEARNERS}


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
