"""Search spaces as text, searches that equal scikit-learn and Optuna called directly, and trials that fail."""

from __future__ import annotations

import numpy as np
import optuna
import polars as pl
import pytest
from sklearn import datasets
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, StratifiedKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from designer.learners import LEARNERS
from designer.schema import TableSchema
from designer.search_space import SearchSpaceInvalid, parse_space
from designer.validation import validate

from .graphs import draw

BOOST = LEARNERS["two_class_boosted_decision_tree"]
FOREST = LEARNERS["multiclass_decision_forest"]
LOGISTIC = "multiclass_logistic_regression"


@pytest.fixture(scope="module")
def several():
    """Return a table with three classes, and its arrays."""
    x, y = datasets.make_classification(150, 5, n_informative=4, n_redundant=0, n_classes=3, random_state=2)
    return pl.DataFrame(x, schema=[f"f{i}" for i in range(5)]).with_columns(y=pl.Series(np.array(list("abc"))[y])), x, y


def tuned(bench, frame, algorithm=LOGISTIC, validation=None, settings=None, **parameters):
    untrained = next(iter(bench.outputs(algorithm, **(settings or {})).values()))
    inputs = {"untrained_model": untrained, "dataset": frame, "validation_dataset": validation}
    result, directory = bench.run("tune_model_hyperparameters", inputs, label="y", **parameters)
    return result, directory


def sweep(bench, *args, **parameters) -> pl.DataFrame:
    result, directory = tuned(bench, *args, **parameters)
    assert result["status"] == "completed", result["problem"]
    return pl.read_parquet(directory.path / result["outputs"]["sweep_results"]["path"])


def direct(strength):
    return make_pipeline(StandardScaler(), LogisticRegression(C=1 / strength, tol=1e-4, max_iter=1000))


@pytest.mark.parametrize(
    ("text", "algorithm", "grid"),
    [
        ("trees: 20, 100,500", BOOST, (20, 100, 500)),
        ("Number of trees: 10 to 30", BOOST, (10, 20, 30)),
        ("leaves: 8 to 128 log in 5 steps", BOOST, (8, 16, 32, 64, 128)),
        ("# a remark\n\n  learning_rate: 0.01 to 1 LOG", BOOST, (0.01, 0.1, 1.0)),
        ("learning_rate: 0.1 to 0.5 in 2 steps", BOOST, (0.1, 0.5)),
        ("trees: 1 to 2 in 9 steps", BOOST, (1, 2)),
        ("resampling: Bagging, replicate", FOREST, ("bagging", "replicate")),
        ("normalize_features: yes, off", LEARNERS[LOGISTIC], (True, False)),
        ("l2_weight: 0, 1e-3", LEARNERS[LOGISTIC], (0.0, 0.001)),
    ],
)
def test_what_a_line_means(text, algorithm, grid):
    """Lists, ranges, logarithmic ranges and steps; names and titles; remarks and blank lines."""
    (dimension,) = parse_space(text, algorithm)
    assert dimension.grid() == grid and all(type(a) is type(b) for a, b in zip(dimension.grid(), grid, strict=True))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("trees", "has no values"), ("trees:", "has no values"), ("depth: 3", "no parameter 'depth'"),
        ("trees: many", "'many' is not a number"), ("trees: 1.5", "whole number"), ("trees: 0 to 9", "at least 1"),
        ("leaves: 9 to 8", "is empty"), ("trees: 3\ntrees: 4", "Line 2 names 'trees' a second time"),
        ("learning_rate: 0 to 1 log", "greater than 0"), ("trees: 1 to 5 in 0 steps", "1 to 1,000 steps"),
        ("trees: nan", "whole number"), ("learning_rate: inf", "must be a number"),
    ],
)  # fmt: skip
def test_what_a_line_may_not_say(text, says):
    """Each names its line and how to mend it."""
    with pytest.raises(SearchSpaceInvalid, match=says) as caught:
        parse_space(text, BOOST)
    assert str(caught.value).startswith("Line ") and caught.value.fix.endswith(".")


@pytest.mark.parametrize("name", [name for name, entry in LEARNERS.items() if entry.task != "clustering"])
def test_each_algorithm_has_a_space_of_its_own(name):
    """The declared ranges are within the bounds of the parameters, which are those of the component."""
    from designer.catalog import default_catalog

    spec = default_catalog().latest(name)
    assert parse_space("", LEARNERS[name])
    for parameter in LEARNERS[name].settings:
        assert parameter in spec.parameter
    assert {p.name for p in spec.parameters if p.tuned} == {d.name for d in parse_space("", LEARNERS[name])}


def test_a_grid_is_that_of_scikit_learn(bench, several):
    """Every combination, measured across the same folds; the best is trained on all rows."""
    frame, x, y = several
    strengths = [0.01, 1.0, 100.0]
    cv = StratifiedKFold(3, shuffle=True, random_state=4)
    found = GridSearchCV(direct(1.0), {"logisticregression__C": [1 / s for s in strengths]}, cv=cv).fit(x, y)
    result, directory = tuned(bench, frame, sampling="grid", search_space="l2_weight: 0.01, 1, 100", folds=3, seed=4)
    table = pl.read_parquet(directory.path / result["outputs"]["sweep_results"]["path"])
    by_strength = dict(zip(table["l2_weight"], table["accuracy"], strict=True))
    np.testing.assert_allclose([by_strength[s] for s in strengths], found.cv_results_["mean_test_score"], atol=1e-9)
    assert table["accuracy"].to_list() == sorted(table["accuracy"], reverse=True)
    document = result["outputs"]["model"]["document"]
    assert (
        document["parameters"]["l2_weight"]
        == table["l2_weight"][0]
        == pytest.approx(1 / found.best_params_["logisticregression__C"])
    )
    best = direct(table["l2_weight"][0]).fit(x, y)[-1].coef_
    told = [row["value"] for row in document["coefficients"] if row["name"] == "f0"]
    np.testing.assert_allclose(told, best[:, 0], atol=1e-9)


@pytest.mark.parametrize(("sampling", "sampler"), [("bayesian", "TPESampler"), ("random", "RandomSampler")])
def test_samples_are_those_of_optuna(bench, several, sampling, sampler):
    """A study called directly with the same seed asks for the same values."""
    frame, x, y = several
    cv = StratifiedKFold(3, shuffle=True, random_state=6)

    def score(trial):
        return cross_val_score(direct(trial.suggest_float("l2_weight", 0.001, 1000, log=True)), x, y, cv=cv).mean()

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(direction="maximize", sampler=getattr(optuna.samplers, sampler)(seed=6))
    study.optimize(score, n_trials=12)
    table = sweep(
        bench, frame, sampling=sampling, trials=12, search_space="l2_weight: 0.001 to 1000 log", folds=3, seed=6
    ).sort("Trial")
    np.testing.assert_allclose(table["l2_weight"], [t.params["l2_weight"] for t in study.trials], atol=1e-9)
    np.testing.assert_allclose(table["accuracy"], [t.value for t in study.trials], atol=1e-9)


def test_measured_on_rows_of_their_own(bench, several):
    """With a validation dataset there are no folds; an error is made small."""
    frame, x, y = several
    table = sweep(
        bench, frame.head(100), validation=frame.tail(50), sampling="grid",
        search_space="l2_weight: 0.1, 10", classification_metric="log_loss",
    )  # fmt: skip
    from sklearn.metrics import log_loss

    expected = {s: log_loss(y[100:], direct(s).fit(x[:100], y[:100]).predict_proba(x[100:])) for s in (0.1, 10.0)}
    np.testing.assert_allclose(table["log_loss"], [expected[s] for s in table["l2_weight"]], atol=1e-9)
    assert table["log_loss"][0] == min(table["log_loss"])


def test_each_trial_is_reported_as_a_child(bench, several):
    """The spool tells of each trial: its parameters, metrics and end; the step's own metric is the best so far."""
    frame, _, _ = several
    result, directory = tuned(bench, frame, trials=4, folds=2)
    lines = directory.read_spool()
    begun = [line for line in lines if line["kind"] == "child" and line["status"] == "running"]
    assert [line["title"] for line in begun] == ["Trial 1", "Trial 2", "Trial 3", "Trial 4"]
    assert all(set(line["parameters"]) == {"l2_weight"} for line in begun)
    assert [line["child"] for line in lines if line.get("status") == "completed"] == [1, 2, 3, 4]
    accuracy = [line["value"] for line in lines if line["kind"] == "child_metric" and line["name"] == "accuracy"]
    best = [line["value"] for line in lines if line["kind"] == "metric"]
    assert len(accuracy) == 4 and best == [max(accuracy[: i + 1]) for i in range(4)]
    phases = [line["phase"] for line in lines if line["kind"] == "progress"]
    assert phases[-2].startswith("4 of 4 trials; best accuracy") and phases[-1].startswith("Training on")


def test_a_trial_that_fails_is_recorded_and_the_search_goes_on(bench):
    """Gradient descent that runs away is one failed trial; the model is trained with another."""
    x, y = datasets.make_regression(80, 3, random_state=1)
    frame = pl.DataFrame(x * 1e100, schema=["a", "b", "c"]).with_columns(y=pl.Series(y))
    result, directory = tuned(
        bench, frame, "linear_regression", sampling="grid", folds=2,
        search_space="normalize_features: yes, no", settings={"method": "gradient_descent", "epochs": 5},
    )  # fmt: skip
    assert result["status"] == "completed", result["problem"]
    table = pl.read_parquet(directory.path / result["outputs"]["sweep_results"]["path"])
    assert table["normalize_features"].to_list() == [True, False]
    assert table["Failure"][0] is None and table["Failure"][1]
    (failed,) = [line for line in directory.read_spool() if line.get("status") == "failed"]
    assert failed["problem"]["errors"][0]["code"] in ("diverged", "undefined_metric") and failed["problem"]["fix"]


def test_when_every_trial_fails_the_step_does(bench):
    """And says what the first trial said."""
    frame = pl.DataFrame({"a": [1.0, None] * 10, "y": ["u", "v", "w", "u"] * 5})
    result, directory = tuned(bench, frame, trials=2, folds=2)
    bench.check_problem(result["problem"])
    assert result["problem"]["errors"][0]["code"] == "all_trials_failed" and "missing" in result["problem"]["detail"]
    assert len([line for line in directory.read_spool() if line.get("status") == "failed"]) == 2


DATA = ("dataset", {"dataset": {"name": "d", "version": "latest"}})
WIRED = "u.untrained_model>t.untrained_model d.dataset>t.dataset"
SCHEMA = TableSchema.of(age="integer", paid="float", y="string")


@pytest.mark.parametrize(
    ("algorithm", "parameters", "says"),
    [
        ("multiclass_decision_forest", {"search_space": "leaves: 3"}, "Line 1: Multiclass Decision Forest has no"),
        ("multiclass_decision_forest", {"search_space": "trees: 0"}, "Line 1: Number of decision trees must be"),
        ("linear_regression", {"search_space": "epochs: 3", "label": "paid"}, "no parameter 'epochs'"),
        (
            "multiclass_decision_forest",
            {"sampling": "grid", "search_space": "trees: 1 to 50 in 50 steps\ndepth: 1 to 50 in 50 steps"},
            "2,500 combinations",
        ),
    ],
)
def test_a_search_space_is_checked_before_it_runs(catalog, algorithm, parameters, says):
    """What cannot be tuned is an issue of the field where it stands."""
    keep = {
        "rules": [{"action": "include", "by": "names", "values": ["age", "paid", "y"][: 3 - (algorithm[0] == "l")]}]
    }
    nodes = {
        "d": DATA, "c": ("select_columns", {"columns": keep}), "u": algorithm,
        "t": ("tune_model_hyperparameters", {"label": "y", **parameters}),
    }  # fmt: skip
    wired = "u.untrained_model>t.untrained_model d.dataset>c.dataset c.dataset>t.dataset"
    (issue,) = validate(draw(nodes, wired), catalog, {"d": SCHEMA}).issues
    assert (issue.node, issue.parameter) == ("t", "search_space") and says in issue.message and issue.fix


def test_mm5_the_sweep_and_the_model_are_told_without_data(catalog):
    """MM-5: columns of the trials; behind the tuned model scoring is checked as behind a trained one."""
    tune = ("tune_model_hyperparameters", {"label": "y", "search_space": "trees: 3"})
    nodes = {"d": DATA, "u": "two_class_decision_forest", "t": tune, "s": "score_model"}
    checked = validate(draw(nodes, WIRED + " t.model>s.model d.dataset>s.dataset"), catalog, {"d": SCHEMA})
    assert checked.issues == []
    assert checked.schemas["t"]["sweep_results"].names[:3] == ["Trial", "trees", "accuracy"]
    assert checked.schemas["s"]["dataset"].names[-2:] == ["Scored Labels", "Scored Probabilities"]
