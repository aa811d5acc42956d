"""Several classes from training to evaluation, and decision forests: equal to the libraries called directly."""

from __future__ import annotations

import io
import zipfile

import lightgbm
import numpy as np
import polars as pl
import pytest
from sklearn import datasets, ensemble, metrics
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from designer.artifacts import codecs
from designer.errors import StepFailed
from designer.types import Table

CLOSE = {"rtol": 0, "atol": 1e-9}
WORDS = np.array(["low", "mid", "top"])


@pytest.fixture(scope="module")
def several():
    """Return a table with the label y (low, mid, top), and its arrays."""
    x, y = datasets.make_classification(240, 6, n_informative=4, n_classes=3, flip_y=0.1, random_state=5)
    return pl.DataFrame(x, schema=[f"f{i}" for i in range(6)]).with_columns(pl.Series("y", WORDS[y])), x, y


def trained(bench, algorithm, frame, **parameters):
    untrained = next(iter(bench.outputs(algorithm, **parameters).values()))
    return bench.outputs("train_model", {"untrained_model": untrained, "dataset": frame}, label="y")["model"]


def scored(bench, algorithm, frame, **parameters) -> Table:
    model = trained(bench, algorithm, frame, **parameters)
    return bench.outputs("score_model", {"model": model, "dataset": frame})["dataset"]


def probabilities(table: Table) -> np.ndarray:
    return table.frame.select(f"Scored Probabilities_{word}" for word in WORDS).to_numpy()


def test_multiclass_logistic_regression(bench, several):
    """Probabilities of each class, and the most probable one as the label."""
    frame, x, y = several
    direct = make_pipeline(StandardScaler(), LogisticRegression(C=0.5, tol=1e-4, max_iter=1000)).fit(x, y)
    table = scored(bench, "multiclass_logistic_regression", frame, l2_weight=2.0)
    np.testing.assert_allclose(probabilities(table), direct.predict_proba(x), **CLOSE)
    assert table.frame["Scored Labels"].to_list() == WORDS[direct.predict(x)].tolist()
    assert table.roles["y"] == "label" and table.roles["Scored Probabilities_top"] == "score"


def test_multiclass_boosted_trees(bench, several):
    """LightGBM's own probabilities."""
    frame, x, y = several
    parameters = {
        "objective": "multiclass", "num_class": 3, "num_leaves": 20, "min_data_in_leaf": 10, "learning_rate": 0.2,
        "seed": 9, "deterministic": True, "force_row_wise": True, "num_threads": 1, "verbosity": -1,
    }  # fmt: skip
    direct = lightgbm.train(parameters, lightgbm.Dataset(x, y), 15)
    table = scored(bench, "multiclass_boosted_decision_tree", frame, trees=15, seed=9)
    np.testing.assert_allclose(probabilities(table), direct.predict(x), **CLOSE)


@pytest.mark.parametrize(
    ("resampling", "grow"), [("bagging", ensemble.RandomForestClassifier), ("replicate", ensemble.ExtraTreesClassifier)]
)
@pytest.mark.parametrize("trees", [1, 7, 25])
def test_decision_forests_of_classes(bench, several, resampling, grow, trees):
    """Trees grown in parts are those of scikit-learn grown at once; missing values walk the same way."""
    frame, x, y = several
    x = x.copy()
    x[::9, 2] = np.nan
    frame = frame.with_columns(pl.Series("f2", x[:, 2]).fill_nan(None))
    direct = grow(trees, max_depth=6, min_samples_leaf=2, bootstrap=resampling == "bagging", random_state=4).fit(x, y)
    given = {"resampling": resampling, "trees": trees, "depth": 6, "min_samples_per_leaf": 2, "seed": 4}
    table = scored(bench, "multiclass_decision_forest", frame, **given)
    np.testing.assert_allclose(probabilities(table), direct.predict_proba(x), **CLOSE)
    two = frame.with_columns(y=pl.Series(np.where(y == 0, "a", "b")))
    direct.fit(x, (y != 0).astype(int))
    table = scored(bench, "two_class_decision_forest", two, **given)
    np.testing.assert_allclose(table.frame["Scored Probabilities"], direct.predict_proba(x)[:, 1], **CLOSE)


@pytest.mark.parametrize(
    ("resampling", "grow"), [("bagging", ensemble.RandomForestRegressor), ("replicate", ensemble.ExtraTreesRegressor)]
)
def test_decision_forest_regression(bench, several, resampling, grow):
    """Means of the trees, and the importance that scikit-learn tells."""
    frame, x, _ = several
    y = x[:, 0] * 3 + x[:, 1] ** 2
    frame = frame.with_columns(y=pl.Series(y))
    direct = grow(20, max_depth=32, bootstrap=resampling == "bagging", random_state=0).fit(x, y)
    model = trained(bench, "decision_forest_regression", frame, resampling=resampling, trees=20)
    table = bench.outputs("score_model", {"model": model, "dataset": frame})["dataset"]
    np.testing.assert_allclose(table.frame["Scored Labels"], direct.predict(x), **CLOSE)
    told = {row["name"]: row["value"] for row in model.info["importance"]}
    np.testing.assert_allclose([told[f"f{i}"] for i in range(6)], direct.feature_importances_, **CLOSE)


def test_a_category_never_seen_counts_as_missing(bench):
    """Texts are categories; scoring one that training did not have gives an answer, not a failure."""
    frame = pl.DataFrame({"k": ["a", "b", "c", "d"] * 20, "y": ["u", "u", "v", "w"] * 20})
    model = trained(bench, "multiclass_decision_forest", frame, trees=10)
    table = bench.outputs("score_model", {"model": model, "dataset": pl.DataFrame({"k": ["a", "?", None]})})["dataset"]
    assert table.frame["Scored Labels"].to_list()[0] == "u" and table.frame.null_count().row(0)[1:] == (0, 0, 0, 0)


def test_evaluate_several_classes(bench, several):
    """Accuracy, averages, log loss, AUC and confusion."""
    frame, _, y = several
    table = scored(bench, "multiclass_logistic_regression", frame)
    result, _ = bench.run("evaluate_model", {"scored_dataset": table})
    document = result["outputs"]["evaluation"]["document"]
    (found,) = document["results"]
    p = probabilities(table)
    guess = p.argmax(axis=1)
    expected = {"accuracy": metrics.accuracy_score(y, guess), "log_loss": metrics.log_loss(y, p)}
    expected["auc"] = metrics.roc_auc_score(y, p, multi_class="ovr")
    for average in ("macro", "micro"):
        for name, value in zip(
            ("precision", "recall", "f1"),
            metrics.precision_recall_fscore_support(y, guess, average=average),
            strict=False,
        ):
            expected[f"{average}_{name}"] = value
    assert document["task"] == "multiclass" and found["metrics"] == pytest.approx(expected, abs=1e-9)
    assert found["confusion"] == {"labels": WORDS.tolist(), "matrix": metrics.confusion_matrix(y, guess).tolist()}
    bare = Table(table.frame.drop(f"Scored Probabilities_{WORDS[0]}"), table.roles, notes=table.notes)
    result, _ = bench.run("evaluate_model", {"scored_dataset": bare})
    (found,) = result["outputs"]["evaluation"]["document"]["results"]
    assert "log_loss" not in found["metrics"] and found["metrics"]["accuracy"] == expected["accuracy"]


@pytest.mark.parametrize("label", [[3, 1, 2], [3.5, 1.0, 2.0], ["ü", "", "x"], pl.Series([2**63, 2**64 - 1, 2**62])])
def test_labels_of_each_type_come_back_as_they_were(bench, label):
    """Scored labels have the values and the type of the label."""
    column = pl.Series("y", label)
    frame = pl.DataFrame({"a": [1.0, 5.0, 9.0] * 20, "y": pl.concat([column] * 20)})
    table = scored(bench, "multiclass_decision_forest", frame, trees=5)
    assert table.frame["Scored Labels"].to_list() == frame["y"].to_list()
    assert table.schema["Scored Labels"].dtype == table.schema["y"].dtype


def test_two_classes_and_the_model_tells_its_weights_by_class(bench, several):
    """A multiclass algorithm takes two classes too; coefficients say which class they belong to."""
    frame, _, y = several
    model = trained(bench, "multiclass_logistic_regression", frame)
    assert [row["class"] for row in model.info["coefficients"] if row["name"] == "f0"] == WORDS.tolist()
    table = scored(bench, "multiclass_logistic_regression", frame.with_columns(y=pl.Series(y == 1)))
    assert {"Scored Probabilities_false", "Scored Probabilities_true"} < set(table.frame.columns)
    result, _ = bench.run("evaluate_model", {"scored_dataset": table})
    assert result["outputs"]["evaluation"]["document"]["results"][0]["metrics"]["macro_f1"] > 0.5


def test_labels_that_are_no_classes_are_refused(bench, several):
    """One class, and more classes than are learned."""
    frame, _, _ = several
    untrained = next(iter(bench.outputs("multiclass_decision_forest").values()))
    inputs = {"untrained_model": untrained, "dataset": frame.with_columns(y=pl.lit("same"))}
    problem = bench.problem("train_model", inputs, label="y")
    assert problem["code"] == "label_classes" and "'same'" in problem["detail"]
    many = pl.DataFrame({"a": [1.0] * 1500, "y": range(1500)})
    assert "1,500" in bench.problem("train_model", {**inputs, "dataset": many}, label="y")["detail"]


def test_values_beyond_single_precision_are_refused(bench, several):
    """A forest says that a number is too large for it, instead of calling it infinite."""
    frame, _, _ = several
    untrained = next(iter(bench.outputs("multiclass_decision_forest").values()))
    inputs = {"untrained_model": untrained, "dataset": frame.with_columns(f0=pl.lit(1e39))}
    assert bench.problem("train_model", inputs, label="y")["code"] == "too_large_values"


@pytest.mark.parametrize("change", ["circle", "outside", "feature", "short", "pickle"])
def test_a_forest_file_that_somebody_changed_is_refused(bench, several, tmp_path, change):
    """No tree of a foreign file is walked before its branches are known to stay inside."""
    frame, _, _ = several
    path = tmp_path / "model.zip"
    codecs["model"].write(trained(bench, "multiclass_decision_forest", frame, trees=3), path)
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with np.load(io.BytesIO(members["forest.npz"])) as file:
        arrays = dict(file)
    if change == "circle":
        arrays["left_child"][0] = 0
    elif change == "outside":
        arrays["right_child"][0] = 10**6
    elif change == "feature":
        arrays["feature"][0] = 77
    elif change == "short":
        arrays["threshold"] = arrays["threshold"][:-1]
    else:
        arrays["values"] = np.array([{}], dtype=object)
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in {**members, "forest.npz": buffer.getvalue()}.items():
            archive.writestr(name, data)
    with pytest.raises(StepFailed) as caught:
        codecs["model"].read(path)
    assert caught.value.cause == "unreadable_model"
