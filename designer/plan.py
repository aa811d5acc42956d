"""The frozen list of steps that a drawing means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from designer.catalog import Catalog
from designer.errors import GraphInvalid
from designer.graph import PipelineGraph, topological_order
from designer.issues import Issue
from designer.validation import check_structure

SCHEMA_VERSION = 1


@dataclass(frozen=True)
class SourceRef:
    """An output port of another step."""

    step: str
    port: str


@dataclass(frozen=True)
class Step:
    """One thing to run.

    Parameters
    ----------
    id : str
        Id of the node it comes from.
    component : str
        ``name@version``.
    title : str
        What people call it: the node's title, or the component's.
    parameters : mapping
        Resolved: a value for every declared parameter.
    inputs : mapping
        Input port name to the outputs that feed it, in order.
    effect : str
        ``pure``, ``source``, ``sink`` or ``user_code``.
    """

    id: str
    component: str
    title: str
    parameters: Mapping[str, Any]
    inputs: Mapping[str, tuple[SourceRef, ...]]
    effect: str

    @cached_property
    def depends_on(self) -> frozenset[str]:
        """Return the ids of the steps whose outputs this one takes."""
        return frozenset(ref.step for refs in self.inputs.values() for ref in refs)


@dataclass(frozen=True)
class StepGraph:
    """Steps in an order in which they can run; does not change after it is made."""

    steps: tuple[Step, ...] = ()
    _by_id: dict[str, Step] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_id", {step.id: step for step in self.steps})

    def step(self, step_id: str) -> Step:
        """Return the step of this id, or raise KeyError."""
        return self._by_id[step_id]

    def to_json(self) -> dict[str, Any]:
        """Return the JSON that a run keeps."""
        return {
            "schema_version": SCHEMA_VERSION,
            "steps": [
                {
                    "id": step.id,
                    "component": step.component,
                    "title": step.title,
                    "parameters": dict(step.parameters),
                    "inputs": {
                        port: [{"step": ref.step, "port": ref.port} for ref in refs]
                        for port, refs in step.inputs.items()
                    },
                    "effect": step.effect,
                }
                for step in self.steps
            ],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> StepGraph:
        """Read what ``to_json`` wrote."""
        return cls(
            tuple(
                Step(
                    entry["id"],
                    entry["component"],
                    entry["title"],
                    dict(entry["parameters"]),
                    {
                        port: tuple(SourceRef(ref["step"], ref["port"]) for ref in refs)
                        for port, refs in entry["inputs"].items()
                    },
                    entry["effect"],
                )
                for entry in data["steps"]
            )
        )


def compile_plan(graph: PipelineGraph, catalog: Catalog, selection: Iterable[str] | None = None) -> StepGraph:
    """Freeze a graph into steps.

    Parameters
    ----------
    graph : PipelineGraph
        A graph; its parameters are not checked here, ``validate`` does that.
    catalog : Catalog
        The components that are installed.
    selection : iterable of str, optional
        Nodes to run; what they need comes along. All nodes when left out.

    Returns
    -------
    StepGraph
        Steps in topological order, ties in the order of the graph.

    Raises
    ------
    GraphInvalid
        When nodes and edges do not make a graph that can run, or the selection names a node that is not there.
    """
    part = selected_part(graph, selection)
    if issues := check_structure(part, catalog):
        raise GraphInvalid(issues)
    nodes = {node.id: node for node in part.nodes}
    inputs: dict[str, dict[str, list[SourceRef]]] = {node: {} for node in nodes}
    for edge in part.edges:
        inputs[edge.target].setdefault(edge.target_port, []).append(SourceRef(edge.source, edge.source_port))
    order, _ = topological_order(list(nodes), [(edge.source, edge.target) for edge in part.edges])
    steps = []
    for node_id in order:
        node, spec = nodes[node_id], catalog.find(nodes[node_id].component)
        ports = {port.name: tuple(inputs[node_id][port.name]) for port in spec.inputs if port.name in inputs[node_id]}
        steps.append(
            Step(node_id, spec.id, node.title or spec.title, spec.resolve(node.parameters), ports, str(spec.effect))
        )
    return StepGraph(tuple(steps))


def selected_part(graph: PipelineGraph, selection: Iterable[str] | None) -> PipelineGraph:
    """Return the part of a graph that running some nodes needs.

    Parameters
    ----------
    graph : PipelineGraph
        A drawing.
    selection : iterable of str or None
        Nodes to run; None means all.

    Returns
    -------
    PipelineGraph
        The nodes, those before them, and the edges between.

    Raises
    ------
    GraphInvalid
        When the selection names a node that is not there.
    """
    if selection is None:
        return graph
    kept = _selected(graph, selection)
    return PipelineGraph(
        tuple(node for node in graph.nodes if node.id in kept),
        tuple(edge for edge in graph.edges if edge.target in kept),
        graph.parameters,
        graph.settings,
    )


def _selected(graph: PipelineGraph, selection: Iterable[str]) -> set[str]:
    known = {node.id for node in graph.nodes}
    chosen = set(selection)
    if missing := sorted(chosen - known):
        raise GraphInvalid(
            [Issue("unknown_node", f"The selection names {name!r}, which is no node.") for name in missing]
        )
    sources: dict[str, list[str]] = {}
    for edge in graph.edges:
        sources.setdefault(edge.target, []).append(edge.source)
    waiting = list(chosen)
    while waiting:
        for source in sources.get(waiting.pop(), []):
            if source in known and source not in chosen:
                chosen.add(source)
                waiting.append(source)
    return chosen
