"""Bins, clipping, arithmetic, summaries and feature scores equal polars, scipy and scikit-learn called directly."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest
from scipy import special, stats
from sklearn.feature_selection import f_classif, f_regression
from sklearn.metrics import mutual_info_score

from designer import arithmetic
from designer.types import Table

CLOSE = {"rtol": 0, "atol": 1e-9}
RANDOM = np.random.default_rng(7)
VALUES = RANDOM.normal(size=300)
NUMBERS = pl.DataFrame({"v": VALUES, "w": RANDOM.integers(0, 50, 300)})
COLUMN = {"rules": [{"action": "include", "by": "names", "values": ["v"]}]}


def test_bins_by_quantiles_equal_polars(bench):
    """Equally many rows in each bin, intervals closed above."""
    got = bench.table("group_data_into_bins", {"dataset": NUMBERS}, bins=4, columns=COLUMN)["v_bin"]
    expected = NUMBERS["v"].qcut([0.25, 0.5, 0.75], labels=["1", "2", "3", "4"])
    assert got.cast(pl.String).to_list() == expected.cast(pl.String).to_list()


def test_bins_of_one_width_equal_polars(bench):
    """Equal parts of the range from the least value to the greatest."""
    got = bench.table("group_data_into_bins", {"dataset": NUMBERS}, mode="width", bins=5, columns=COLUMN)["v_bin"]
    cuts = np.linspace(VALUES.min(), VALUES.max(), 6)[1:-1].tolist()
    assert got.cast(pl.String).to_list() == NUMBERS["v"].cut(cuts, labels=list("12345")).cast(pl.String).to_list()


def test_bins_with_edges(bench):
    """Values on an edge belong below it; missing stays missing; every form of value and output."""
    frame = Table(
        pl.DataFrame({"age": [0.0, 18, 18.5, None, math.nan, 70], "x": [1, 2, 3, 4, 5, 6]}), {"age": "feature"}
    )
    columns = {"rules": [{"action": "include", "by": "names", "values": ["age"]}]}

    def binned(**parameters):
        given = {"mode": "edges", "edges": [18, 65], "columns": columns, **parameters}
        return bench.outputs("group_data_into_bins", {"dataset": frame}, **given)["dataset"]

    assert binned().frame["age_bin"].to_list() == [1, 1, 2, None, None, 3]
    assert binned().categorical == {"age_bin"} and binned().roles == {"age": "feature"}
    words = binned(value="interval", output="replace")
    assert words.frame["age"].to_list() == ["(-inf, 18]"] * 2 + ["(18, 65]", None, None, "(65, inf)"]
    only = binned(value="percent", output="only", categorical=False)
    assert only.frame.columns == ["age_bin"] and only.roles == {"age_bin": "feature"} and not only.categorical
    assert only.frame["age_bin"].to_list() == pytest.approx([100 / 3, 100 / 3, 200 / 3, None, None, 100])


def test_bins_learned_here_are_used_there(bench):
    """Edges come from the training rows, whatever the other table holds."""
    out = bench.outputs("group_data_into_bins", {"dataset": NUMBERS}, bins=2, columns=COLUMN, output="replace")
    other = pl.DataFrame({"v": [-1000.0, 1000.0, math.inf]})
    got = bench.table("apply_transformation", {"transformation": out["transformation"], "dataset": other})
    assert got["v"].to_list() == [1, 2, 2]


def test_bin_problems(bench):
    """Edges that do not ascend, infinite values, columns that are not numeric, names that are taken."""
    frame = pl.DataFrame({"v": [1.0, math.inf], "v_bin": [1, 2], "t": ["a", "b"]})

    def code(**parameters):
        return bench.problem("group_data_into_bins", {"dataset": frame}, **{"columns": COLUMN, **parameters})["code"]

    assert code(mode="edges", edges=[2, 1]) == "invalid_parameter"
    assert code(mode="edges") == "invalid_parameter"
    assert code() == "infinite_values"
    assert code(mode="edges", edges=[1]) == "duplicate_column"
    assert code(columns={"rules": [{"action": "include", "by": "all", "values": []}]}) == "unsuitable_type"


def test_clip_by_percentiles_equals_numpy(bench):
    """Both sides at percentiles with linear interpolation."""
    got = bench.table("clip_values", {"dataset": NUMBERS}, upper_percentile=90, lower_percentile=5, columns=COLUMN)["v"]
    low, high = np.quantile(VALUES, [0.05, 0.9])
    np.testing.assert_allclose(got, np.clip(VALUES, low, high), **CLOSE)


@pytest.mark.parametrize("substitute", ["threshold", "mean", "median", "missing"])
def test_clip_substitutes(bench, substitute):
    """What takes the place of a peak; an indicator tells where; the original can stay."""
    frame = pl.DataFrame({"v": [1.0, 2.0, 30.0, None]})
    got = bench.table(
        "clip_values", {"dataset": frame}, clip="peaks", by="constant", upper=10, peak_substitute=substitute,
        overwrite=False, indicator=True,
    )  # fmt: skip
    value = {"threshold": 10.0, "mean": 11.0, "median": 2.0, "missing": None}[substitute]
    assert got.to_dict(as_series=False) == {
        "v": [1.0, 2.0, 30.0, None], "v_clipped": [1.0, 2.0, value, None], "v_IsClipped": [False, False, True, False],
    }  # fmt: skip


def test_clip_learned_here_is_used_there(bench):
    """Percentiles of one table limit the values of another."""
    out = bench.outputs("clip_values", {"dataset": NUMBERS}, columns=COLUMN)
    got = bench.table(
        "apply_transformation", {"transformation": out["transformation"], "dataset": pl.DataFrame({"v": [99.0, -99.0]})}
    )
    np.testing.assert_allclose(got["v"], np.quantile(VALUES, [0.99, 0.01]), **CLOSE)


def test_clip_problems(bench):
    """Thresholds that cross, and percentiles that are infinite."""
    frame = pl.DataFrame({"v": [1.0, math.inf]})
    error = bench.problem("clip_values", {"dataset": frame}, by="constant", upper=0, lower=1)
    assert (error["code"], error["parameter"]) == ("invalid_parameter", "lower")
    assert bench.problem("clip_values", {"dataset": frame})["rows"] == [1]


@pytest.mark.parametrize(
    ("category", "name", "expected"),
    [
        ("basic", "cbrt", np.cbrt), ("basic", "ln1p", np.log1p), ("basic", "square", np.square),
        ("basic", "factorial", lambda x: special.factorial(np.where(x == np.floor(x), x, np.nan))),
        ("rounding", "round_up", lambda x: np.sign(x) * np.ceil(abs(x))),
        ("rounding", "to_odd", lambda x: np.array([1.0, 3, 5, 7])),
        ("rounding", "ceiling_power_2", lambda x: np.array([0.5, 4, 4, 8])),
        ("special", "ln_gamma", special.gammaln), ("special", "elliptic_e", special.ellipe),
        ("special", "double_factorial", lambda x: np.array([np.nan, 3, np.nan, 105])),
        ("trigonometric", "asinh", np.arcsinh), ("trigonometric", "sinc", np.sinc),
    ],
)  # fmt: skip
def test_math_of_one_argument(bench, category, name, expected):
    """Functions equal numpy and scipy; where they are not defined the result is missing."""
    frame = pl.DataFrame({"v": [0.5, 3.0, 3.5, 7.0]})
    given = {"category": category, {"basic": "basic", "rounding": "rounding"}.get(category, category): name}
    got = bench.table("apply_math_operation", {"dataset": frame}, **given)
    with np.errstate(all="ignore"):
        wanted = np.asarray(expected(frame["v"].to_numpy()), dtype=float)
    wanted = np.where(np.isfinite(wanted), wanted, np.nan)
    assert got.columns == ["v", f"{name}(v)"]
    np.testing.assert_allclose(got[f"{name}(v)"].to_numpy(), wanted, **CLOSE)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("add", lambda x, y: x + y), ("power", np.power), ("atan2", np.arctan2), ("mod", np.mod),
        ("remainder", np.fmod), ("beta", special.beta), ("gamma_q", special.gammaincc),
        ("log", lambda x, y: np.log(x) / np.log(y)),
        ("polygamma", lambda x, y: special.polygamma(y.astype(int), x)),
        ("to_multiple", lambda x, y: np.round(x / y) * y),
        ("nth_root", lambda x, y: x ** (1 / y)), ("round_digits", lambda x, y: np.array([0.5, 3, 3.5, 7])),
    ],
)  # fmt: skip
def test_math_of_two_arguments(bench, name, expected):
    """With a column, row by row."""
    frame = pl.DataFrame({"v": [0.5, 3.0, 3.5, 7.0], "n": [2, 3, 2, 4]})
    got = bench.table(
        "apply_math_operation", {"dataset": frame}, category="operations", operation=name, argument="column",
        column="n", columns=COLUMN, output="result_only",
    )  # fmt: skip
    x, y = frame["v"].to_numpy(), frame["n"].cast(pl.Float64).to_numpy()
    np.testing.assert_allclose(got[f"{name}(v, n)"].to_numpy(), expected(x, y), **CLOSE)


def test_every_operation_has_a_title_and_runs():
    """No name in a form lacks its function, and none is without a title."""
    groups = (
        arithmetic.BASIC, arithmetic.COMPARE, arithmetic.OPERATIONS, arithmetic.ROUNDING, arithmetic.SPECIAL,
        arithmetic.TRIGONOMETRIC,
    )  # fmt: skip
    names = [name for group in groups for name in group]
    assert sorted(names) == sorted(arithmetic._functions())
    x = np.array([0.25, np.nan])
    for name in names:
        found, _ = arithmetic.compute(name, x, x if name in arithmetic.TWO_ARGUMENTS else None)
        assert found.shape == (2,)


def test_math_comparisons_and_domain(bench):
    """Comparisons are true, false or missing; what is outside the domain is missing, and the log says so."""
    frame = pl.DataFrame({"v": [-1.0, 0.0, 4.0, None]})
    got = bench.table("apply_math_operation", {"dataset": frame}, category="compare", constant=0)
    assert got["greater(v, 0)"].to_list() == [False, False, True, None]
    result, directory = bench.run("apply_math_operation", {"dataset": frame}, basic="ln", output="inplace")
    assert result["status"] == "completed"
    assert "2 values of 'v' are outside the domain of ln and became missing." in directory.log.read_text()
    assert bench.problem("apply_math_operation", {"dataset": pl.DataFrame({"v": [1.0], "ln(v)": [1.0]})})["code"]


def test_summary_equals_scipy(bench):
    """Every statistic of a numeric column with missing values."""
    frame = pl.DataFrame({"v": [*VALUES.tolist(), None, math.nan], "t": ["b", "a"] * 151})
    row, text = bench.table("summarize_data", {"dataset": frame}).rows(named=True)
    assert (row["Count"], row["Missing Value Count"], row["Unique Value Count"]) == (300, 2, 300)
    expected = {
        "Min": VALUES.min(), "Max": VALUES.max(), "Mean": VALUES.mean(), "Range": np.ptp(VALUES),
        "Mean Deviation": np.abs(VALUES - VALUES.mean()).mean(), "Median": np.median(VALUES),
        "Sample Variance": VALUES.var(ddof=1), "Sample Standard Deviation": VALUES.std(ddof=1),
        "Sample Skewness": stats.skew(VALUES, bias=False), "Sample Kurtosis": stats.kurtosis(VALUES, bias=False),
        **{f"P{p:g}": np.quantile(VALUES, p / 100) for p in (0.5, 1, 5, 95, 99, 99.5)},
        "1st Quartile": np.quantile(VALUES, 0.25), "3rd Quartile": np.quantile(VALUES, 0.75),
    }  # fmt: skip
    for name, value in expected.items():
        assert row[name] == pytest.approx(value, abs=1e-9), name
    assert (text["Type"], text["Unique Value Count"], text["Mode"], text["Mean"]) == ("string", 2, "a", None)
    assert len(row) == 24


FEATURES = pl.DataFrame(
    {
        "strong": VALUES, "weak": VALUES + RANDOM.normal(size=300) * 3, "kind": np.where(VALUES > 0, "p", "n"),
        "noise": RANDOM.normal(size=300), "same": [1] * 300,
        "y": VALUES * 2 + 1, "label": np.where(VALUES + RANDOM.normal(size=300) * 0.2 > 0, "yes", "no"),
    }
)  # fmt: skip


def scores(bench, method, target, **parameters):
    """Return both outputs of a selection of two features."""
    out = bench.outputs(
        "filter_based_feature_selection", {"dataset": FEATURES}, method=method, target=target, count=2, **parameters
    )
    rows = {row["Feature"]: row for row in out["scores"].frame.rows(named=True)}
    return out["dataset"].frame, rows


def test_pearson(bench):
    """The absolute correlation with its p-value; texts come last without a score."""
    frame, rows = scores(bench, "pearson", "y")
    assert frame.columns == ["strong", "weak", "y"]
    found = stats.pearsonr(FEATURES["weak"], FEATURES["y"])
    assert rows["weak"]["Score"] == pytest.approx(abs(found.statistic), abs=1e-9)
    assert rows["weak"]["P-value"] == pytest.approx(found.pvalue, abs=1e-9)
    assert rows["kind"]["Score"] is None and rows["same"]["Score"] is None and not rows["kind"]["Selected"]
    assert list(rows)[:2] == ["strong", "weak"]


def test_chi_squared_and_mutual_information(bench):
    """Categories against categories, decimal numbers in bins."""
    counts = stats.contingency.crosstab(FEATURES["kind"].to_numpy(), FEATURES["label"].to_numpy()).count
    found = stats.chi2_contingency(counts, correction=False)
    _, rows = scores(bench, "chi_squared", "label")
    assert rows["kind"]["Score"] == pytest.approx(found.statistic, abs=1e-9)
    assert rows["kind"]["P-value"] == pytest.approx(found.pvalue, abs=1e-9)
    _, rows = scores(bench, "mutual_information", "label", bins=8)
    bins = FEATURES["noise"].qcut(8, labels=list("abcdefgh")).cast(pl.String)
    assert rows["noise"]["Score"] == pytest.approx(mutual_info_score(bins, FEATURES["label"]), abs=1e-9)


@pytest.mark.parametrize(("target", "function"), [("label", f_classif), ("y", f_regression)])
def test_anova(bench, target, function):
    """Means between classes, or a linear fit where the label is a decimal number."""
    _, rows = scores(bench, "anova_f", target)
    score, p_value = function(FEATURES.select("noise").to_numpy(), FEATURES[target].to_numpy())
    assert rows["noise"]["Score"] == pytest.approx(score[0], abs=1e-9)
    assert rows["noise"]["P-value"] == pytest.approx(p_value[0], abs=1e-9)


def test_selection_by_roles(bench):
    """Only columns with the role feature are scored, where there are any."""
    table = Table(FEATURES, {"noise": "feature", "label": "label"})
    out = bench.outputs("filter_based_feature_selection", {"dataset": table}, method="anova_f", target="label")
    assert out["dataset"].frame.columns == ["noise", "label"] and out["dataset"].roles == {
        "noise": "feature",
        "label": "label",
    }
    error = bench.problem("filter_based_feature_selection", {"dataset": FEATURES}, target="label")
    assert (error["code"], error["parameter"]) == ("unsuitable_type", "target")
