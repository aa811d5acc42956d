"""Cross validation and permutation importance, equal to scikit-learn called directly (1e-9)."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from sklearn import datasets, metrics
from sklearn.ensemble import RandomForestRegressor
from sklearn.inspection import permutation_importance
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import KFold, PredefinedSplit, StratifiedKFold, cross_val_predict, cross_validate
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from designer.rundir import RunDirectory
from designer.types import Table

CLOSE = {"rtol": 0, "atol": 1e-9}
LOGISTIC = make_pipeline(StandardScaler(), LogisticRegression(tol=1e-4, max_iter=1000))


@pytest.fixture(scope="module")
def several():
    """Return a table with three classes, and its arrays."""
    x, y = datasets.make_classification(150, 5, n_informative=4, n_redundant=0, n_classes=3, random_state=2)
    return pl.DataFrame(x, schema=[f"f{i}" for i in range(5)]).with_columns(y=pl.Series(np.array(list("abc"))[y])), x, y


def untrained(bench, algorithm, **parameters):
    return next(iter(bench.outputs(algorithm, **parameters).values()))


def validated(bench, frame, algorithm="multiclass_logistic_regression", settings=None, **parameters):
    inputs = {"untrained_model": untrained(bench, algorithm, **(settings or {})), "dataset": frame}
    return bench.outputs("cross_validate_model", inputs, label="y", **parameters)


def test_classes_as_scikit_learn(bench, several):
    """Metrics of each fold, their mean and spread, and the probabilities of each row."""
    frame, x, y = several
    cv = StratifiedKFold(4, shuffle=True, random_state=7)
    scorers = {"accuracy": "accuracy", "macro_f1": "f1_macro", "auc": "roc_auc_ovr", "log_loss": "neg_log_loss"}
    direct = cross_validate(LOGISTIC, x, y, cv=cv, scoring=scorers)
    out = validated(bench, frame, folds=4, seed=7)
    table = out["results_by_fold"].frame
    assert table["Fold"].to_list() == ["1", "2", "3", "4", "Mean", "Standard deviation"]
    for name in scorers:
        expected = direct[f"test_{name}"] * (-1 if name == "log_loss" else 1)
        np.testing.assert_allclose(table[name][:4], expected, **CLOSE)
        np.testing.assert_allclose(table[name][4:], [expected.mean(), expected.std(ddof=1)], **CLOSE)
    scored = out["scored_dataset"].frame
    p = cross_val_predict(LOGISTIC, x, y, cv=cv, method="predict_proba")
    np.testing.assert_allclose(scored.select(f"Scored Probabilities_{c}" for c in "abc").to_numpy(), p, **CLOSE)
    for number, (_, inside) in enumerate(cv.split(x, y), start=1):
        assert set(scored["Fold Number"].to_numpy()[inside]) == {number}
    result, _ = bench.run("evaluate_model", {"scored_dataset": out["scored_dataset"]})
    assert result["outputs"]["evaluation"]["document"]["results"][0]["metrics"]["accuracy"] == pytest.approx(
        metrics.accuracy_score(y, p.argmax(axis=1))
    )


def test_two_classes_and_numbers_as_scikit_learn(bench, several):
    """The same for two classes without strata, and for numbers."""
    frame, x, y = several
    cv = KFold(5, shuffle=True, random_state=0)
    two = frame.with_columns(y=pl.Series(y == 2))
    direct = cross_validate(LOGISTIC, x, y == 2, cv=cv, scoring=["accuracy", "roc_auc"])
    table = validated(bench, two, "two_class_logistic_regression", folds=5, stratified=False)["results_by_fold"].frame
    np.testing.assert_allclose(table["accuracy"][:5], direct["test_accuracy"], **CLOSE)
    np.testing.assert_allclose(table["auc"][:5], direct["test_roc_auc"], **CLOSE)
    numbers = frame.with_columns(y=pl.Series(x[:, 0] + x[:, 1]))
    direct = cross_validate(Ridge(0.5), x, x[:, 0] + x[:, 1], cv=cv, scoring=["r2", "neg_root_mean_squared_error"])
    table = validated(bench, numbers, "linear_regression", {"l2_weight": 0.5}, folds=5)["results_by_fold"].frame
    np.testing.assert_allclose(table["coefficient_of_determination"][:5], direct["test_r2"], **CLOSE)
    np.testing.assert_allclose(
        table["root_mean_squared_error"][:5], -direct["test_neg_root_mean_squared_error"], **CLOSE
    )


def test_folds_of_a_column(bench, several):
    """Its values are the folds, nothing is learned from it, and no other column tells of them."""
    frame, x, y = several
    which = np.arange(len(y)) % 3
    direct = cross_validate(LOGISTIC, x, y, cv=PredefinedSplit(which), scoring=["accuracy"])
    out = validated(bench, frame.with_columns(part=pl.Series(which * 10)), fold_column="part")
    table = out["results_by_fold"].frame
    assert table["Fold"].to_list()[:3] == ["0", "10", "20"] and "Fold Number" not in out["scored_dataset"].frame.columns
    np.testing.assert_allclose(table["accuracy"][:3], direct["test_accuracy"], **CLOSE)


def test_a_class_that_one_fold_misses_has_no_chance_there(bench):
    """Its probability is 0 where the model did not see it; metrics that need every class are left out."""
    frame = pl.DataFrame({"a": list(range(30)), "y": ["u", "v"] * 14 + ["w", "w"], "part": [0] * 15 + [1] * 15})
    out = validated(bench, frame, "multiclass_decision_forest", {"trees": 5}, fold_column="part")
    scored = out["scored_dataset"].frame
    assert scored.filter(pl.col("part") == 1)["Scored Probabilities_w"].sum() == 0
    assert out["results_by_fold"].frame["auc"].to_list()[0] is None


def test_validating_twice_replaces_the_first(bench, several):
    """Scores and fold numbers of an earlier validation are neither kept nor learned from."""
    frame, _, _ = several
    first = validated(bench, frame, folds=3)
    again = validated(bench, first["scored_dataset"], folds=3)
    assert again["scored_dataset"].frame.equals(first["scored_dataset"].frame)


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"folds": 60}, "too_few_rows"),
        ({"fold_column": "f0"}, "unsuitable_column"),
        ({"fold_column": "none"}, "unknown_column"),
    ],
)
def test_folds_that_cannot_be(bench, several, parameters, code):
    """Too many folds for a class, and columns that are none."""
    frame, _, _ = several
    inputs = {"untrained_model": untrained(bench, "multiclass_logistic_regression"), "dataset": frame}
    assert bench.problem("cross_validate_model", inputs, label="y", **parameters)["code"] == code


def test_a_failure_names_the_fold(bench):
    """What cannot be learned without one fold says so."""
    frame = pl.DataFrame({"a": [1.0] * 20, "y": ["u"] * 10 + ["v"] * 10, "part": ["p"] * 10 + ["q"] * 10})
    inputs = {"untrained_model": untrained(bench, "two_class_logistic_regression"), "dataset": frame}
    problem = bench.problem("cross_validate_model", inputs, label="y", fold_column="part")
    assert "without fold p" in problem["detail"] and problem["parameter"] == "label"


def test_metrics_of_the_folds_stay_inside(bench, several):
    """The step's metrics are the means; training curves of single folds are not among them."""
    frame, _, _ = several
    inputs = {"untrained_model": untrained(bench, "multiclass_boosted_decision_tree", trees=4), "dataset": frame}
    _, directory = bench.run("cross_validate_model", inputs, label="y", folds=3)
    names = [line["name"] for line in RunDirectory(directory.path).read_spool() if line["kind"] == "metric"]
    assert "accuracy" in names and len(names) == len(set(names)) and not any("training" in name for name in names)


def importance(bench, algorithm, frame, **parameters):
    model = bench.outputs("train_model", {"untrained_model": untrained(bench, algorithm), "dataset": frame}, label="y")
    return bench.table("permutation_feature_importance", {**model, "dataset": frame}, **parameters)


@pytest.mark.parametrize(
    ("metric", "scoring"),
    [("accuracy", "accuracy"), ("f1", "f1_macro"), ("log_loss", "neg_log_loss"), ("auc", "roc_auc_ovr")],
)
def test_permutation_importance_of_classes(bench, several, metric, scoring):
    """Means and spreads of scikit-learn, errors turned so that more means more important."""
    frame, x, y = several
    direct = permutation_importance(LOGISTIC.fit(x, y), x, y, scoring=scoring, n_repeats=3, random_state=5)
    table = importance(
        bench, "multiclass_logistic_regression", frame, classification_metric=metric, repeats=3, seed=5
    ).sort("Feature")
    np.testing.assert_allclose(table["Importance"], direct.importances_mean, **CLOSE)
    np.testing.assert_allclose(table["Standard deviation"], direct.importances_std, **CLOSE)


def test_permutation_importance_of_numbers(bench, several):
    """The same for an error of numbers; the most important feature comes first."""
    frame, x, _ = several
    y = 5 * x[:, 3] + x[:, 0]
    model = RandomForestRegressor(100, max_depth=32, random_state=0).fit(x, y)
    direct = permutation_importance(model, x, y, scoring="neg_root_mean_squared_error", n_repeats=5, random_state=0)
    table = importance(bench, "decision_forest_regression", frame.with_columns(y=pl.Series(y)))
    assert table["Feature"][0] == "f3"
    np.testing.assert_allclose(table.sort("Feature")["Importance"], direct.importances_mean, **CLOSE)


def test_permutation_importance_without_a_label(bench, several):
    """A table without the label, and rows that do not define the metric."""
    frame, _, _ = several
    inputs = {"untrained_model": untrained(bench, "multiclass_decision_forest", trees=3), "dataset": frame}
    model = bench.outputs("train_model", inputs, label="y")
    problem = bench.problem("permutation_feature_importance", {**model, "dataset": frame.drop("y")})
    assert problem["code"] == "unknown_column" and problem["columns"] == ["y"]
    same = Table(frame.filter(pl.col("y") == "a"))
    problem = bench.problem("permutation_feature_importance", {**model, "dataset": same}, classification_metric="auc")
    assert problem["code"] == "undefined_metric"
