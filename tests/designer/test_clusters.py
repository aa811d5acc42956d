"""Clusters from training to evaluation, equal to scikit-learn called directly; wrong combinations are refused."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from sklearn.cluster import KMeans
from sklearn.datasets import make_blobs
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from designer.schema import TableSchema
from designer.types import Table
from designer.validation import validate

from .graphs import draw

CLOSE = {"rtol": 0, "atol": 1e-9}
DATA = ("dataset", {"dataset": {"name": "d", "version": "latest"}})


@pytest.fixture(scope="module")
def blobs():
    """Return a table of four blobs, and its array."""
    x, _ = make_blobs(200, 3, centers=4, random_state=1)
    return pl.DataFrame(x, schema=["a", "b", "c"]).with_columns(name=pl.lit("row")), x


def clustered(bench, frame, columns=None, **parameters):
    untrained = next(iter(bench.outputs("k_means_clustering", **parameters).values()))
    given = {"columns": columns} if columns else {}
    return bench.outputs("train_clustering_model", {"untrained_model": untrained, "dataset": frame}, **given)


@pytest.mark.parametrize(
    ("start", "init"), [("k_means_plus_plus", "k-means++"), ("random", "random"), ("first_n", None)]
)
@pytest.mark.parametrize("normalize", [True, False])
def test_k_means(bench, blobs, start, init, normalize):
    """Assignments and distances of each way to start, with and without scaling."""
    frame, x = blobs
    first = (StandardScaler().fit_transform(x) if normalize else x)[:4]
    direct = KMeans(4, init=init or first, max_iter=50, random_state=3, n_init="auto" if init else 1)
    direct = (make_pipeline(StandardScaler(), direct) if normalize else direct).fit(x)
    out = clustered(
        bench, frame, centroids=4, initialization=start, iterations=50, seed=3, normalize_features=normalize
    )
    table = out["dataset"]
    np.testing.assert_array_equal(table.frame["Assignments"], direct.predict(x))
    distances = table.frame.select(f"DistancesToClusterCenter no.{i}" for i in range(4)).to_numpy()
    np.testing.assert_allclose(distances, direct.transform(x), **CLOSE)
    assert table.roles["Assignments"] == "score" and table.frame.columns[:4] == ["a", "b", "c", "name"]
    again = bench.outputs("assign_data_to_clusters", {"model": out["model"], "dataset": frame.sample(50, seed=1)})
    expected = pl.Series(direct.predict(frame.sample(50, seed=1).select("a", "b", "c").to_numpy())).cast(pl.Int64)
    assert again["dataset"].frame["Assignments"].to_list() == expected.to_list()


def test_result_only_and_a_second_time(bench, blobs):
    """Without the input columns; an earlier clustering is replaced and not clustered by."""
    frame, _ = blobs
    first = clustered(bench, frame, centroids=3)
    numeric = {"rules": [{"action": "include", "by": "types", "values": ["numeric"]}]}
    again = clustered(bench, first["dataset"], numeric, centroids=3)
    assert again["dataset"].frame.equals(first["dataset"].frame)
    inputs = {"model": first["model"], "dataset": frame}
    alone = bench.table("assign_data_to_clusters", inputs, append_columns=False)
    assert alone.columns == ["Assignments", *(f"DistancesToClusterCenter no.{i}" for i in range(3))]


def test_evaluate_clusters(bench, blobs):
    """Distances over all rows and for each cluster."""
    frame, _ = blobs
    table = clustered(bench, frame, centroids=4)["dataset"]
    result, _ = bench.run("evaluate_model", {"scored_dataset": table})
    document = result["outputs"]["evaluation"]["document"]
    (found,) = document["results"]
    d = table.frame.select(f"DistancesToClusterCenter no.{i}" for i in range(4)).to_numpy()
    own = d.min(axis=1)
    assert document["task"] == "clustering"
    assert found["metrics"] == pytest.approx(
        {
            "clusters": 4, "average_distance_to_center": own.mean(),
            "average_distance_to_other_center": ((d.sum(axis=1) - own) / 3).mean(),
            "maximal_distance_to_center": own.max(),
        },
        abs=1e-9,
    )  # fmt: skip
    assert sum(part["points"] for part in found["clusters"]) == 200
    inside = d.argmin(axis=1) == 2
    assert found["clusters"][2]["average_distance_to_center"] == pytest.approx(own[inside].mean(), abs=1e-9)


def test_one_cluster_and_equal_rows(bench, blobs):
    """One center has no others; fewer different rows than centers are told, not refused."""
    frame, _ = blobs
    table = clustered(bench, frame, centroids=1)["dataset"]
    result, _ = bench.run("evaluate_model", {"scored_dataset": table})
    metrics = result["outputs"]["evaluation"]["document"]["results"][0]["metrics"]
    assert "average_distance_to_other_center" not in metrics and metrics["clusters"] == 1
    same = pl.DataFrame({"a": [1.0] * 10})
    result, directory = bench.run(
        "train_clustering_model",
        {"untrained_model": next(iter(bench.outputs("k_means_clustering", centroids=3).values())), "dataset": same},
    )
    assert result["status"] == "completed" and "same center" in directory.log.read_text()


def test_what_clusters_refuse(bench, blobs):
    """Too few rows, columns of texts, and assignments that somebody changed."""
    frame, _ = blobs
    untrained = next(iter(bench.outputs("k_means_clustering", centroids=5).values()))
    inputs = {"untrained_model": untrained, "dataset": frame.head(4)}
    assert bench.problem("train_clustering_model", inputs)["code"] == "too_few_rows"
    names = {"rules": [{"action": "include", "by": "names", "values": ["name"]}]}
    problem = bench.problem("train_clustering_model", {**inputs, "dataset": frame}, columns=names)
    assert problem["code"] == "unsuitable_features"
    table = clustered(bench, frame)["dataset"]
    broken = Table(table.frame.with_columns(Assignments=pl.lit(7)), table.roles, notes=table.notes)
    assert bench.problem("evaluate_model", {"scored_dataset": broken})["code"] == "unknown_cluster"


SCHEMA = TableSchema.of(age="integer", city="string", paid="float", y="string")
K, BOOST = "k_means_clustering", "multiclass_boosted_decision_tree"
TRAINED = {"d": DATA, "u": BOOST, "t": ("train_model", {"label": "y"})}
CLUSTERED = {"d": DATA, "u": K, "t": "train_clustering_model"}
WIRED = "u.untrained_model>t.untrained_model d.dataset>t.dataset"
SECOND = " t.model>s.model d.dataset>s.dataset"
WRONG = [
    ({"d": DATA, "u": K, "t": ("train_model", {"label": "age"})}, WIRED, "t", "untrained_model", "Train Clustering"),
    ({"d": DATA, "u": K, "t": ("cross_validate_model", {"label": "y"})}, WIRED, "t", "untrained_model", "a label"),
    ({"d": DATA, "u": BOOST, "t": "train_clustering_model"}, WIRED, "t", "untrained_model", "Train Model"),
    ({**TRAINED, "s": "assign_data_to_clusters"}, WIRED + SECOND, "s", "model", "Score Model"),
    ({**CLUSTERED, "s": "score_model"}, WIRED + SECOND, "s", "model", "Assign Data to Clusters"),
    ({**CLUSTERED, "s": "permutation_feature_importance"}, WIRED + SECOND, "s", "model", "Assign Data to Clusters"),
]  # fmt: skip


@pytest.mark.parametrize(("nodes", "edges", "node", "port", "fix"), WRONG)
def test_wrong_combinations_are_refused_before_they_run(catalog, nodes, edges, node, port, fix):
    """A clustering is trained and asked by its own components, and nothing else by them."""
    (issue,) = validate(draw(nodes, edges), catalog, {"d": SCHEMA}).issues
    assert (issue.code, issue.node, issue.port) == ("invalid_parameter", node, port)
    assert fix in issue.fix and issue.message.endswith(".")


def test_wrong_combinations_are_refused_when_they_run(bench, blobs):
    """The same where nothing was known before, such as behind a model file."""
    frame, _ = blobs
    out = clustered(bench, frame)
    untrained = next(iter(bench.outputs(K).values()))
    for component, parameters in (("train_model", {"label": "a"}), ("cross_validate_model", {"label": "a"})):
        inputs = {"untrained_model": untrained, "dataset": frame}
        assert bench.problem(component, inputs, **parameters)["code"] == "unsuitable_algorithm"
    for component in ("score_model", "permutation_feature_importance"):
        assert bench.problem(component, {"model": out["model"], "dataset": frame})["code"] == "unsuitable_model"


def test_mm5_clusters_are_told_without_data(catalog):
    """MM-5: the columns of the assignments are known from the number of centroids."""
    graph = draw({**CLUSTERED, "u": (K, {"centroids": 2}), "s": "assign_data_to_clusters"}, WIRED + SECOND)
    checked = validate(graph, catalog, {"d": SCHEMA})
    for node in ("t", "s"):
        names = checked.schemas[node]["dataset"].names
        assert names[4:] == ["Assignments", "DistancesToClusterCenter no.0", "DistancesToClusterCenter no.1"]
