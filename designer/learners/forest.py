"""Many trees side by side, whose answers are averaged, grown by scikit-learn.

The trees are kept as plain arrays: a file that anybody wrote is checked before any tree walks through it.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from designer import reporting
from designer.errors import StepFailed
from designer.learners.algorithm import Learner
from designer.parameters import Choices, Range, Title, Tuned

Resampling = Annotated[
    Literal["bagging", "replicate"],
    Title("Resampling method"),
    Choices(bagging="Bagging", replicate="Replicate"),
]
Trees = Annotated[int, Range(1, 10_000), Title("Number of decision trees"), Tuned("8 to 200 log")]
Depth = Annotated[int, Range(1, 1_000), Title("Maximum depth of the trees"), Tuned("4 to 64 log")]
MinSamplesPerLeaf = Annotated[
    int, Range(1, 1_000_000), Title("Minimum number of samples per leaf"), Tuned("1 to 16 log")
]

_NODE_FIELDS = (
    "left_child", "right_child", "feature", "threshold", "impurity", "n_node_samples", "weighted_n_node_samples",
    "missing_go_to_left",
)  # fmt: skip


@dataclass
class Forest:
    """Trees as scikit-learn's walkers, and how much each feature helped them.

    Parameters
    ----------
    trees : list
        One ``sklearn.tree._tree.Tree`` each.
    features, classes : int
        Number of features; number of classes, 0 when numbers are predicted.
    importance : numpy.ndarray
        Share of each feature, of shape (n_features,).
    """

    trees: list[Any]
    features: int
    classes: int
    importance: Any


def _fit(task: str) -> Callable[..., Forest]:
    def fit(parameters: Mapping[str, Any], x: Any, y: Any, categorical: list[int]) -> Forest:
        from sklearn import ensemble

        kind = "Regressor" if task == "regression" else "Classifier"
        bagging = parameters["resampling"] == "bagging"
        grow = getattr(ensemble, ("RandomForest" if bagging else "ExtraTrees") + kind)
        model = grow(
            n_estimators=0,
            max_depth=parameters["depth"],
            min_samples_leaf=parameters["min_samples_per_leaf"],
            bootstrap=bagging,
            random_state=_start(parameters["seed"]),
            warm_start=True,
            n_jobs=1,
        )
        trees, narrow = parameters["trees"], _narrow(x)
        # Grown in ten parts, so that progress can be told; the trees are the same as in one.
        for part in range(1, min(trees, 10) + 1):
            model.set_params(n_estimators=trees * part // min(trees, 10))
            model.fit(narrow, y)
            reporting.progress(model.n_estimators / trees, f"{model.n_estimators} of {trees} trees")
        classes = 0 if task == "regression" else int(model.n_classes_)
        return Forest([tree.tree_ for tree in model.estimators_], x.shape[1], classes, model.feature_importances_)

    return fit


def _start(seed: int | None) -> int:
    import secrets

    # Without a seed the parts must still go on from the same start.
    return secrets.randbelow(2**31) if seed is None else seed


def _narrow(x: Any) -> Any:
    """Return the features as the trees compare them, in single precision."""
    import numpy

    with numpy.errstate(over="ignore"):
        narrow = numpy.ascontiguousarray(x, dtype=numpy.float32)
    if numpy.isinf(narrow).any():
        raise StepFailed(
            "too_large_values",
            f"Decision forests compare numbers up to {numpy.finfo(numpy.float32).max:.3g}; some are larger.",
            fix="Bring the columns to a smaller scale with Normalize Data.",
            port="dataset",
            rows=numpy.flatnonzero(numpy.isinf(narrow).any(axis=1))[:5].tolist(),
        )
    return narrow


def _answers(state: Forest, x: Any) -> Any:
    narrow = _narrow(x)
    total = state.trees[0].predict(narrow)
    for tree in state.trees[1:]:
        total += tree.predict(narrow)
    return total / len(state.trees)


def _predict_values(state: Forest, x: Any) -> Any:
    return _answers(state, x).reshape(len(x))


def _predict_classes(state: Forest, x: Any) -> Any:
    return _answers(state, x).reshape(len(x), state.classes)


def _predict_second_class(state: Forest, x: Any) -> Any:
    return _predict_classes(state, x)[:, 1]


def _explain(state: Forest, names: list[str]) -> dict[str, Any]:
    order = (-state.importance).argsort(kind="stable")
    return {
        "importance": [{"name": names[i], "value": float(state.importance[i])} for i in order],
        "coefficients": [],
        "learning_curve": [],
    }


def _dump(state: Forest) -> bytes:
    import numpy

    parts = [tree.__getstate__() for tree in state.trees]
    arrays: dict[str, Any] = {name: numpy.concatenate([part["nodes"][name] for part in parts]) for name in _NODE_FIELDS}
    buffer = io.BytesIO()
    numpy.savez(
        buffer,
        shape=numpy.array([state.features, state.classes]),
        counts=numpy.array([part["node_count"] for part in parts]),
        depths=numpy.array([part["max_depth"] for part in parts]),
        values=numpy.concatenate([part["values"].reshape(part["node_count"], -1) for part in parts]),
        importance=state.importance,
        **arrays,
    )
    return buffer.getvalue()


def _load(data: bytes) -> Forest:
    import zipfile

    import numpy

    try:
        with numpy.load(io.BytesIO(data), allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        return _rebuild(arrays)
    except (KeyError, ValueError, TypeError, OverflowError, zipfile.BadZipFile) as error:
        raise StepFailed(
            "unreadable_model",
            f"The trees of the model file cannot be read: {error}",
            fix="Train the model again.",
            port="model",
        ) from error


def _rebuild(arrays: Mapping[str, Any]) -> Forest:
    import numpy
    from sklearn.tree._tree import Tree

    features, classes = (int(value) for value in arrays["shape"])
    counts, depths = arrays["counts"], arrays["depths"]
    if not 0 < features < 2**31 or not 0 <= classes < 2**31 or len(counts) == 0 or counts.min() < 1:
        raise ValueError("its sizes are not those of a forest.")
    trees, start = [], 0
    for count, depth in zip(counts.tolist(), depths.tolist(), strict=True):
        tree = Tree(features, numpy.array([max(classes, 1)], dtype=numpy.intp), 1)
        nodes = numpy.zeros(count, dtype=tree.__getstate__()["nodes"].dtype)
        for name in _NODE_FIELDS:
            nodes[name] = arrays[name][start : start + count]
        _check_nodes(nodes, features)
        values = numpy.ascontiguousarray(arrays["values"][start : start + count], dtype=numpy.float64)
        tree.__setstate__(
            {
                "max_depth": depth,
                "node_count": count,
                "nodes": nodes,
                "values": values.reshape(count, 1, max(classes, 1)),
            }
        )
        trees.append(tree)
        start += count
    return Forest(trees, features, classes, arrays["importance"])


def _check_nodes(nodes: Any, features: int) -> None:
    """Refuse a tree that would lead its walker out of the array, or in a circle."""
    import numpy

    left, right = nodes["left_child"], nodes["right_child"]
    place, inner = numpy.arange(len(nodes)), left != -1
    for child in (left[inner], right[inner]):
        if ((child <= place[inner]) | (child >= len(nodes))).any():
            raise ValueError("a branch leads nowhere.")
    if (right[~inner] != -1).any() or ((nodes["feature"][inner] < 0) | (nodes["feature"][inner] >= features)).any():
        raise ValueError("a node asks for a feature that is not there.")


def _learner(name: str, title: str, task: str, predict: Callable[..., Any]) -> Learner:
    return Learner(
        name, title, task, _fit(task), predict, _dump, _load, _explain, "forest.npz",
        accepts_missing=True, accepts_categories=True,
        settings={
            "resampling": Resampling, "trees": Trees, "depth": Depth, "min_samples_per_leaf": MinSamplesPerLeaf,
        },
    )  # fmt: skip


LEARNERS = (
    _learner("decision_forest_regression", "Decision Forest Regression", "regression", _predict_values),
    _learner("two_class_decision_forest", "Two-Class Decision Forest", "binary", _predict_second_class),
    _learner("multiclass_decision_forest", "Multiclass Decision Forest", "multiclass", _predict_classes),
)
