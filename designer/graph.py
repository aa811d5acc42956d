"""The drawing as data: nodes, edges and settings, without positions."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from designer.errors import GraphInvalid
from designer.issues import Issue

SCHEMA_VERSION = 1
MAX_NODES = 5_000
MAX_EDGES = 50_000
MAX_TITLE_LENGTH = 200
MAX_COMMENT_LENGTH = 10_000
MAX_DEPTH = 32
_NODE_ID = re.compile(r"[A-Za-z0-9_.:-]{1,64}")


@dataclass(frozen=True)
class Node:
    """One box: a component and its parameters."""

    id: str
    component: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    title: str | None = None
    comment: str = ""

    def dump(self) -> dict[str, Any]:
        """Return the wire shape."""
        return {
            "id": self.id,
            "component": self.component,
            "title": self.title,
            "comment": self.comment,
            "parameters": dict(self.parameters),
        }


@dataclass(frozen=True)
class Edge:
    """A line from an output port to an input port."""

    source: str
    source_port: str
    target: str
    target_port: str

    def dump(self) -> dict[str, str]:
        """Return the wire shape."""
        return {
            "source": self.source,
            "source_port": self.source_port,
            "target": self.target,
            "target_port": self.target_port,
        }


@dataclass(frozen=True)
class PipelineGraph:
    """What a pipeline means; moving a box does not change it.

    Parameters
    ----------
    nodes, edges : tuple
        The drawing, in the order in which it was given.
    parameters : tuple of mapping
        Parameters of the pipeline as a whole.
    settings : mapping
        ``continue_on_step_failure`` and what comes later.
    """

    nodes: tuple[Node, ...] = ()
    edges: tuple[Edge, ...] = ()
    parameters: tuple[Mapping[str, Any], ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def parse(cls, data: Any) -> PipelineGraph:
        """Read the wire shape.

        Only the shape is checked here, so a half-drawn graph can be kept: unknown components, dangling edges
        and cycles are for ``validate`` to tell.

        Parameters
        ----------
        data : object
            JSON as the browser sends it.

        Returns
        -------
        PipelineGraph
            The graph.

        Raises
        ------
        GraphInvalid
            With one issue per malformed place.
        """
        issues: list[Issue] = []
        if not isinstance(data, Mapping):
            raise GraphInvalid([Issue("graph_invalid", "The graph is not a JSON object.")])
        if data.get("schema_version", SCHEMA_VERSION) != SCHEMA_VERSION:
            raise GraphInvalid(
                [
                    Issue(
                        "graph_invalid",
                        f"This graph has version {data.get('schema_version')!r}; this studio reads {SCHEMA_VERSION}.",
                        fix="Open it with the studio that made it, or update this one.",
                    )
                ]
            )
        _unexpected(data, ("schema_version", "nodes", "edges", "parameters", "settings"), "The graph", issues)
        nodes = tuple(
            node
            for number, entry in enumerate(_list(data, "nodes", MAX_NODES, issues), start=1)
            if (node := _read_node(entry, number, issues)) is not None
        )
        edges = tuple(
            edge
            for number, entry in enumerate(_list(data, "edges", MAX_EDGES, issues), start=1)
            if (edge := _read_edge(entry, number, issues)) is not None
        )
        seen: set[str] = set()
        for node in nodes:
            if node.id in seen:
                issues.append(Issue("graph_invalid", f"Two nodes have the id {node.id!r}.", node=node.id))
            seen.add(node.id)
        parameters = tuple(
            entry
            for entry in _list(data, "parameters", MAX_NODES, issues)
            if _is_json_object(entry, "A pipeline parameter", issues)
        )
        settings = data.get("settings", {})
        if not _is_json_object(settings, "The settings", issues):
            settings = {}
        elif not isinstance(settings.get("continue_on_step_failure", False), bool):
            issues.append(Issue("graph_invalid", "The setting continue_on_step_failure must be true or false."))
        if issues:
            raise GraphInvalid(issues)
        return cls(nodes, edges, parameters, dict(settings))

    def dump(self) -> dict[str, Any]:
        """Return the wire shape; ``parse`` of it is equal to this graph."""
        return {
            "schema_version": SCHEMA_VERSION,
            "nodes": [node.dump() for node in self.nodes],
            "edges": [edge.dump() for edge in self.edges],
            "parameters": [dict(parameter) for parameter in self.parameters],
            "settings": dict(self.settings),
        }

    def node(self, node_id: str) -> Node:
        """Return the node of this id, or raise KeyError."""
        for node in self.nodes:
            if node.id == node_id:
                return node
        raise KeyError(node_id)


def topological_order(nodes: list[str], edges: list[tuple[str, str]]) -> tuple[list[str], list[str]]:
    """Order nodes so that each comes after those it depends on.

    Parameters
    ----------
    nodes : list of str
        Ids; ties keep this order.
    edges : list of (str, str)
        Pairs of source and target; pairs that name other nodes are ignored.

    Returns
    -------
    tuple of two lists
        The ordered ids, and the ids that lie on a cycle or behind one.
    """
    position = {node: index for index, node in enumerate(nodes)}
    waiting = dict.fromkeys(nodes, 0)
    targets: dict[str, list[str]] = {node: [] for node in nodes}
    for source, target in set(edges):
        if source in position and target in position:
            waiting[target] += 1
            targets[source].append(target)
    ready = [node for node in nodes if waiting[node] == 0]
    ordered: list[str] = []
    for node in ready:
        ordered.append(node)
        freed = []
        for target in targets[node]:
            waiting[target] -= 1
            if waiting[target] == 0:
                freed.append(target)
        ready += sorted(freed, key=position.__getitem__)
    done = set(ordered)
    return ordered, [node for node in nodes if node not in done]


def _unexpected(data: Mapping[str, Any], known: tuple[str, ...], where: str, issues: list[Issue]) -> None:
    for name in data:
        if name not in known:
            shown = str(name)[:60]
            issues.append(Issue("graph_invalid", f"{where} has a field that this studio does not know: {shown!r}."))


def _list(data: Mapping[str, Any], name: str, limit: int, issues: list[Issue]) -> list[Any]:
    value = data.get(name, [])
    if not isinstance(value, list):
        issues.append(Issue("graph_invalid", f"The graph's {name} must be a list."))
        return []
    if len(value) > limit:
        issues.append(Issue("graph_invalid", f"A graph has at most {limit:,} {name}; this one has {len(value):,}."))
        return []
    return value


def _read_node(entry: Any, number: int, issues: list[Issue]) -> Node | None:
    before = len(issues)
    where = f"Node {number}"
    if not isinstance(entry, Mapping):
        issues.append(Issue("graph_invalid", f"{where} is not an object."))
        return None
    _unexpected(entry, ("id", "component", "title", "comment", "parameters"), where, issues)
    node_id, component = entry.get("id"), entry.get("component")
    title, comment, parameters = entry.get("title"), entry.get("comment") or "", entry.get("parameters", {})
    if not isinstance(node_id, str) or not _NODE_ID.fullmatch(node_id):
        issues.append(Issue("graph_invalid", f"{where}: an id has 1 to 64 letters, digits or . _ : - characters."))
        node_id = None
    if not isinstance(component, str) or not 1 <= len(component) <= 200 or "\0" in component:
        issues.append(Issue("graph_invalid", f"{where} does not name its component.", node=node_id))
    if title is not None and not _is_text(title, MAX_TITLE_LENGTH):
        issues.append(
            Issue("graph_invalid", f"{where}: a title has at most {MAX_TITLE_LENGTH} characters.", node=node_id)
        )
    if not _is_text(comment, MAX_COMMENT_LENGTH):
        issues.append(
            Issue("graph_invalid", f"{where}: a comment has at most {MAX_COMMENT_LENGTH:,} characters.", node=node_id)
        )
    _is_json_object(parameters, f"{where}: the parameters", issues, node=node_id)
    if len(issues) > before or node_id is None or component is None:
        return None
    return Node(node_id, component, dict(parameters), title, comment)


def _read_edge(entry: Any, number: int, issues: list[Issue]) -> Edge | None:
    names = ("source", "source_port", "target", "target_port")
    if not isinstance(entry, Mapping) or not all(_is_text(entry.get(name), MAX_TITLE_LENGTH) for name in names):
        issues.append(Issue("graph_invalid", f"Edge {number} must name source, source_port, target and target_port."))
        return None
    before = len(issues)
    _unexpected(entry, names, f"Edge {number}", issues)
    return Edge(*(entry[name] for name in names)) if len(issues) == before else None


def _is_text(value: Any, limit: int) -> bool:
    return isinstance(value, str) and len(value) <= limit and "\0" not in value and not _has_surrogate(value)


def _has_surrogate(value: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in value)


def _is_json_object(value: Any, where: str, issues: list[Issue], node: str | None = None) -> bool:
    fault = "must be an object." if not isinstance(value, Mapping) else _json_fault(value, 0)
    if fault:
        issues.append(Issue("graph_invalid", f"{where} {fault}", node=node))
    return not fault


def _json_fault(value: Any, depth: int) -> str | None:
    if depth > MAX_DEPTH:
        return f"are nested deeper than {MAX_DEPTH} levels."
    if value is None or isinstance(value, (bool, int)):
        return None
    if isinstance(value, float):
        return None if math.isfinite(value) else "contain a number that JSON cannot write."
    if isinstance(value, str):
        return "contain a null byte or a broken character." if "\0" in value or _has_surrogate(value) else None
    if isinstance(value, list):
        return next((fault for item in value if (fault := _json_fault(item, depth + 1))), None)
    if isinstance(value, Mapping):
        for name, item in value.items():
            if not isinstance(name, str):
                return "have a name that is not a text."
            if fault := _json_fault(name, depth) or _json_fault(item, depth + 1):
                return fault
        return None
    return "contain something that is not JSON."
