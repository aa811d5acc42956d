"""Small graphs for the kernel's tests, and how random ones are drawn."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from designer.graph import PipelineGraph

KEEP_ALL = {"columns": {"rules": [{"action": "include", "by": "all", "values": []}]}}


def draw(nodes: dict[str, Any], edges: str = "", **more: Any) -> PipelineGraph:
    """Make a graph from ``{"a": "split_data"}`` and ``"a.first>b.dataset ..."``."""
    entries = []
    for node, value in nodes.items():
        component, parameters = value if isinstance(value, tuple) else (value, {})
        component = component if "@" in component else component + "@1"
        entries.append({"id": node, "component": component, "parameters": parameters})
    lines = []
    for edge in edges.split():
        (source, source_port), (target, target_port) = (end.split(".") for end in edge.split(">"))
        lines.append({"source": source, "source_port": source_port, "target": target, "target_port": target_port})
    return PipelineGraph.parse({"schema_version": 1, "nodes": entries, "edges": lines, **more})


@st.composite
def graphs(draw_from: st.DrawFn) -> PipelineGraph:
    """Draw an acyclic graph of SQL steps (up to three inputs each) that can be compiled."""
    count = draw_from(st.integers(1, 9))
    nodes: dict[str, Any] = {}
    edges = []
    for index in range(count):
        inputs = draw_from(st.lists(st.integers(0, index - 1), max_size=3)) if index else []
        nodes[f"n{index}"] = "apply_sql_transformation" if inputs else "enter_data_manually"
        edges += [f"n{source}.dataset>n{index}.t{port}" for port, source in enumerate(inputs, start=1)]
    order = draw_from(st.permutations(list(nodes)))
    return draw({node: nodes[node] for node in order}, " ".join(edges))


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=5,
)
