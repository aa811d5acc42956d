"""Reading and writing graphs: nothing is lost, and what is malformed is told with its place."""

from __future__ import annotations

import copy
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from designer.errors import GraphInvalid
from designer.graph import PipelineGraph, topological_order

from .graphs import draw, graphs, json_values

ids = st.text("abz09_.-", min_size=1, max_size=5)


@settings(derandomize=True, max_examples=50, deadline=None)
@given(graphs())
def test_parse_of_dump_is_equal(graph):
    """A graph survives JSON."""
    assert PipelineGraph.parse(json.loads(json.dumps(graph.dump()))) == graph


@settings(derandomize=True, max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(ids, st.text("abc@1", min_size=1), json_values), unique_by=lambda node: node[0], max_size=4),
    st.lists(st.tuples(ids, ids, ids, ids), max_size=4),
)
def test_unknown_components_and_dangling_edges_are_kept(nodes, edges):
    """A half-drawn graph with components of nobody survives as it is."""
    names = ("source", "source_port", "target", "target_port")
    data = {
        "schema_version": 1,
        "nodes": [
            {"id": node, "component": component, "title": None, "comment": "c", "parameters": {"p": value}}
            for node, component, value in nodes
        ],
        "edges": [dict(zip(names, edge, strict=True)) for edge in edges],
        "parameters": [],
        "settings": {"continue_on_step_failure": True},
    }
    assert PipelineGraph.parse(copy.deepcopy(data)).dump() == data


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {"schema_version": 2},
        {"nodes": {}},
        {"nodes": [1]},
        {"nodes": [{"id": "a"}]},
        {"nodes": [{"id": "", "component": "x@1"}]},
        {"nodes": [{"id": "a" * 65, "component": "x@1"}]},
        {"nodes": [{"id": "a", "component": "x@1"}, {"id": "a", "component": "x@1"}]},
        {"nodes": [{"id": "a", "component": "x@1", "parameters": []}]},
        {"nodes": [{"id": "a", "component": "x@1", "parameters": {"p": "\0"}}]},
        {"nodes": [{"id": "a", "component": "x@1", "parameters": {"p": "\ud800"}}]},
        {"nodes": [{"id": "a", "component": "x@1", "parameters": {"p": float("nan")}}]},
        {"nodes": [{"id": "a", "component": "x@1", "title": "t" * 201}]},
        {"nodes": [{"id": "a", "component": "x@1", "comment": 5}]},
        {"nodes": [{"id": "a", "component": "x@1", "color": "red"}]},
        {"edges": [{"source": "a"}]},
        {"edges": "all"},
        {"settings": {"continue_on_step_failure": "yes"}},
        {"positions": {}},
    ],
)
def test_malformed_graphs(data):
    """Each is refused with the code graph_invalid."""
    with pytest.raises(GraphInvalid) as caught:
        PipelineGraph.parse(data)
    assert {issue.code for issue in caught.value.issues} == {"graph_invalid"}
    problem = caught.value.to_problem()
    assert problem["status"] == 422 and problem["errors"] and json.dumps(problem)


def test_deep_nesting_is_refused():
    """A parameter nested without end does not exhaust the stack."""
    value: list = []
    for _ in range(500):
        value = [value]
    with pytest.raises(GraphInvalid, match="nested"):
        PipelineGraph.parse({"nodes": [{"id": "a", "component": "x@1", "parameters": {"p": value}}]})


def test_topological_order():
    """Sources first, ties in the order given; what is on or behind a cycle is left over."""
    assert topological_order(["c", "a", "b"], [("a", "b"), ("b", "c")]) == (["a", "b", "c"], [])
    assert topological_order(["a", "b", "c"], [("a", "b"), ("b", "a"), ("b", "c")]) == ([], ["a", "b", "c"])


def test_node_lookup():
    """A node is found by its id."""
    assert draw({"a": "split_data"}).node("a").component == "split_data@1"
    with pytest.raises(KeyError):
        draw({}).node("a")
