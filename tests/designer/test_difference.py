"""The difference of two drawings: empty for equal ones, and enough to make one from the other."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from designer.catalog import default_catalog
from designer.difference import BY_LIKENESS, align, apply, difference, match_nodes, same
from designer.graph import Edge, Node, PipelineGraph
from tests.designer.graphs import draw, graphs, json_values

CHAIN = draw({"d": "dataset", "s": ("split_data", {"fraction": 0.5}), "n": "normalize_data"}, "d.dataset>s.dataset")


def meaning(graph: PipelineGraph) -> tuple:
    """Nodes by id, inputs with their feeds in order, settings: what a drawing says apart from the order of lists."""
    inputs = defaultdict(list)
    for edge in graph.edges:
        inputs[edge.target, edge.target_port].append((edge.source, edge.source_port))
    return {node.id: node for node in graph.nodes}, dict(inputs), graph.parameters, dict(graph.settings)


names = st.sampled_from(["a", "b", "c", "d", "e"])
edges = st.builds(Edge, names, st.sampled_from(["x", "y"]), names, st.sampled_from(["p", "q"]))


@st.composite
def wild(pick: st.DrawFn) -> PipelineGraph:
    """Draw any graph that can be kept, also one that cannot run: dangling, doubled and reordered edges."""
    ids = pick(st.lists(names, unique=True))
    component = st.sampled_from(["split_data@1", "split_data@2", "sql@1"])
    parameters = st.dictionaries(st.sampled_from(["k", "m"]), json_values, max_size=2)
    nodes = [
        Node(
            each,
            pick(component),
            pick(parameters),
            pick(st.sampled_from([None, "T", "U"])),
            pick(st.sampled_from(["", "n"])),
        )
        for each in ids
    ]
    settings = pick(st.dictionaries(st.just("continue_on_step_failure"), st.booleans()))
    return PipelineGraph(tuple(nodes), tuple(pick(st.lists(edges, max_size=6))), (), settings)


@given(graphs())
def test_a_drawing_differs_in_nothing_from_itself_in_any_order(graph):
    turned = PipelineGraph(graph.nodes[::-1], tuple(sorted(graph.edges, key=repr)), graph.parameters, graph.settings)
    assert difference(graph, graph).is_empty
    assert difference(graph, turned).is_empty and difference(graph, turned, catalog=default_catalog()).is_empty


@given(wild(), wild())
def test_applying_makes_the_other(old, new):
    change = difference(old, new)
    assert meaning(apply(old, change)) == meaning(new)
    assert change.is_empty == (difference(new, old).is_empty)


@given(wild(), wild())
def test_applying_makes_the_other_also_where_ids_differ(old, new):
    # Dangling edges name nothing that likeness could follow.
    old, new = (
        replace(each, edges=tuple(e for e in each.edges if {e.source, e.target} <= {n.id for n in each.nodes}))
        for each in (old, new)
    )
    pairs = match_nodes(old.nodes, new.nodes, BY_LIKENESS)
    assert len(set(pairs.values())) == len(pairs)
    assert meaning(apply(old, difference(old, new, pairs))) == meaning(new)


@given(st.lists(wild(), min_size=1, max_size=4), st.data())
def test_aligned_drawings_hold_every_node_once(drawings, data):
    families = [data.draw(st.sampled_from([None, "f", "g"])) for _ in drawings]
    rows = align(drawings, families)
    assert len({row.key for row in rows}) == len(rows)
    for index, graph in enumerate(drawings):
        assert sorted(row.nodes[index].id for row in rows if row.nodes[index]) == sorted(n.id for n in graph.nodes)
    assert [row.nodes[0] for row in rows][: len(drawings[0].nodes)] == list(drawings[0].nodes)


def test_it_names_what_changed():
    new = draw(
        {"d": "dataset", "s": ("split_data@2", {"fraction": 0.7, "seed": 1}), "c": "clean_missing_data"},
        "d.dataset>c.dataset c.dataset>s.dataset",
    )
    found = difference(CHAIN, new)
    assert [node.id for node in found.added] == ["c"] and [node.id for node in found.removed] == ["n"]
    (change,) = found.changed
    assert [(each.field, each.old, each.new) for each in change.fields] == [
        ("component", "split_data@1", "split_data@2"),
        ("parameters.fraction", 0.5, 0.7),
        ("parameters.seed", None, 1),
    ]
    assert change.changes_results
    assert [edge.source for edge in found.edges_removed] == ["d"] and len(found.edges_added) == 2


def test_a_default_that_is_written_out_is_no_change():
    catalog = default_catalog()
    spec = catalog.find("split_data@1")
    default = spec.resolve({})["seed"]
    written = draw({"s": ("split_data", {"fraction": 0.5, "seed": default})})
    left = draw({"s": ("split_data", {"fraction": 0.5})})
    assert difference(left, written, catalog=catalog).is_empty and not difference(left, written).is_empty


def test_a_new_title_is_a_change_of_words_only():
    (change,) = difference(CHAIN, replace(CHAIN, nodes=(*CHAIN.nodes[:2], replace(CHAIN.nodes[2], title="N")))).changed
    assert not change.changes_results


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        # same component and title, other id
        ([("a", "x@1", "T")], [("b", "x@2", "T")], {"a": "b"}),
        # several alike: the same id first, then in order
        ([("a", "x@1", None), ("b", "x@1", None)], [("b", "x@1", None), ("c", "x@1", None)], {"a": "c", "b": "b"}),
        # renamed, but the only one of its kind
        ([("a", "x@1", "T")], [("a", "x@1", "U")], {"a": "a"}),
        # two renamed ones cannot be told apart
        ([("a", "x@1", "T"), ("b", "x@1", "U")], [("c", "x@1", "V"), ("d", "x@1", "W")], {}),
        # the same id of another component is another node
        ([("a", "x@1", None)], [("a", "y@1", None)], {}),
    ],
)
def test_nodes_of_other_drawings_match_by_component_and_title(old, new, expected):
    ours, theirs = ([Node(each, component, {}, title) for each, component, title in nodes] for nodes in (old, new))
    assert match_nodes(ours, theirs, BY_LIKENESS) == expected


def test_an_added_node_of_two_runs_is_one_row():
    more = PipelineGraph((*CHAIN.nodes, Node("x", "clean_missing_data@1")))
    rows = align([CHAIN, more, more], ["f", "f", "f"])
    assert [row.key for row in rows] == ["d", "s", "n", "x"] and rows[3].nodes == (None, more.nodes[3], more.nodes[3])


def test_true_is_not_one():
    assert not same(True, 1) and not same([0], [False]) and same({"a": [1, 0.5]}, {"a": [1.0, 0.5]})
