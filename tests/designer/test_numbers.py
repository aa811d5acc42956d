"""Numbers equal scikit-learn, LightGBM and polars called directly (1e-9), and golden rules of each transform."""

from __future__ import annotations

from datetime import date, datetime

import lightgbm
import numpy as np
import polars as pl
import pytest
from sklearn import datasets, metrics
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge, SGDRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, OneHotEncoder, StandardScaler

from designer.types import Table

CLOSE = {"rtol": 0, "atol": 1e-9}


@pytest.fixture(scope="module")
def regression():
    """Return a table with the label y, and its arrays."""
    x, y = datasets.make_regression(200, 5, noise=3.0, random_state=3)
    return pl.DataFrame(x, schema=[f"f{i}" for i in range(5)]).with_columns(pl.Series("y", y)), x, y


@pytest.fixture(scope="module")
def binary():
    """Return a table with the label y (no, yes), and its arrays."""
    x, y = datasets.make_classification(300, 5, flip_y=0.1, random_state=3)
    words = pl.Series("y", np.where(y == 1, "yes", "no"))
    return pl.DataFrame(x, schema=[f"f{i}" for i in range(5)]).with_columns(words), x, y


def scored(bench, algorithm, frame, **parameters):
    """Train and score on the same rows through the components."""
    untrained = next(iter(bench.outputs(algorithm, **parameters).values()))
    model = next(
        iter(bench.outputs("train_model", {"untrained_model": untrained, "dataset": frame}, label="y").values())
    )
    return next(iter(bench.outputs("score_model", {"model": model, "dataset": frame}).values()))


@pytest.mark.parametrize("l2", [0.0, 0.5])
def test_least_squares(bench, regression, l2):
    """Ordinary least squares and ridge."""
    frame, x, y = regression
    expected = (Ridge(alpha=l2) if l2 else LinearRegression()).fit(x, y).predict(x)
    got = scored(bench, "linear_regression", frame, l2_weight=l2).frame["Scored Labels"]
    np.testing.assert_allclose(got, expected, **CLOSE)


def test_gradient_descent(bench, regression):
    """Online gradient descent with normalized features."""
    frame, x, y = regression
    direct = make_pipeline(
        StandardScaler(),
        SGDRegressor(alpha=0.001, max_iter=50, tol=None, learning_rate="invscaling", eta0=0.01, random_state=4),
    )
    got = scored(bench, "linear_regression", frame, method="gradient_descent", epochs=50, seed=4).frame["Scored Labels"]
    np.testing.assert_allclose(got, direct.fit(x, y).predict(x), **CLOSE)


@pytest.mark.parametrize("normalize", [True, False])
@pytest.mark.parametrize("l2", [0.0, 2.0])
def test_logistic_regression(bench, binary, normalize, l2):
    """Two-Class Logistic Regression."""
    frame, x, y = binary
    direct = LogisticRegression(C=1 / l2 if l2 else np.inf, tol=1e-4, max_iter=1000)
    direct = make_pipeline(StandardScaler(), direct) if normalize else direct
    expected = direct.fit(x, y).predict_proba(x)[:, 1]
    table = scored(bench, "two_class_logistic_regression", frame, l2_weight=l2, normalize_features=normalize)
    np.testing.assert_allclose(table.frame["Scored Probabilities"], expected, **CLOSE)
    assert table.frame["Scored Labels"].to_list() == np.where(expected >= 0.5, "yes", "no").tolist()
    assert table.roles == {"Scored Labels": "score", "Scored Probabilities": "score", "y": "label"}


def _direct_booster(x, y, objective, **more):
    parameters = {
        "objective": objective, "num_leaves": 20, "min_data_in_leaf": 10, "learning_rate": 0.2, "seed": 9,
        "deterministic": True, "force_row_wise": True, "num_threads": 1, "verbosity": -1,
    }  # fmt: skip
    return lightgbm.train(parameters, lightgbm.Dataset(x, y, **more), 25)


def test_boosted_regression(bench, regression):
    """Boosted Decision Tree Regression, with missing values."""
    frame, x, y = regression
    x = x.copy()
    x[::7, 1] = np.nan
    frame = frame.with_columns(pl.Series("f1", x[:, 1]).fill_nan(None))
    got = scored(bench, "boosted_decision_tree_regression", frame, trees=25, seed=9).frame["Scored Labels"]
    np.testing.assert_allclose(got, _direct_booster(x, y, "regression").predict(x), **CLOSE)


def test_boosted_classification_with_categories(bench, binary):
    """Two-Class Boosted Decision Tree; texts are used as categories."""
    frame, x, y = binary
    codes = np.arange(len(y)) % 3
    frame = frame.with_columns(pl.Series("kind", np.array(["a", "b", "c"])[codes])).select("kind", pl.exclude("kind"))
    both = np.column_stack([codes, x])
    expected = _direct_booster(both, y, "binary", categorical_feature=[0]).predict(both)
    got = scored(bench, "two_class_boosted_decision_tree", frame, trees=25, seed=9).frame["Scored Probabilities"]
    np.testing.assert_allclose(got, expected, **CLOSE)


def test_evaluate_binary(bench, binary):
    """Binary metrics and curves."""
    frame, _, y = binary
    table = scored(bench, "two_class_logistic_regression", frame)
    result, directory = bench.run("evaluate_model", {"scored_dataset": table})
    (found,) = result["outputs"]["evaluation"]["document"]["results"]
    p = table.frame["Scored Probabilities"].to_numpy()
    guess = p >= 0.5
    precision, recall, f1, _ = metrics.precision_recall_fscore_support(y, guess, average="binary")
    expected = {
        "accuracy": metrics.accuracy_score(y, guess), "precision": precision, "recall": recall, "f1": f1,
        "auc": metrics.roc_auc_score(y, p), "log_loss": metrics.log_loss(y, p),
        "average_precision": metrics.average_precision_score(y, p),
    }  # fmt: skip
    assert found["metrics"] == pytest.approx(expected, abs=1e-9)
    assert found["confusion"]["matrix"] == metrics.confusion_matrix(y, guess).tolist()
    assert metrics.auc(found["roc"]["fpr"], found["roc"]["tpr"]) == pytest.approx(expected["auc"], abs=1e-9)
    assert len(found["thresholds"]) == 101 and found["positive"] == "yes"
    reported = {line["name"]: line["value"] for line in directory.read_spool() if line["kind"] == "metric"}
    assert reported == found["metrics"]


def test_evaluate_regression_side_by_side(bench, regression):
    """Regression metrics of two models."""
    frame, _, y = regression
    tables = [scored(bench, "linear_regression", frame), scored(bench, "boosted_decision_tree_regression", frame)]
    result, _ = bench.run("evaluate_model", {"scored_dataset": tables[0], "scored_dataset_to_compare": tables[1]})
    for table, found in zip(tables, result["outputs"]["evaluation"]["document"]["results"], strict=True):
        guess = table.frame["Scored Labels"].to_numpy()
        r2 = metrics.r2_score(y, guess)
        expected = {
            "mean_absolute_error": metrics.mean_absolute_error(y, guess),
            "root_mean_squared_error": metrics.root_mean_squared_error(y, guess),
            "relative_absolute_error": np.abs(y - guess).sum() / np.abs(y - y.mean()).sum(),
            "relative_squared_error": 1 - r2,
            "coefficient_of_determination": r2,
        }
        assert found["metrics"] == pytest.approx(expected, abs=1e-9)
        assert sum(found["residuals"]["counts"]) == len(y)


def test_evaluate_multiclass_and_renamed_columns(bench):
    """A confusion matrix for more than two classes; renamed score columns are found by their role."""
    frame = pl.DataFrame({"y": ["a", "b", "c", "a"], "Scored Labels": ["a", "b", "b", "c"]})
    table = Table(frame, {"y": "label", "Scored Labels": "score"})
    renamed = Table(frame.rename({"Scored Labels": "guess"}), {"y": "label", "guess": "score"})
    for given in (table, renamed):
        result, _ = bench.run("evaluate_model", {"scored_dataset": given})
        (found,) = result["outputs"]["evaluation"]["document"]["results"]
        assert found["confusion"] == {"labels": ["a", "b", "c"], "matrix": [[1, 0, 1], [0, 1, 0], [0, 1, 0]]}
        assert found["metrics"]["accuracy"] == 0.5


@pytest.mark.parametrize(("method", "scaler"), [("zscore", StandardScaler()), ("minmax", MinMaxScaler())])
def test_normalize(bench, regression, method, scaler):
    """ZScore and MinMax equal scikit-learn."""
    frame, x, _ = regression
    got = bench.table("normalize_data", {"dataset": frame.drop("y")}, method=method)
    np.testing.assert_allclose(got.to_numpy(), scaler.fit_transform(x), **CLOSE)


def test_normalize_other_methods_and_constants(bench):
    """Logistic, Tanh, LogNormal, and columns with one value."""
    from scipy.stats import norm

    x = np.array([0.5, 1.0, 2.0, 4.0])
    frame = pl.DataFrame({"x": x, "same": [7.1] * 4})
    only = {"rules": [{"action": "include", "by": "names", "values": ["x"]}]}
    logs = np.log(x)
    expected = {
        "logistic": 1 / (1 + np.exp(-x)), "tanh": np.tanh(x), "lognormal": norm.cdf(logs, logs.mean(), logs.std()),
    }  # fmt: skip
    for method, values in expected.items():
        got = bench.table("normalize_data", {"dataset": frame}, method=method, columns=only)
        np.testing.assert_allclose(got["x"], values, **CLOSE)
        assert got["same"].to_list() == [7.1] * 4
    assert bench.table("normalize_data", {"dataset": frame})["same"].to_list() == [0.0] * 4
    assert bench.table("normalize_data", {"dataset": frame}, constant_as_zero=False)["same"].to_list() == [None] * 4


def test_indicator_values(bench):
    """Indicator columns equal scikit-learn's encoder; missing and unseen values give zeros."""
    frame = pl.DataFrame({"n": [1, 2, 3], "city": ["Oslo", "Bergen", "Oslo"]})
    out = bench.outputs("convert_to_indicator_values", {"dataset": frame})
    expected = OneHotEncoder(sparse_output=False).fit_transform(frame.select("city").to_numpy())
    assert out["dataset"].frame.columns == ["n", "city-Bergen", "city-Oslo"]
    np.testing.assert_array_equal(out["dataset"].frame.drop("n").to_numpy(), expected)
    other = pl.DataFrame({"n": [1, 2], "city": ["Rome", None]})
    applied = bench.table("apply_transformation", {"transformation": out["transformation"], "dataset": other})
    assert applied.drop("n").to_numpy().tolist() == [[0, 0], [0, 0]]
    with_missing = bench.table("convert_to_indicator_values", {"dataset": other}, missing="column", overwrite=False)
    assert with_missing.columns == ["n", "city", "city-Rome", "city-(missing)"]


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("mean", [1.0, 4.0 / 3, 1.0, 2.0]),
        ("median", [1.0, 1.0, 1.0, 2.0]),
        ("mode", [1, 1, 1, 2]),
        ("custom", [1, 9, 1, 2]),
        ("drop_row", [1, 1, 2]),
    ],
)
def test_clean_missing_data(bench, mode, expected):
    """Each cleaning mode on whole numbers, and the same on decimal ones with not-a-number."""
    for values in ([1, None, 1, 2], [1.0, float("nan"), 1.0, 2.0]):
        got = bench.table("clean_missing_data", {"dataset": pl.DataFrame({"a": values})}, mode=mode, replacement="9")
        assert got["a"].to_list() == pytest.approx(expected)


def test_clean_missing_data_by_ratio(bench):
    """Only columns whose share of missing values lies within the ratios are cleaned."""
    frame = pl.DataFrame({"few": [1, None, 3, 4], "many": [None, None, None, 4], "text": ["a", None, "c", "d"]})
    got = bench.table("clean_missing_data", {"dataset": frame}, mode="drop_column", min_ratio=0.5)
    assert got.columns == ["few", "text"]
    got = bench.table("clean_missing_data", {"dataset": frame}, mode="mean", max_ratio=0.5, indicator=True)
    assert got["few"].to_list() == pytest.approx([1, 8 / 3, 3, 4])
    assert got["many"].null_count() == 3 and got["text"].null_count() == 1
    assert [name for name in got.columns if name.endswith("_IsMissing")] == ["few_IsMissing", "text_IsMissing"]


def test_clean_missing_data_on_dates_and_categories(bench):
    """The mode of dates, times and categories is filled in with its own type."""
    frame = pl.DataFrame(
        {
            "day": [date(2020, 1, 2), None, date(2020, 1, 2)],
            "at": [datetime(2020, 1, 2, 3, 4, 5), None, datetime(2020, 1, 2, 3, 4, 5)],
            "kind": pl.Series(["x", None, "x"], dtype=pl.Categorical),
        }
    )
    got = bench.table("clean_missing_data", {"dataset": frame}, mode="mode")
    assert got.schema == frame.schema
    assert got.null_count().row(0) == (0, 0, 0)


def test_split(bench):
    """Parts are disjoint, whole, in order, of the right size; strata keep their shares."""
    frame = pl.DataFrame({"i": range(101), "g": ["a"] * 80 + ["b"] * 20 + [None]})
    out = bench.outputs("split_data", {"dataset": frame}, fraction=0.7, seed=5)
    first, second = out["first"].frame["i"].to_list(), out["second"].frame["i"].to_list()
    assert len(first) == 71 and sorted(first + second) == list(range(101)) and first == sorted(first)
    chosen = np.random.default_rng(5).permutation(101)[:71]
    assert first == sorted(chosen.tolist())
    part = bench.table("split_data", {"dataset": frame}, fraction=0.5, stratified=True, strata_column="g")
    assert (
        dict(part["g"].value_counts().iter_rows())["a"] == 40 and dict(part["g"].value_counts().iter_rows())["b"] == 10
    )
    head = bench.table("split_data", {"dataset": frame}, fraction=0.1, randomized=False)
    assert head["i"].to_list() == list(range(10))


@pytest.mark.parametrize(
    ("expression", "rows"),
    [
        ('"age" > 30', [1, 2]),
        ("age >= 30 and not city == 'Oslo'", [2]),
        ('"age" < 20 | ("city" = "Rome" & "ok" == true)', [2]),
        ('"city" == null or "city" != "Oslo"', [2, 3]),
        ('\\"age" > -1e1', [0, 1, 2]),
        ('"day" < "2021-01-01"', [0]),
    ],
)
def test_split_by_relative_expression(bench, expression, rows):
    """Comparisons are parsed; rows whose comparison is unknown go to the second part."""
    frame = pl.DataFrame(
        {
            "i": [0, 1, 2, 3], "age": [30, 31, 32, None], "city": ["Oslo", "Oslo", "Rome", None],
            "ok": [False, False, True, None], "day": [date(2020, 5, 1), date(2021, 5, 1), None, None],
        }
    )  # fmt: skip
    out = bench.outputs("split_data", {"dataset": frame}, mode="relative_expression", expression=expression)
    assert out["first"].frame["i"].to_list() == rows
    assert out["first"].frame.height + out["second"].frame.height == 4


def test_split_by_regular_expression(bench):
    """Rows that match in any place go to the first part."""
    frame = pl.DataFrame({"city": ["Oslo", "Rome", None, "Moscow"]})
    got = bench.table("split_data", {"dataset": frame}, mode="regular_expression", column="city", pattern="os")
    assert got["city"].to_list() == ["Moscow"]


def test_sql_equals_polars(bench):
    """A join with a group; a sum has not the role of what it sums."""
    left = Table(pl.DataFrame({"k": [1, 2, 2, 3], "v": [1.0, 2.0, 3.0, 4.0]}), {"v": "label"})
    right = pl.DataFrame({"k": [2, 3], "name": ["b", "c"]})
    query = """
        WITH joined AS (SELECT * FROM t1 JOIN t2 USING (k))
        SELECT name, sum(v) AS v FROM joined GROUP BY name ORDER BY name
    """
    out = bench.outputs("apply_sql_transformation", {"t1": left, "t2": right}, query=query)["dataset"]
    assert out.frame.rows() == [("b", 5.0), ("c", 4.0)]
    assert out.roles == {}


def test_evaluate_leaves_out_what_is_not_a_number(bench):
    """Rows without a finite label or score are counted, not measured."""
    frame = pl.DataFrame({"y": [1.0, 2.0, float("inf"), None], "Scored Labels": [1.0, 3.0, 1.0, 1.0]})
    result, _ = bench.run("evaluate_model", {"scored_dataset": Table(frame, {"y": "label"})})
    (found,) = result["outputs"]["evaluation"]["document"]["results"]
    assert (found["rows"], found["left_out"], found["metrics"]["mean_absolute_error"]) == (2, 2, 0.5)
