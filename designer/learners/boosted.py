"""Many small trees, each correcting those before it, by LightGBM."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from designer import reporting
from designer.learners.algorithm import Learner
from designer.parameters import Range, Title, Tuned

Leaves = Annotated[int, Range(2, 10_000), Title("Maximum number of leaves per tree"), Tuned("8 to 128 log")]
MinSamplesPerLeaf = Annotated[
    int, Range(1, 1_000_000), Title("Minimum number of samples per leaf"), Tuned("1 to 50 log")
]
LearningRate = Annotated[float, Range(0, 1, exclusive_minimum=True), Title("Learning rate"), Tuned("0.02 to 0.4 log")]
Trees = Annotated[int, Range(1, 10_000), Title("Number of trees"), Tuned("20 to 500 log")]


@dataclass
class Boosted:
    """A LightGBM booster and how its training went."""

    booster: Any
    learning_curve: list[dict[str, Any]]


def _fit(objective: str, metric_name: str) -> Callable[..., Boosted]:
    def fit(parameters: Mapping[str, Any], x: Any, y: Any, categorical: list[int]) -> Boosted:
        import time

        import lightgbm

        trees = parameters["trees"]
        data = lightgbm.Dataset(x, y, categorical_feature=categorical, free_raw_data=True, params={"verbosity": -1})
        curve: list[dict[str, Any]] = []
        last = 0.0

        def watch(environment: Any) -> None:
            nonlocal last
            done, now = environment.iteration + 1, time.monotonic()
            for _, name, value, *_ in environment.evaluation_result_list:
                curve.append({"iteration": done, "name": f"training {name}", "value": float(value)})
            if now - last >= 0.2 or done in (1, trees):
                last = now
                reporting.progress(done / trees, f"{done} of {trees} trees")
                if curve:
                    reporting.metric(f"training {metric_name}", curve[-1]["value"], done)

        settings = booster_parameters(parameters, objective, metric_name)
        if objective == "multiclass":
            settings["num_class"] = int(y.max()) + 1
        booster = lightgbm.train(
            settings, data, num_boost_round=trees, valid_sets=[data], valid_names=["training"], callbacks=[watch]
        )
        return Boosted(booster, _thinned(curve, 400))

    return fit


def booster_parameters(parameters: Mapping[str, Any], objective: str, metric_name: str) -> dict[str, Any]:
    """Return LightGBM's parameters for ours; one thread and fixed order, so a seed gives the same bytes."""
    return {
        "objective": objective,
        "metric": metric_name,
        "num_leaves": parameters["leaves"],
        "min_data_in_leaf": parameters["min_samples_per_leaf"],
        "learning_rate": parameters["learning_rate"],
        "seed": secrets.randbelow(2**31) if parameters["seed"] is None else parameters["seed"],
        "deterministic": True,
        "force_row_wise": True,
        "num_threads": 1,
        "verbosity": -1,
    }


def _thinned(curve: list[dict[str, Any]], most: int) -> list[dict[str, Any]]:
    if len(curve) <= most:
        return curve
    step = (len(curve) - 1) / (most - 1)
    return [curve[round(index * step)] for index in range(most)]


def _dump(state: Boosted) -> bytes:
    return state.booster.model_to_string().encode()


def _load(data: bytes) -> Boosted:
    import lightgbm

    return Boosted(lightgbm.Booster(model_str=data.decode()), [])


def _predict(state: Boosted, x: Any) -> Any:
    return state.booster.predict(x, num_threads=1)


def _explain(state: Boosted, names: list[str]) -> dict[str, Any]:
    gains = state.booster.feature_importance("gain")
    order = (-gains).argsort(kind="stable")
    return {
        "importance": [{"name": names[i], "value": float(gains[i])} for i in order],
        "coefficients": [],
        "learning_curve": state.learning_curve,
    }


def _learner(name: str, title: str, task: str, objective: str, metric_name: str) -> Learner:
    return Learner(
        name, title, task, _fit(objective, metric_name), _predict, _dump, _load, _explain, "booster.txt",
        accepts_missing=True, accepts_categories=True,
        settings={
            "leaves": Leaves, "min_samples_per_leaf": MinSamplesPerLeaf, "learning_rate": LearningRate, "trees": Trees,
        },
    )  # fmt: skip


LEARNERS = (
    _learner(
        "boosted_decision_tree_regression", "Boosted Decision Tree Regression", "regression", "regression", "rmse"
    ),
    _learner(
        "two_class_boosted_decision_tree", "Two-Class Boosted Decision Tree", "binary", "binary", "binary_logloss"
    ),
    _learner(
        "multiclass_boosted_decision_tree",
        "Multiclass Boosted Decision Tree",
        "multiclass",
        "multiclass",
        "multi_logloss",
    ),
)
