"""Every component against every edge table: a documented result or a coded problem (MM-1 to MM-7)."""

from __future__ import annotations

import zipfile
from typing import Any

import polars as pl
import pytest

from designer.catalog import default_catalog
from designer.component import Effect
from designer.parameters import KINDS
from designer.schema import TableSchema
from designer.types import File, Model, Table, Transformation, UntrainedModel

SPECS = [spec for spec in default_catalog().components() if spec.effect not in (Effect.SOURCE, Effect.SINK)]

EDGE_TABLES: dict[str, pl.DataFrame] = {
    "plain": pl.DataFrame({"a": [1.0, 2.0, 3.0, 4.5] * 10, "b": list(range(40)), "y": ["u", "v"] * 20}),
    "no_rows": pl.DataFrame(schema={"a": pl.Float64, "b": pl.Int64, "y": pl.String}),
    "no_columns": pl.DataFrame(),
    "all_null": pl.DataFrame(
        {"a": [None] * 5, "b": pl.Series([None] * 5, dtype=pl.Int64), "y": pl.Series([None] * 5, dtype=pl.String)}
    ),
    "one_class": pl.DataFrame({"a": [1.0, 2.0, 3.0], "b": [1, 2, 3], "y": ["u"] * 3}),
    "one_row": pl.DataFrame({"a": [1.0], "b": [1], "y": ["u"]}),
    "unicode": pl.DataFrame(
        {"größe ☃": [1.0, 2.0] * 20, "名前": ["é", "\u202e x"] * 20, "y": ["a\nb", "'\"; --"] * 20}
    ),
    "hostile_names": pl.DataFrame(
        {"<script>": [1.0, 2.0] * 20, "=1+1": [1, 2] * 20, "": [3, 4] * 20, "y": ["u", "v"] * 20}
    ),
    "infinite": pl.DataFrame(
        {"a": [float("inf"), 1.0, float("nan"), -float("inf")] * 10, "b": [1, 2, 3, 4] * 10, "y": ["u", "v"] * 20}
    ),
    "nested": pl.DataFrame({"a": [[1], [2, 3]], "b": [{"x": 1}, {"x": 2}], "y": ["u", "v"]}),
    "dates": pl.DataFrame(
        {
            "a": pl.Series([0, 1, None, 3]).cast(pl.Datetime),
            "b": pl.Series([1, 2, 3, 4]).cast(pl.Duration),
            "y": ["u", "v", "u", "v"],
        }
    ),
    "big_integers": pl.DataFrame(
        {"a": pl.Series([2**63, 2**64 - 1] * 20, dtype=pl.UInt64), "b": [2**62, 1] * 20, "y": [True, False] * 20}
    ),
}


ALL = {"rules": [{"action": "include", "by": "all", "values": []}]}


def _parameters(spec: Any) -> dict[str, Any]:
    """Give what has no default: the last column as label, strata or key."""
    given: dict[str, Any] = {"label": "y", "columns": ALL}
    given["target"] = "y"
    given["keys"] = [{"left": "y", "right": "y"}]
    return {name: value for name, value in given.items() if name in spec.parameter and spec.parameter[name].required}


VARIANTS: dict[str, list[dict[str, Any]]] = {
    "clean_missing_data": [
        {"mode": mode, "indicator": flag}
        for mode in ("mean", "median", "mode", "drop_row", "drop_column")
        for flag in (True, False)
    ]
    + [{"mode": "custom"}, {"mode": "mode", "all_missing": "remove"}],
    "normalize_data": [{"method": method} for method in ("zscore", "minmax", "logistic", "lognormal", "tanh")],
    "split_data": [
        {},
        {"stratified": True, "strata_column": "y"},
        {"mode": "regular_expression", "column": "y", "pattern": "u"},
        {"mode": "relative_expression", "expression": '"y" == "u"'},
    ],
    "join_data": [
        {"keys": [{"left": "y", "right": "y"}, {"left": "b", "right": "b"}], "how": how, **more}
        for how in ("inner", "left", "full", "semi", "anti")
        for more in ({}, {"keep_right_keys": True, "match_case": False})
    ]
    + [{"keys": [{"left": "a", "right": "b"}], "how": "full"}, {"keys": [{"left": "a", "right": "a"}]}],
    "aggregate_data": [
        {},
        {"keys": {"rules": [{"action": "include", "by": "names", "values": ["y"]}]}},
        *(
            {
                "keys": {"rules": [{"action": "include", "by": "names", "values": ["y"]}]},
                "aggregations": [{"function": function, "column": column} for column in ("a", "b")],
            }
            for function in ("count", "distinct", "sum", "mean", "median", "min", "max", "sd", "first", "last")
        ),
        {"aggregations": [{"function": f, "column": "y"} for f in ("min", "max", "first", "last", "distinct")]},
    ],
    "group_data_into_bins": [
        {"mode": mode, "bins": 3, "edges": [1, 2, 3.5], "value": value, "output": output, "categorical": flag}
        for mode, value, output, flag in (
            ("quantiles", "index", "append", True),
            ("quantiles", "interval", "only", True),
            ("width", "interval", "replace", False),
            ("edges", "share", "replace", True),
            ("edges", "percent", "append", False),
        )
    ],
    "clip_values": [
        {},
        {"clip": "peaks", "by": "constant", "upper": 2, "overwrite": False, "indicator": True},
        {"clip": "subpeaks", "by": "constant", "lower": 2, "subpeak_substitute": "missing"},
        {"peak_substitute": "mean", "subpeak_substitute": "median", "indicator": True, "upper_percentile": 80},
    ],
    "apply_math_operation": [
        {},
        {"category": "compare", "argument": "constant", "output": "result_only"},
        {"category": "compare", "compare": "pair_max", "argument": "column", "column": "b"},
        {"category": "operations", "operation": "divide", "constant": 0, "output": "inplace"},
        {"category": "special", "special": "erf_inverse", "output": "inplace"},
    ],
    "filter_based_feature_selection": [
        {"target": target, "method": method, "features_only": flag}
        for target in ("y", "b")
        for method, flag in (
            ("pearson", True),
            ("chi_squared", False),
            ("mutual_information", True),
            ("anova_f", False),
        )
    ],
    "edit_metadata": [
        {},
        {"names": [{"column": "y", "name": "why"}], "role": "label", "columns": ALL},
        *({"columns": ALL, "dtype": dtype, "unreadable": "missing"} for dtype in ("string", "integer", "datetime")),
        *({"columns": ALL, "dtype": dtype} for dtype in ("string", "float", "boolean", "date")),
        {"columns": ALL, "categorical": "categorical", "role": "feature"},
        {"columns": ALL, "categorical": "not_categorical", "role": "clear"},
    ],
    "remove_duplicate_rows": [
        {"keep": keep, "columns": columns}
        for keep in ("first", "last", "none")
        for columns in (
            ALL,
            {"rules": [{"action": "include", "by": "names", "values": ["y"]}]},
        )
    ],
    "partition_and_sample": [
        {},
        {"mode": "head", "rows": 3},
        {"stratified": True, "strata_column": "y", "rate": 0.5},
        {"mode": "folds"},
        {"mode": "folds", "folds": 3, "randomized": False},
        {
            "mode": "folds",
            "by": "proportions",
            "proportions": [0.5, 0.3, 0.2],
            "stratified": True,
            "strata_column": "y",
        },
        {"mode": "pick_fold", "fold": 1, "fold_column": "b"},
        {"mode": "pick_fold", "fold": 1, "fold_column": "b", "complement": True},
    ],
    "tune_model_hyperparameters": [{"trials": 2, "folds": 2, "search_space": "trees: 1 to 3"}],
    "cross_validate_model": [{"folds": 2}, {"folds": 3, "stratified": False}, {"fold_column": "b"}],
    **{
        name: [{"resampling": "bagging", "trees": 3}, {"resampling": "replicate"}]
        for name in ("decision_forest_regression", "two_class_decision_forest", "multiclass_decision_forest")
    },
    "convert_to_indicator_values": [
        {},
        {"missing": "column", "overwrite": False},
        {"columns": ALL},
    ],
}


@pytest.fixture
def values(bench):
    """Return a fitted value of each port type that is not a table."""
    plain = EDGE_TABLES["plain"]
    untrained = next(iter(bench.outputs("two_class_boosted_decision_tree", trees=3).values()))
    model = next(
        iter(bench.outputs("train_model", {"untrained_model": untrained, "dataset": plain}, label="y").values())
    )
    transformation = bench.outputs("normalize_data", {"dataset": plain})["transformation"]
    bundle = bench.folder / "bundle.zip"
    with zipfile.ZipFile(bundle, "w") as archive:
        archive.writestr("mine.py", "ANSWER = 42\n")
    found = {"untrained_model": untrained, "model": model, "transformation": transformation, "file": File(bundle)}
    clusters = next(iter(bench.outputs("k_means_clustering").values()))
    clustered = bench.outputs("train_clustering_model", {"untrained_model": clusters, "dataset": plain})["model"]
    return {**found, "clusters": clusters, "clustered": clustered}


def _given(spec: Any, frame: Any, values: dict[str, Any]) -> dict[str, Any]:
    """Connect each port; components of clusters get a clustering."""
    own = {"train_clustering_model": "clusters", "assign_data_to_clusters": "clustered"}
    return {
        port.name: frame
        if port.type == "table"
        else values[own[spec.name] if port.type in ("model", "untrained_model") and spec.name in own else port.type]
        for port in spec.inputs
    }


def _facts(spec: Any, inputs: dict[str, Any]) -> dict[str, Any]:
    """Tell of each input what validation knows."""
    told: dict[str, Any] = {}
    for port in spec.inputs:
        value = inputs[port.name]
        told[port.name] = Table(value).schema if port.type == "table" else None
        if isinstance(value, UntrainedModel):
            algorithm = default_catalog().latest(value.algorithm)
            told[port.name] = next(iter(algorithm.infer({}, algorithm.resolve(value.parameters)).values()))
        elif isinstance(value, Model):
            told[port.name] = {**value.info, "features": [feature["name"] for feature in value.info["features"]]}
    return told


PAIRS = [
    pytest.param(spec, table, id=f"{spec.name}-{table}")
    for spec in SPECS
    for table in (EDGE_TABLES if any(port.type == "table" for port in spec.inputs) else ["plain"])
]


@pytest.mark.parametrize(("spec", "table"), PAIRS)
def test_mm2_mm3_mm5_edge_tables(spec, table, bench, values):
    """MM-2, MM-3: a result or a problem that names its place and fix. MM-5: the schema told before is the one made."""
    frame = EDGE_TABLES[table]
    inputs = _given(spec, frame, values)
    for variant in VARIANTS.get(spec.name, [{}]):
        parameters = {**_parameters(spec), **variant}
        result, directory = bench.run(spec.name, inputs, **parameters)
        if result["status"] == "failed":
            bench.check_problem(result["problem"])
            continue
        assert set(result["outputs"]) == set(spec.output)
        expected = spec.infer(_facts(spec, inputs), spec.resolve(parameters))
        for port, schema in expected.items():
            if isinstance(schema, TableSchema):
                assert result["outputs"][port]["schema"] == schema.to_json(), (port, variant)


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
def test_mm4_same_seed_same_bytes(spec, bench, values):
    """MM-4: running twice gives the same bytes in every output."""
    frame = EDGE_TABLES["plain"]
    if spec.name == "evaluate_model":
        frame = next(iter(bench.outputs("score_model", {"model": values["model"], "dataset": frame}).values()))
    if spec.name == "filter_based_feature_selection":
        frame = frame.with_columns(y=pl.Series([0, 1] * 20))
    inputs = _given(spec, frame, values)
    bytes_of = []
    for _ in range(2):
        result, directory = bench.run(spec.name, inputs, **_parameters(spec))
        assert result["status"] == "completed", result["problem"]
        bytes_of.append({port: (directory.path / out["path"]).read_bytes() for port, out in result["outputs"].items()})
    assert bytes_of[0] == bytes_of[1]


@pytest.mark.parametrize(
    "algorithm",
    [
        "linear_regression", "two_class_logistic_regression", "boosted_decision_tree_regression",
        "decision_forest_regression", "two_class_decision_forest", "multiclass_decision_forest",
        "multiclass_logistic_regression", "multiclass_boosted_decision_tree",
    ],
)  # fmt: skip
def test_mm4_models_have_the_same_bytes_in_another_process(algorithm, bench):
    """MM-4: nothing of this process, such as an address or the time, gets into a model file."""
    import subprocess
    import sys

    frame = EDGE_TABLES["plain"].select("a", "b", y=pl.Series([1, 0, 0, 1] * 10))
    untrained = next(iter(bench.outputs(algorithm).values()))
    result, here = bench.run("train_model", {"untrained_model": untrained, "dataset": frame}, label="y")
    assert result["status"] == "completed"
    first = (here.path / result["outputs"]["model"]["path"]).read_bytes()
    subprocess.run([sys.executable, "-m", "designer.runtime", str(here.path)], check=True)
    assert (here.path / result["outputs"]["model"]["path"]).read_bytes() == first


@pytest.mark.parametrize(
    "name",
    [
        "clean_missing_data", "normalize_data", "convert_to_indicator_values", "group_data_into_bins", "clip_values",
    ],
)  # fmt: skip
@pytest.mark.parametrize("table", ["plain", "infinite", "unicode", "hostile_names", "all_null", "dates"])
def test_mm7_fit_then_apply_equals_fit_transform(name, table, bench):
    """MM-7: applying the fitted transformation to the same table gives the same table."""
    frame = EDGE_TABLES[table]
    for variant in VARIANTS[name]:
        result, _ = bench.run(name, {"dataset": frame}, **variant)
        if result["status"] == "failed":
            continue
        out = bench.outputs(name, {"dataset": frame}, **variant)
        again = bench.table("apply_transformation", {"transformation": out["transformation"], "dataset": frame})
        assert again.equals(out["dataset"].frame), variant


def test_mm7_model_scores_the_same_after_its_file(bench, values):
    """MM-7: a model read back from its file scores as before."""
    frame = EDGE_TABLES["plain"]
    first = bench.table("score_model", {"model": values["model"], "dataset": frame})
    assert isinstance(values["model"], Model) and isinstance(values["transformation"], Transformation)
    assert bench.table("score_model", {"model": values["model"], "dataset": frame.select("b", "y", "a")})[
        "Scored Probabilities"
    ].equals(first["Scored Probabilities"])


@pytest.mark.parametrize("spec", default_catalog().components(), ids=lambda spec: spec.name)
def test_mm1_declaration(spec):
    """MM-1: the JSON that palette, form, documentation and validation read is whole."""
    import json

    shape = json.loads(json.dumps(spec.to_json(), allow_nan=False))
    assert set(shape) == {
        "id", "name", "version", "title", "family", "summary", "description", "synonyms", "effect", "deprecated",
        "inputs", "outputs", "parameters",
    }  # fmt: skip
    assert shape["summary"].endswith(".") and shape["synonyms"]
    assert shape["inputs"] or shape["outputs"]
    for port in shape["inputs"] + shape["outputs"]:
        assert port["title"] and port["help"]
    for parameter in shape["parameters"]:
        assert parameter["kind"] in KINDS and parameter["title"] and parameter["help"]
        assert parameter["title"][0].isupper() and "_" not in parameter["title"]
        if parameter["kind"] in ("choice", "choices"):
            assert parameter["choices"]


def test_mm1_titles_are_the_v1_names():
    """The palette shows the names that people know."""
    assert {spec.title for spec in default_catalog().components()} >= {
        "Dataset", "Enter Data Manually", "Select Columns in Dataset", "Clean Missing Data",
        "Convert to Indicator Values", "Normalize Data", "Split Data", "Apply SQL Transformation",
        "Linear Regression", "Two-Class Logistic Regression", "Boosted Decision Tree Regression",
        "Two-Class Boosted Decision Tree", "Train Model", "Score Model", "Evaluate Model", "Apply Transformation",
        "Execute Python Script", "Two-Class Decision Forest", "Multiclass Decision Forest",
        "Decision Forest Regression", "Multiclass Logistic Regression", "Multiclass Boosted Decision Tree",
        "Cross Validate Model", "Permutation Feature Importance",
        "K-Means Clustering", "Train Clustering Model", "Assign Data to Clusters",
        "Tune Model Hyperparameters",
    }  # fmt: skip
