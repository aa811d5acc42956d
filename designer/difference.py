"""What one drawing has that another has not: nodes, their settings and edges. Places on the canvas do not count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from designer.catalog import Catalog
from designer.graph import Edge, Node, PipelineGraph
from designer.step_key import Difference

BY_ID, BY_LIKENESS = "id", "component_and_title"
# Fields that only people read: they change no result.
WORDS = ("title", "comment")
_ABSENT = object()


@dataclass(frozen=True)
class NodeChange:
    """A node that is in both drawings and is not the same in them.

    Parameters
    ----------
    old, new : Node
        The node in the two drawings.
    fields : tuple of Difference
        ``component``, ``title``, ``comment`` and ``parameters.NAME``, in this order.
    """

    old: Node
    new: Node
    fields: tuple[Difference, ...]

    @property
    def changes_results(self) -> bool:
        """Say whether more than words changed."""
        return any(change.field not in WORDS for change in self.fields)


@dataclass(frozen=True)
class GraphDifference:
    """How to come from an old drawing to a new one.

    Parameters
    ----------
    pairs : mapping
        Id in the old drawing to the id of the same node in the new one.
    added, removed : tuple of Node
        Nodes that only the new, or only the old drawing has.
    changed : tuple of NodeChange
        Nodes of both that differ.
    edges_added, edges_removed : tuple of Edge
        With the ids of the drawing that has them.
    settings : tuple of Difference
        Settings and parameters of the pipeline as a whole.
    """

    pairs: Mapping[str, str]
    added: tuple[Node, ...] = ()
    removed: tuple[Node, ...] = ()
    changed: tuple[NodeChange, ...] = ()
    edges_added: tuple[Edge, ...] = ()
    edges_removed: tuple[Edge, ...] = ()
    settings: tuple[Difference, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Say whether the drawings mean the same."""
        return not (
            self.added or self.removed or self.changed or self.edges_added or self.edges_removed or self.settings
        )


def match_nodes(old: Iterable[Node], new: Iterable[Node], by: str = BY_ID) -> dict[str, str]:
    """Find the nodes of one drawing in another.

    Parameters
    ----------
    old, new : iterable of Node
        Nodes with distinct ids.
    by : str
        ``id`` for two states of one drawing. ``component_and_title`` for drawings that grew apart: a node is
        the one of the same component (in any version) and title, of the same id where there are several, else
        in the order of the drawings; of what is left, the only two of a component are the same.

    Returns
    -------
    dict
        Old id to new id; each occurs once.

    Examples
    --------
    >>> match_nodes([Node("a", "split_data@1")], [Node("b", "split_data@1")])
    {}
    >>> match_nodes([Node("a", "split_data@1")], [Node("b", "split_data@1")], BY_LIKENESS)
    {'a': 'b'}
    """
    ours, theirs = list(old), list(new)
    if by == BY_ID:
        known = {node.id for node in theirs}
        return {node.id: node.id for node in ours if node.id in known}
    pairs: dict[str, str] = {}

    def pair(key: Any, only: bool = False) -> None:
        taken = set(pairs.values())
        waiting: dict[Any, list[str]] = {}
        for node in theirs:
            if node.id not in taken:
                waiting.setdefault(key(node), []).append(node.id)
        counts = Counter(key(node) for node in ours if node.id not in pairs)
        for node in ours:
            found = waiting.get(key(node), [])
            if node.id not in pairs and found and (not only or len(found) == counts[key(node)] == 1):
                pairs[node.id] = found.pop(0)

    pair(lambda node: (node.id, _name(node), node.title))
    pair(lambda node: (_name(node), node.title))
    pair(_name, only=True)
    return {node.id: pairs[node.id] for node in ours if node.id in pairs}


def difference(
    old: PipelineGraph,
    new: PipelineGraph,
    pairs: Mapping[str, str] | None = None,
    catalog: Catalog | None = None,
) -> GraphDifference:
    """Compare two drawings.

    Parameters
    ----------
    old, new : PipelineGraph
        The drawings.
    pairs : mapping, optional
        Old id to new id, from ``match_nodes``; by id when left out.
    catalog : Catalog, optional
        Where given, a parameter that is not set counts as its default, and one that is hidden does not count.

    Returns
    -------
    GraphDifference
        Empty where the drawings mean the same; ``apply`` of it to ``old`` makes ``new``.

    Examples
    --------
    >>> one = PipelineGraph((Node("a", "split_data@1", {"fraction": 0.5}),))
    >>> two = PipelineGraph((Node("a", "split_data@1", {"fraction": 0.7}),))
    >>> difference(one, two).changed[0].fields
    (Difference(field='parameters.fraction', old=0.5, new=0.7),)
    >>> difference(one, one).is_empty
    True
    """
    pairs = match_nodes(old.nodes, new.nodes) if pairs is None else pairs
    theirs, found = {node.id: node for node in new.nodes}, set(pairs.values())
    changed = []
    for node in old.nodes:
        if node.id in pairs:
            other = theirs[pairs[node.id]]
            if fields := _fields(node, other, catalog):
                changed.append(NodeChange(node, other, fields))
    edges_added, edges_removed = _edges(old, new, pairs)
    whole = (
        *_changes("settings.", _set(old.settings), _set(new.settings)),
        *_changes("", {"parameters": list(old.parameters)}, {"parameters": list(new.parameters)}),
    )
    return GraphDifference(
        pairs=dict(pairs),
        added=tuple(node for node in new.nodes if node.id not in found),
        removed=tuple(node for node in old.nodes if node.id not in pairs),
        changed=tuple(changed),
        edges_added=edges_added,
        edges_removed=edges_removed,
        settings=whole,
    )


def apply(old: PipelineGraph, change: GraphDifference) -> PipelineGraph:
    """Make the new drawing from the old one and their difference.

    Parameters
    ----------
    old : PipelineGraph
        The drawing that the difference started from.
    change : GraphDifference
        From ``difference`` without a catalog: with one, defaults are not written out.

    Returns
    -------
    PipelineGraph
        The new drawing; nodes that were added stand last.
    """
    removed = {node.id for node in change.removed}
    renewed = {entry.old.id: entry.new for entry in change.changed}
    nodes = [
        renewed.get(node.id, replace(node, id=change.pairs[node.id])) for node in old.nodes if node.id not in removed
    ]
    gone = Counter(change.edges_removed)
    edges = []
    for edge in old.edges:
        if gone[edge]:
            gone[edge] -= 1
        else:
            edges.append(_moved(edge, change.pairs))
    settings, parameters = dict(old.settings), old.parameters
    for entry in change.settings:
        if entry.field == "parameters":
            parameters = tuple(entry.new)
        elif entry.new is None:
            settings.pop(entry.field.removeprefix("settings."))
        else:
            settings[entry.field.removeprefix("settings.")] = entry.new
    return PipelineGraph((*nodes, *change.added), (*edges, *change.edges_added), parameters, settings)


@dataclass(frozen=True)
class Row:
    """One node through several drawings.

    Parameters
    ----------
    key : str
        Its id in the first drawing that has it, made distinct.
    nodes : tuple of Node or None
        One for each drawing.
    """

    key: str
    nodes: tuple[Node | None, ...]


def align(graphs: Sequence[PipelineGraph], families: Sequence[Hashable]) -> list[Row]:
    """Put the nodes of several drawings beside each other.

    Parameters
    ----------
    graphs : sequence of PipelineGraph
        The first one is the baseline: its rows come first.
    families : sequence
        What each drawing is a state of; None is alone. Nodes match by id within a family, else by component
        and title.

    Returns
    -------
    list of Row
        Every node of every drawing once.
    """
    rows: list[list[Node | None]] = []
    keys: list[str] = []
    for index, graph in enumerate(graphs):
        left = {node.id: node for node in graph.nodes}
        # The baseline first, then the nearest drawing of the same family, then the others.
        near = [other for other in range(index) if families[other] is not None and families[other] == families[index]]
        for other in [*near, *(each for each in range(index) if each not in near)]:
            if not left:
                break
            open_rows = {node.id: row for row in rows if (node := row[other]) is not None and row[index] is None}
            olds = [row[other] for row in open_rows.values()]
            by = BY_ID if other in near else BY_LIKENESS
            for old, new in match_nodes([node for node in olds if node], left.values(), by).items():
                open_rows[old][index] = left.pop(new)
        for node in left.values():
            rows.append([None] * index + [node] + [None] * (len(graphs) - index - 1))
            keys.append(_distinct(node.id, keys))
    return [Row(key, tuple(row)) for key, row in zip(keys, rows, strict=True)]


def same(left: Any, right: Any) -> bool:
    """Say whether two JSON values are equal; ``true`` is not 1."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        return left.keys() == right.keys() and all(same(left[name], right[name]) for name in left)
    if isinstance(left, (list, tuple)) and isinstance(right, (list, tuple)):
        return len(left) == len(right) and all(map(same, left, right))
    return bool(left == right)


def _set(settings: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in settings.items() if value is not None}


def _name(node: Node) -> str:
    return node.component.split("@")[0]


def _distinct(wanted: str, taken: Sequence[str]) -> str:
    name, number = wanted, 2
    while name in taken:
        name, number = f"{wanted}~{number}", number + 1
    return name


def _values(node: Node, catalog: Catalog | None) -> Mapping[str, Any]:
    spec = catalog.get(node.component) if catalog else None
    return spec.resolve(node.parameters) if spec else node.parameters


def _changes(prefix: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Difference]:
    return [
        Difference(prefix + name, old.get(name), new.get(name))
        for name in {**old, **new}
        if not same(old.get(name, _ABSENT), new.get(name, _ABSENT))
    ]


def _fields(old: Node, new: Node, catalog: Catalog | None) -> tuple[Difference, ...]:
    head = [
        Difference(name, getattr(old, name), getattr(new, name))
        for name in ("component", *WORDS)
        if getattr(old, name) != getattr(new, name)
    ]
    return (*head, *_changes("parameters.", _values(old, catalog), _values(new, catalog)))


def _moved(edge: Edge, pairs: Mapping[str, str]) -> Edge:
    """Return the edge with the ids of the new drawing; ends that are not there keep theirs."""
    return replace(edge, source=pairs.get(edge.source, edge.source), target=pairs.get(edge.target, edge.target))


def _edges(
    old: PipelineGraph, new: PipelineGraph, pairs: Mapping[str, str]
) -> tuple[tuple[Edge, ...], tuple[Edge, ...]]:
    """Return edges added and removed, input by input: the order in which an input is fed has a meaning."""
    before: dict[tuple[str, str], list[Edge]] = {}
    after: dict[tuple[str, str], list[Edge]] = {}
    both = set(pairs)
    # An edge to or from a node that is gone is gone, whatever else has its id now.
    lost = [edge for edge in old.edges if not {edge.source, edge.target} <= both]
    for edge in old.edges:
        if {edge.source, edge.target} <= both:
            before.setdefault((pairs[edge.target], edge.target_port), []).append(edge)
    for edge in new.edges:
        after.setdefault((edge.target, edge.target_port), []).append(edge)
    added: list[Edge] = []
    removed: list[Edge] = list(lost)
    for place in {**before, **after}:
        olds, news = before.get(place, []), after.get(place, [])
        moved = [_moved(edge, pairs) for edge in olds]
        keep, extra = Counter(moved) & Counter(news), []
        for edge in news:
            if keep[edge]:
                keep[edge] -= 1
            else:
                extra.append(edge)
        keep, gone = Counter(moved) & Counter(news), []
        for edge, now in zip(olds, moved, strict=True):
            if keep[now]:
                keep[now] -= 1
            else:
                gone.append(edge)
        stays = [now for edge, now in zip(olds, moved, strict=True) if edge not in gone]
        if [*stays, *extra] != news:
            # Only the order changed, or it changed too: the input is fed anew.
            extra, gone = news, olds
        added += extra
        removed += gone
    return tuple(added), tuple(removed)
