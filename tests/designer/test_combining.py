"""Joining, stacking, grouping and sampling equal polars and scikit-learn called directly."""

from __future__ import annotations

from datetime import date, datetime

import numpy as np
import polars as pl
import pytest

from designer.catalog import default_catalog
from designer.component import SchemaFault
from designer.graph import PipelineGraph
from designer.schema import TableSchema
from designer.types import Table
from designer.validation import validate

LEFT = pl.DataFrame(
    {"id": [1, 2, 2, None, 4], "city": ["Oslo", "rome", None, "Bonn", "Oslo"], "v": [1.0, 2.0, 3.0, 4.0, 5.0]}
)
RIGHT = pl.DataFrame({"key": [2, 2, 9, None], "city": ["Rome", "Kyiv", "Oslo", "X"], "v": ["a", "b", "c", "d"]})
NOON = datetime(2020, 1, 1, 12)
KEYS = [{"left": "id", "right": "key"}]


def by(*names):
    """Select columns by name."""
    return {"rules": [{"action": "include", "by": "names", "values": list(names)}]}


def join(bench, left=LEFT, right=RIGHT, **parameters):
    """Join two tables through the component."""
    return bench.table("join_data", {"left": left, "right": right}, **{"keys": KEYS, **parameters})


@pytest.mark.parametrize("how", ["inner", "left", "semi", "anti"])
def test_join_equals_polars(bench, how):
    """Each type of join, with repeated and missing keys and a repeated name."""
    expected = LEFT.join(RIGHT, left_on="id", right_on="key", how=how, maintain_order="left")
    assert join(bench, how=how).equals(expected.rename({"v_right": "v_right"} if "v_right" in expected.columns else {}))


def test_full_join_keeps_both_sides(bench):
    """Rows without a partner stay; the left key is filled from the right one, or both are kept."""
    filled = join(bench, how="full")
    assert filled.columns == ["id", "city", "v", "city_right", "v_right"]
    assert filled["id"].to_list() == [1, 2, 2, 2, 2, None, 4, 9, None]
    kept = join(bench, how="full", keep_right_keys=True)
    assert kept["id"].to_list() == [1, 2, 2, 2, 2, None, 4, None, None]
    assert kept["key"].to_list() == [None, 2, 2, 2, 2, None, None, 9, None]


def test_join_by_texts_with_or_without_case(bench):
    """Upper and lower case may be told apart; a missing text matches nothing."""
    keys = [{"left": "city", "right": "city"}]
    assert join(bench, keys=keys)["city"].to_list() == ["Oslo", "Oslo"]
    assert join(bench, keys=keys, match_case=False)["city"].to_list() == ["Oslo", "rome", "Oslo"]


@pytest.mark.parametrize(
    ("ours", "theirs", "matches"),
    [
        (pl.Series([1, 2**53 + 1]), pl.Series([1.0, float(2**53)]), [1]),
        (pl.Series([1, 5], dtype=pl.UInt64), pl.Series([5, -1], dtype=pl.Int64), [5]),
        (pl.Series(["a", "b"], dtype=pl.Categorical), pl.Series(["b", "c"]), ["b"]),
        (pl.Series([1.0, float("nan"), None]), pl.Series([float("nan"), 1.0, None]), [1.0]),
        (pl.Series([NOON], dtype=pl.Datetime("ms")), pl.Series([NOON]), [NOON]),
    ],
)
def test_join_keys_of_different_types(bench, ours, theirs, matches):
    """Numbers, and texts with categories, are compared exactly."""
    got = join(bench, pl.DataFrame({"k": ours}), pl.DataFrame({"k": theirs}), keys=[{"left": "k", "right": "k"}])
    assert got["k"].to_list() == matches and got.schema["k"] == ours.dtype


def test_join_refuses_keys_that_cannot_be_compared(bench):
    """Before the run and in it."""
    keys = [{"left": "city", "right": "key"}]
    error = bench.problem("join_data", {"left": LEFT, "right": RIGHT}, keys=keys)
    assert (error["code"], error["parameter"], error["columns"]) == ("key_types", "keys", ["city", "key"])
    spec = default_catalog().latest("join_data")
    with pytest.raises(SchemaFault, match="cannot be compared"):
        spec.infer({"left": Table(LEFT).schema, "right": Table(RIGHT).schema}, spec.resolve({"keys": keys}))
    assert bench.problem("join_data", {"left": LEFT, "right": RIGHT})["code"] == "missing_parameter"
    half = bench.problem("join_data", {"left": LEFT, "right": RIGHT}, keys=[{"left": "id"}])
    assert half["detail"] == "Key columns, row 1 needs a value for Right column."


def test_full_join_says_when_a_key_cannot_hold_the_other(bench):
    """A key of the right that does not fit the left one's type is named."""
    left, right = pl.DataFrame({"k": pl.Series([1], dtype=pl.Int8)}), pl.DataFrame({"k": [1000]})
    error = bench.problem("join_data", {"left": left, "right": right}, keys=[{"left": "k", "right": "k"}], how="full")
    assert error["code"] == "key_types" and error["columns"] == ["k"]


def test_join_keeps_roles(bench):
    """Roles follow a column under its new name."""
    right = Table(RIGHT, {"v": "label"}, frozenset({"city"}))
    out = bench.outputs("join_data", {"left": LEFT, "right": right}, keys=KEYS)["dataset"]
    assert out.roles == {"v_right": "label"} and out.categorical == {"city_right"}


def test_columns_in_rows_are_validated():
    """A row that names a column that does not arrive is found while drawing."""
    graph = PipelineGraph.parse(
        {
            "schema_version": 1,
            "nodes": [
                {"id": "a", "component": "dataset@1", "parameters": {"dataset": {"name": "a"}}},
                {"id": "b", "component": "dataset@1", "parameters": {"dataset": {"name": "b"}}},
                {"id": "j", "component": "join_data@1", "parameters": {"keys": [{"left": "id", "right": "kee"}]}},
            ],
            "edges": [
                {"source": "a", "source_port": "dataset", "target": "j", "target_port": "left"},
                {"source": "b", "source_port": "dataset", "target": "j", "target_port": "right"},
            ],
        }
    )
    found = validate(graph, default_catalog(), {"a": Table(LEFT).schema, "b": Table(RIGHT).schema})
    (issue,) = found.issues
    assert (issue.code, issue.parameter, issue.port, issue.fix) == (
        "unknown_column", "keys", "right", "Did you mean 'key'?",
    )  # fmt: skip
    assert "Key columns, row 1, Right column" in issue.message


def test_add_rows(bench):
    """Columns match by name, numbers widen, and what one side lacks is missing."""
    first = Table(pl.DataFrame({"a": [1, 2], "day": [date(2020, 1, 1)] * 2, "x": ["p", "q"]}), {"x": "label"})
    second = pl.DataFrame(
        {"x": pl.Series(["r"], dtype=pl.Categorical), "a": [0.5], "day": [datetime(2021, 1, 1)], "z": [True]}
    )
    out = bench.outputs("add_rows", {"first": first, "second": second})["dataset"]
    expected = pl.concat([first.frame, second.with_columns(pl.col("x").cast(pl.String))], how="diagonal_relaxed")
    assert out.frame.equals(expected) and out.roles == {"x": "label"}
    assert out.frame.columns == ["a", "day", "x", "z"]
    error = bench.problem("add_rows", {"first": first, "second": pl.DataFrame({"a": ["no"]})})
    assert error["code"] == "type_mismatch" and error["columns"] == ["a"]


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        (pl.Int8, pl.Int32, pl.Int32),
        (pl.UInt8, pl.Int8, pl.Int16),
        (pl.UInt32, pl.Int16, pl.Int64),
        (pl.UInt64, pl.Int64, pl.Int64),
        (pl.Int64, pl.Float32, pl.Float64),
    ],
)
def test_add_rows_widens_numbers(bench, one, two, expected):
    """The wider type holds the values of both."""
    frames = [pl.DataFrame({"a": pl.Series([3], dtype=dtype)}) for dtype in (one, two)]
    got = bench.table("add_rows", dict(zip(("first", "second"), frames, strict=True)))
    assert got.schema["a"] == expected and got["a"].to_list() == [3, 3]


def test_add_rows_says_when_a_value_does_not_fit(bench):
    """Unsigned numbers beyond the signed ones are not changed behind the user's back."""
    big = pl.DataFrame({"a": pl.Series([2**64 - 1], dtype=pl.UInt64)})
    assert bench.problem("add_rows", {"first": big, "second": pl.DataFrame({"a": [1]})})["code"] == "type_mismatch"


def test_add_columns(bench):
    """Columns stand side by side; a repeated name has the suffix; unequal rows are refused."""
    right = Table(pl.DataFrame({"v": range(5), "w": range(5)}), {"v": "score"})
    out = bench.outputs("add_columns", {"left": LEFT, "right": right}, suffix=".2")["dataset"]
    assert out.frame.columns == ["id", "city", "v", "v.2", "w"] and out.roles == {"v.2": "score"}
    error = bench.problem("add_columns", {"left": LEFT, "right": RIGHT})
    assert error["detail"] == "The left table has 5 rows and the right one 4."


FUNCTIONS = {
    "count": lambda c: c.drop_nans().count().cast(pl.Int64),
    "distinct": lambda c: c.drop_nans().drop_nulls().n_unique().cast(pl.Int64),
    "sum": lambda c: c.drop_nans().sum(),
    "mean": lambda c: c.drop_nans().mean(),
    "median": lambda c: c.drop_nans().median(),
    "min": lambda c: c.drop_nans().min(),
    "max": lambda c: c.drop_nans().max(),
    "sd": lambda c: c.drop_nans().std(),
}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_aggregate_equals_polars(bench, function):
    """Every function by group, with missing values and keys, on numbers."""
    random = np.random.default_rng(1)
    values = random.normal(size=500)
    values[::17] = np.nan
    frame = pl.DataFrame({"g": random.integers(0, 7, 500), "h": random.integers(0, 2, 500) == 1, "v": values})
    frame = frame.with_columns(pl.when(pl.col("g") > 0).then("g"), pl.when(pl.col("v") < 2).then("v"))
    expected = frame.group_by("g", "h").agg(FUNCTIONS[function](pl.col("v")).alias("v_" + function)).sort("g", "h")
    got = bench.table(
        "aggregate_data", {"dataset": frame}, keys=by("g", "h"), aggregations=[{"function": function, "column": "v"}]
    )
    assert got.columns == expected.columns and got.select("g", "h").equals(expected.select("g", "h"))
    np.testing.assert_allclose(got["v_" + function].to_numpy(), expected["v_" + function].to_numpy(), rtol=0, atol=1e-9)


def test_aggregate_without_keys_and_with_texts(bench):
    """The whole table is one group; the first and last row count as they are; names can be given."""
    frame = pl.DataFrame({"t": [None, "b", "a"], "n": [1, 2, None], "ok": [True, False, True]})
    rows = [
        {"function": "rows"}, {"function": "first", "column": "t"}, {"function": "min", "column": "t"},
        {"function": "last", "column": "n"}, {"function": "sum", "column": "ok", "name": "true ones"},
        {"function": "sum", "column": "n"},
    ]  # fmt: skip
    got = bench.table("aggregate_data", {"dataset": frame}, aggregations=rows)
    assert got.columns == ["rows", "t_first", "t_min", "n_last", "true ones", "n_sum"]
    assert got.row(0) == (3, None, "a", None, 2, 3)
    assert bench.table("aggregate_data", {"dataset": frame.head(0)}, aggregations=rows).row(0)[0] == 0


def test_aggregate_problems(bench):
    """A sum that does not fit, a function that does not suit, and two columns of one name."""
    frame = pl.DataFrame({"n": [2**62, 2**62], "t": ["a", "b"]})

    def code(*rows):
        return bench.problem("aggregate_data", {"dataset": frame}, aggregations=list(rows))["code"]

    assert code({"function": "sum", "column": "n"}) == "overflow"
    assert code({"function": "mean", "column": "t"}) == "unsuitable_type"
    assert code({"function": "rows"}, {"function": "count", "column": "t", "name": "rows"}) == "duplicate_column"
    assert code({"function": "sum"}) == "invalid_parameter"
    assert code({"function": "sum", "column": "gone"}) == "unknown_column"
    spec = default_catalog().latest("aggregate_data")
    with pytest.raises(SchemaFault, match="which has no mean"):
        spec.infer(
            {"dataset": TableSchema.of(t="string")},
            spec.resolve({"aggregations": [{"function": "mean", "column": "t"}]}),
        )


@pytest.mark.parametrize(("keep", "rows"), [("first", [0, 1, 3]), ("last", [2, 3, 4]), ("none", [3])])
def test_remove_duplicate_rows(bench, keep, rows):
    """Missing keys agree with each other; the order stays."""
    frame = pl.DataFrame({"k": ["a", None, "a", "b", None], "i": range(5)})
    got = bench.table("remove_duplicate_rows", {"dataset": frame}, columns=by("k"), keep=keep)
    assert got["i"].to_list() == rows


def test_head_and_sampling(bench):
    """The first rows, or a share of the rows by chance, in the order of the table."""
    frame = pl.DataFrame({"i": range(100), "g": ["a"] * 80 + ["b"] * 20})
    assert bench.table("partition_and_sample", {"dataset": frame}, mode="head", rows=7)["i"].to_list() == list(range(7))
    got = bench.table("partition_and_sample", {"dataset": frame}, rate=0.25, seed=3)
    assert got["i"].to_list() == sorted(np.random.default_rng(3).permutation(100)[:25].tolist())
    got = bench.table("partition_and_sample", {"dataset": frame}, rate=0.25, stratified=True, strata_column="g")
    assert dict(got["g"].value_counts().iter_rows()) == {"a": 20, "b": 5}


def test_folds(bench):
    """Folds have equal or given sizes, within strata too; one can be picked, or all others."""
    frame = pl.DataFrame({"i": range(103), "g": ["a"] * 83 + ["b"] * 20})
    out = bench.outputs("partition_and_sample", {"dataset": frame}, mode="folds", stratified=True, strata_column="g")
    table = out["dataset"]
    assert table.notes["folds"] == {"column": "Fold", "count": 5}
    sizes = table.frame.group_by("Fold").len().sort("Fold")["len"].to_list()
    assert sorted(sizes) == [20, 20, 21, 21, 21]
    rare = table.frame.filter(g="b").group_by("Fold").len()["len"].to_list()
    assert len(rare) == 5 and set(rare) <= {3, 4, 5}
    picked = bench.table("partition_and_sample", {"dataset": table}, mode="pick_fold", fold=2)
    rest = bench.table("partition_and_sample", {"dataset": table}, mode="pick_fold", fold=2, complement=True)
    assert set(picked["Fold"]) == {2} and picked.height + rest.height == 103
    blocks = bench.table("partition_and_sample", {"dataset": frame}, mode="folds", folds=4, randomized=False)
    assert blocks["Fold"].is_sorted() and blocks["Fold"].n_unique() == 4
    shares = bench.table(
        "partition_and_sample", {"dataset": frame.head(10)}, mode="folds", by="proportions", proportions=[0.5, 0.3, 0.2]
    )
    assert shares.group_by("Fold").len().sort("Fold")["len"].to_list() == [5, 3, 2]


def test_fold_problems(bench):
    """Proportions that do not add up, a fold that is not there, folds within folds."""
    frame = pl.DataFrame({"Fold": [1, 2], "t": ["a", "b"]})

    def code(**parameters):
        return bench.problem("partition_and_sample", {"dataset": frame}, **parameters)["code"]

    assert code(mode="folds", by="proportions", proportions=[0.5, 0.6]) == "invalid_parameter"
    assert code(mode="pick_fold", fold=3) == "unknown_fold"
    assert code(mode="pick_fold", fold_column="t") == "unsuitable_type"
    assert code(mode="folds") == "duplicate_column"
