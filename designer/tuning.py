"""Try sets of parameters one after the other, and keep the best: the search behind Tune Model Hyperparameters."""

from __future__ import annotations

import itertools
import math
import secrets
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from designer import reporting
from designer.errors import StepFailed
from designer.evaluation.measures import Metric, measures
from designer.folds import Folds, cross_validate
from designer.scoring import predict
from designer.search_space import Dimension
from designer.training import label_values, require_label, supervised, train
from designer.types import Table, UntrainedModel

MAX_TRIALS = 1_000


@dataclass(frozen=True)
class Trial:
    """One set of parameters, and what came of it.

    Parameters
    ----------
    number : int
        From 1, in the order of the search.
    parameters : dict
        The values that were tried.
    metrics : dict
        Measures; empty when it failed.
    failure : str
        Why it failed; blank when it did not.
    """

    number: int
    parameters: dict[str, Any]
    metrics: dict[str, float]
    failure: str = ""


@dataclass(frozen=True)
class Judge:
    """How a set of parameters is measured: on rows of its own, or across folds of the training rows.

    Parameters
    ----------
    table : Table
        Rows to learn from.
    label : str
        The column to predict.
    validation : Table or None
        Rows to measure on.
    folds : Folds or None
        Parts of the training rows, where there are no others.
    """

    table: Table
    label: str
    validation: Table | None
    folds: Folds | None

    def measure(self, untrained_model: UntrainedModel) -> dict[str, float]:
        """Train with some parameters and return the measures on rows that were not learned from."""
        if self.folds is not None:
            found = cross_validate(untrained_model, self.table, self.label, self.folds, progress=False)
            return found.means
        assert self.validation is not None
        algorithm = supervised(untrained_model)
        model = train(untrained_model, self.table, self.label)
        actual, _ = label_values(
            self.validation, require_label(self.validation, self.label), algorithm, model.info["classes"]
        )
        return measures(algorithm.task, actual, predict(model, self.validation))


def search(
    untrained_model: UntrainedModel,
    space: Sequence[Dimension],
    judge: Judge,
    metric: Metric,
    *,
    sampling: str,
    trials: int,
    seed: int | None,
) -> list[Trial]:
    """Try sets of parameters.

    Parameters
    ----------
    untrained_model : UntrainedModel
        The algorithm, and the settings that are not tuned.
    space : sequence of Dimension
        What is tuned.
    judge : Judge
        How a set is measured.
    metric : Metric
        What counts.
    sampling : {"grid", "random", "bayesian"}
        Every combination; combinations drawn at random; or combinations near those that did well.
    trials : int
        How many, unless it is a grid.
    seed : int or None
        Start of the random numbers.

    Returns
    -------
    list of Trial
        In the order they were tried; one that failed is among them.

    Raises
    ------
    StepFailed
        When a grid has too many combinations, or every trial failed.
    """
    count = grid_size(space) if sampling == "grid" else trials
    if sampling == "grid" and count > MAX_TRIALS:
        raise StepFailed(
            "too_many_trials",
            f"The grid has {count:,} combinations; at most {MAX_TRIALS:,} are tried.",
            fix="Name fewer values or parameters in the search space, or sample at random.",
            parameter="search_space",
        )
    found: list[Trial] = []
    asking = _grid(space) if sampling == "grid" else _study(space, sampling, seed)
    answer: float | None = None
    for number in range(1, count + 1):
        values = asking.send(answer if found else None)
        trial = _try(number, untrained_model, values, judge, metric)
        found.append(trial)
        answer = None if trial.failure else metric.gain(trial.metrics[metric.name])
        _tell(found, count, metric)
    if all(trial.failure for trial in found):
        raise StepFailed(
            "all_trials_failed",
            f"None of the {len(found):,} trials could be measured. The first said: {found[0].failure}",
            fix="Mend what the trials say, or change the search space.",
            parameter="search_space",
        )
    return found


def ranked(trials: Sequence[Trial], metric: Metric) -> list[Trial]:
    """Return trials, the best first, those that failed last; of equals the earlier comes first."""

    def place(trial: Trial) -> tuple[bool, float, int]:
        gain = -math.inf if trial.failure else metric.gain(trial.metrics[metric.name])
        return bool(trial.failure), -gain, trial.number

    return sorted(trials, key=place)


def grid_size(space: Sequence[Dimension]) -> int:
    """Return how many combinations a grid has."""
    return math.prod(len(dimension.grid()) for dimension in space)


def with_parameters(untrained_model: UntrainedModel, values: Mapping[str, Any]) -> UntrainedModel:
    """Return the algorithm with some of its settings changed."""
    return UntrainedModel(untrained_model.algorithm, {**untrained_model.parameters, **values})


def _try(number: int, untrained_model: UntrainedModel, values: dict[str, Any], judge: Judge, metric: Metric) -> Trial:
    try:
        with reporting.child(number, f"Trial {number}", values):
            found = judge.measure(with_parameters(untrained_model, values))
            metric.of(found)
            for name, value in found.items():
                reporting.metric(name, value)
    except StepFailed as error:
        reporting.note(f"Trial {number} failed: {error.detail}")
        return Trial(number, values, {}, error.detail)
    return Trial(number, values, found)


def _tell(found: Sequence[Trial], count: int, metric: Metric) -> None:
    best, words = ranked(found, metric)[0], metric.name.replace("_", " ")
    said = f"{len(found)} of {count} trials"
    if not best.failure:
        value = best.metrics[metric.name]
        said += f"; best {words} {value:.4g} in trial {best.number}"
        reporting.metric(f"best {words}", value, len(found))
    reporting.progress(len(found) / count, said)


# Each asks for a set of parameters and is sent what it gained, or None when it failed.
Asking = Generator[dict[str, Any], float | None, None]


def _grid(space: Sequence[Dimension]) -> Asking:
    for values in itertools.product(*(dimension.grid() for dimension in space)):
        yield dict(zip((dimension.name for dimension in space), values, strict=True))


def _study(space: Sequence[Dimension], sampling: str, seed: int | None) -> Asking:
    import optuna

    # The study's own lines would repeat what the trials say.
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    sampler = optuna.samplers.RandomSampler if sampling == "random" else optuna.samplers.TPESampler
    start = secrets.randbelow(2**31) if seed is None else seed
    study = optuna.create_study(direction="maximize", sampler=sampler(seed=start))
    distributions = {dimension.name: _distribution(dimension) for dimension in space}
    while True:
        asked = study.ask(distributions)
        gain = yield dict(asked.params)
        if gain is None:
            study.tell(asked, state=optuna.trial.TrialState.FAIL)
        else:
            study.tell(asked, gain)


def _distribution(dimension: Dimension) -> Any:
    import optuna

    if dimension.values is not None:
        return optuna.distributions.CategoricalDistribution(dimension.values)
    if isinstance(dimension.low, int):
        return optuna.distributions.IntDistribution(dimension.low, dimension.high, log=dimension.log)
    return optuna.distributions.FloatDistribution(dimension.low, dimension.high, log=dimension.log)
