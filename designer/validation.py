"""Small registered checks over a graph, and the columns that will arrive at each port, without data."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from designer.catalog import Catalog
from designer.component import ComponentSpec, Effect, SchemaFault
from designer.graph import Edge, Node, PipelineGraph, topological_order
from designer.issues import Issue
from designer.parameters import Parameter, resolve_values
from designer.schema import SelectorInvalid, TableSchema, select_columns
from designer.types import PORT_TYPE_TITLES, feeds


@dataclass(frozen=True)
class Validation:
    """What validation says about a graph.

    Parameters
    ----------
    issues : list of Issue
        Findings, in the order of the checks and of the nodes.
    schemas : dict
        Node id to output port to the TableSchema expected there, or None where it cannot be known.
    """

    issues: list[Issue]
    schemas: dict[str, dict[str, TableSchema | None]]

    @property
    def errors(self) -> list[Issue]:
        """Return the findings that forbid submitting."""
        return [issue for issue in self.issues if issue.severity == "error"]


@dataclass
class Context:
    """A graph with what the checks look up again and again."""

    graph: PipelineGraph
    catalog: Catalog
    sources: Mapping[str, TableSchema | None]
    facts: dict[str, dict[str, Any]] = field(default_factory=dict)

    @cached_property
    def nodes(self) -> dict[str, Node]:
        """Return the nodes by id."""
        return {node.id: node for node in self.graph.nodes}

    @cached_property
    def specs(self) -> dict[str, ComponentSpec]:
        """Return the known components by node id."""
        found = {node.id: self.catalog.get(node.component) for node in self.graph.nodes}
        return {node: spec for node, spec in found.items() if spec is not None}

    @cached_property
    def incoming(self) -> dict[tuple[str, str], list[Edge]]:
        """Return the edges that end at each input port."""
        found: dict[tuple[str, str], list[Edge]] = defaultdict(list)
        for edge in self.graph.edges:
            found[edge.target, edge.target_port].append(edge)
        return found

    @cached_property
    def order(self) -> tuple[list[str], list[str]]:
        """Return the topological order, and the nodes on or behind a cycle."""
        return topological_order(list(self.nodes), [(edge.source, edge.target) for edge in self.graph.edges])

    @cached_property
    def runnable(self) -> list[tuple[Node, ComponentSpec]]:
        """Return nodes of known components in topological order."""
        return [(self.nodes[node], self.specs[node]) for node in self.order[0] if node in self.specs]

    def label(self, node_id: str) -> str:
        """Name a node for a sentence."""
        node = self.nodes.get(node_id)
        if node is None:
            return repr(node_id)
        spec = self.specs.get(node_id)
        return f"“{node.title or (spec.title if spec else node.component)}”"

    def arriving(self, node: str, port: str) -> Any:
        """Return what is known of the value at an input port: schema, facts or None."""
        edges = self.incoming.get((node, port), [])
        known = self.facts.get(edges[0].source, {}).get(edges[0].source_port) if edges else None
        # Over an edge between ports of different types comes nothing that a rule could use.
        is_table = self.specs[node].input[port].type == "table"
        return known if isinstance(known, TableSchema) == is_table else None


Check = Callable[[Context], Iterator[Issue]]
STRUCTURE_CHECKS: list[Check] = []
PARAMETER_CHECKS: list[Check] = []


def structure(check: Check) -> Check:
    """Register a check of nodes and edges; a graph that fails one cannot be compiled."""
    STRUCTURE_CHECKS.append(check)
    return check


def parameters(check: Check) -> Check:
    """Register a check of a node's parameters."""
    PARAMETER_CHECKS.append(check)
    return check


@structure
def empty_graph(context: Context) -> Iterator[Issue]:
    """Find a graph without nodes."""
    if not context.graph.nodes:
        yield Issue("empty_graph", "The pipeline has no steps yet.", fix="Drag a component from the palette.")


@structure
def unknown_component(context: Context) -> Iterator[Issue]:
    """Find nodes whose component is not installed."""
    for node in context.graph.nodes:
        if node.id not in context.specs:
            yield Issue(
                "unknown_component",
                f"The component {node.component!r} is not installed; the node is kept as a placeholder.",
                node=node.id,
                fix="Install the component, or replace the node.",
            )


@structure
def unknown_node(context: Context) -> Iterator[Issue]:
    """Find edges that end nowhere."""
    for edge in context.graph.edges:
        for end in (edge.source, edge.target):
            if end not in context.nodes:
                other = edge.target if end == edge.source else edge.source
                yield Issue(
                    "unknown_node",
                    f"An edge leads to the node {end!r}, which does not exist.",
                    node=other if other in context.nodes else None,
                    fix="Remove the edge.",
                )


@structure
def unknown_port(context: Context) -> Iterator[Issue]:
    """Find edges at ports that their component does not have."""
    for edge in context.graph.edges:
        source, target = context.specs.get(edge.source), context.specs.get(edge.target)
        if source and edge.source_port not in source.output:
            yield Issue(
                "unknown_port",
                f"{context.label(edge.source)} has no output {edge.source_port!r}.",
                node=edge.source,
                port=edge.source_port,
                fix="Remove the edge and draw it again.",
            )
        if target and edge.target_port not in target.input:
            yield Issue(
                "unknown_port",
                f"{context.label(edge.target)} has no input {edge.target_port!r}.",
                node=edge.target,
                port=edge.target_port,
                fix="Remove the edge and draw it again.",
            )


@structure
def type_mismatch(context: Context) -> Iterator[Issue]:
    """Find edges between ports of different types."""
    for edge in context.graph.edges:
        source, target = context.specs.get(edge.source), context.specs.get(edge.target)
        if not source or not target:
            continue
        start, end = source.output.get(edge.source_port), target.input.get(edge.target_port)
        if start and end and not feeds(start.type, end.type):
            yield Issue(
                "type_mismatch",
                f"{start.title} of {context.label(edge.source)} is a {PORT_TYPE_TITLES[start.type]}, "
                f"but {end.title} of {context.label(edge.target)} takes a {PORT_TYPE_TITLES[end.type]}.",
                node=edge.target,
                port=edge.target_port,
                fix="Connect ports of the same color.",
            )


@structure
def duplicate_edge(context: Context) -> Iterator[Issue]:
    """Find edges that were drawn twice."""
    for edge, count in Counter(context.graph.edges).items():
        if count > 1:
            yield Issue(
                "duplicate_edge",
                f"The edge from {context.label(edge.source)} to {context.label(edge.target)} is drawn {count} times.",
                node=edge.target,
                port=edge.target_port,
                fix="Keep one of them.",
            )


@structure
def too_many_connections(context: Context) -> Iterator[Issue]:
    """Find input ports with several edges."""
    for (node, port), edges in context.incoming.items():
        if node in context.nodes and len(set(edges)) > 1:
            yield Issue(
                "too_many_connections",
                f"The input {port!r} of {context.label(node)} takes one connection and has {len(set(edges))}.",
                node=node,
                port=port,
                fix="Keep one of them.",
            )


@structure
def cycle(context: Context) -> Iterator[Issue]:
    """Find nodes that depend on themselves."""
    rest = context.order[1]
    if not rest:
        return
    # Nodes behind a cycle are left over too; peeling from the other end leaves only what is on or between cycles.
    backward = [(edge.target, edge.source) for edge in context.graph.edges]
    on_cycle = topological_order(rest, backward)[1] or rest
    names = " → ".join(context.label(node) for node in on_cycle[:5]) + (" …" if len(on_cycle) > 5 else "")
    yield Issue(
        "cycle",
        f"These steps wait for each other in a circle: {names}.",
        node=on_cycle[0],
        fix="Remove one of the edges between them.",
    )


@structure
def missing_input(context: Context) -> Iterator[Issue]:
    """Find required inputs without an edge."""
    for node in context.graph.nodes:
        spec = context.specs.get(node.id)
        for port in spec.inputs if spec else ():
            if port.required and not context.incoming.get((node.id, port.name)):
                yield Issue(
                    "missing_input",
                    f"The input {port.title} of {context.label(node.id)} is not connected.",
                    node=node.id,
                    port=port.name,
                    fix=f"Connect a {PORT_TYPE_TITLES[port.type]} to it.",
                )


@parameters
def upgrade_available(context: Context) -> Iterator[Issue]:
    """Find nodes that use an older version than the newest."""
    for node, spec in context.runnable:
        newest = context.catalog.latest(spec.name)
        if newest.version > spec.version:
            yield Issue(
                "upgrade_available",
                f"{context.label(node.id)} uses version {spec.version}; version {newest.version} is installed.",
                node=node.id,
                fix="Upgrade the node when it suits you; it runs as it is.",
                severity="warning",
            )


@parameters
def unknown_parameter(context: Context) -> Iterator[Issue]:
    """Find parameters that the component does not declare."""
    for node, spec in context.runnable:
        for name in node.parameters:
            if name not in spec.parameter:
                yield Issue(
                    "unknown_parameter",
                    f"{context.label(node.id)} has no parameter {name[:60]!r}.",
                    node=node.id,
                    parameter=name,
                    fix="Remove it.",
                )


@parameters
def parameter_values(context: Context) -> Iterator[Issue]:
    """Find parameters that are missing or out of range; hidden ones do not count."""
    for node, spec in context.runnable:
        for parameter in spec.parameters:
            if not spec.is_shown(parameter.name, node.parameters):
                continue
            value = node.parameters.get(parameter.name, parameter.default)
            if parameter.is_missing(value):
                yield Issue(
                    "missing_parameter",
                    f"{context.label(node.id)} needs a value for {parameter.title}.",
                    node=node.id,
                    parameter=parameter.name,
                    fix=f"Set {parameter.title}.",
                )
            elif parameter.name in node.parameters and not (value is None and not parameter.required):
                if wrong := parameter.complaint(value):
                    yield Issue(
                        "invalid_parameter",
                        wrong,
                        node=node.id,
                        parameter=parameter.name,
                        fix=f"Change {parameter.title}.",
                    )


def _columns_exist(context: Context, node: Node, spec: ComponentSpec) -> Iterator[Issue]:
    for parameter in spec.parameters:
        if not spec.is_shown(parameter.name, node.parameters):
            continue
        value = node.parameters.get(parameter.name, parameter.default)
        for port, title, picked in _pickings(parameter, value):
            schema = context.arriving(node.id, port)
            if not isinstance(schema, TableSchema):
                continue
            for name, severity in _strangers(schema, picked):
                yield Issue(
                    "unknown_column",
                    f"{title} of {context.label(node.id)} names the column {name[:200]!r}, "
                    "which does not arrive there.",
                    node=node.id,
                    port=port,
                    parameter=parameter.name,
                    fix=_closest(name, schema),
                    severity=severity,
                )


def _pickings(parameter: Parameter, value: Any) -> Iterator[tuple[str, str, Any]]:
    """Give port, title and value of each picker of columns that is set, those in rows too."""
    if not value:
        return
    if parameter.columns_of is not None:
        yield parameter.columns_of, parameter.title, value
    if parameter.kind == "rows" and not parameter.complaint(value):
        for number, row in enumerate(value, start=1):
            for field, given in zip(parameter.fields, resolve_values(parameter.fields, row).values(), strict=True):
                for port, title, picked in _pickings(field, given):
                    yield port, f"{parameter.title}, row {number}, {title}", picked


def _strangers(schema: TableSchema, picked: Any) -> list[tuple[str, str]]:
    """Return the names that a schema does not have, each with how bad that is."""
    if isinstance(picked, str):
        return [] if picked in schema else [(picked, "error")]
    try:
        selection = select_columns(schema, picked)
    except SelectorInvalid:
        return []
    return [(name, "error") for name in selection.unknown_included] + [
        (name, "warning") for name in selection.unknown_excluded
    ]


def _closest(name: str, schema: TableSchema) -> str:
    import difflib

    found = difflib.get_close_matches(name[:200], schema.names[:2000], n=1)
    return f"Did you mean {found[0]!r}?" if found else "Choose one of the columns that arrive."


def _propagate(context: Context) -> Iterator[Issue]:
    """Carry schemas through the graph, telling what each node finds wrong with what arrives."""
    for node, spec in context.runnable:
        if spec.effect is Effect.SOURCE:
            context.facts[node.id] = {port.name: context.sources.get(node.id) for port in spec.outputs}
            continue
        context.facts[node.id] = {port.name: None for port in spec.outputs}
        before = list(_columns_exist(context, node, spec))
        yield from before
        shown = [parameter for parameter in spec.parameters if spec.is_shown(parameter.name, node.parameters)]
        values = spec.resolve(node.parameters)
        if any(issue.severity == "error" for issue in before) or any(
            parameter.is_missing(values[parameter.name])
            or (values[parameter.name] is not None and parameter.complaint(values[parameter.name]))
            for parameter in shown
        ):
            continue
        try:
            context.facts[node.id] = spec.infer(
                {port.name: context.arriving(node.id, port.name) for port in spec.inputs}, values
            )
        except SchemaFault as fault:
            # Behind a warning the columns may be known all the same.
            context.facts[node.id] |= spec.by_port(fault.known)
            yield Issue(
                fault.code,
                fault.message,
                node=node.id,
                port=fault.port,
                parameter=fault.parameter,
                fix=fault.fix,
                severity=fault.severity,
            )


def check_structure(graph: PipelineGraph, catalog: Catalog) -> list[Issue]:
    """Run the checks of nodes and edges only.

    Parameters
    ----------
    graph : PipelineGraph
        A graph.
    catalog : Catalog
        The components that are installed.

    Returns
    -------
    list of Issue
        Reasons why the graph cannot be compiled.
    """
    context = Context(graph, catalog, {})
    return [issue for check in STRUCTURE_CHECKS for issue in check(context)]


def validate(
    graph: PipelineGraph, catalog: Catalog, sources: Mapping[str, TableSchema | None] | None = None
) -> Validation:
    """Check a graph, and tell which columns will arrive where.

    Parameters
    ----------
    graph : PipelineGraph
        A graph, however unfinished.
    catalog : Catalog
        The components that are installed.
    sources : mapping, optional
        Node id of each source (Dataset) to the schema of its data; None or absent when it is not known.

    Returns
    -------
    Validation
        Issues and schemas.
    """
    context = Context(graph, catalog, sources or {})
    issues = [issue for check in (*STRUCTURE_CHECKS, *PARAMETER_CHECKS) for issue in check(context)]
    issues += _propagate(context)
    schemas = {
        node.id: {
            port.name: known
            if isinstance(known := context.facts.get(node.id, {}).get(port.name), TableSchema)
            else None
            for port in spec.outputs
            if port.type == "table"
        }
        for node, spec in context.runnable
    }
    return Validation(issues, schemas)
