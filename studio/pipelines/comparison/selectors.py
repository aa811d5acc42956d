"""Reads several runs and puts their nodes beside each other."""

import uuid
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from designer.catalog import default_catalog
from designer.difference import Row, align
from designer.graph import Node, PipelineGraph
from designer.plan import StepGraph
from studio.core.errors import InvalidInput, NotFound
from studio.core.ids import parse_id
from studio.core.workspaces.models import Workspace
from studio.experiments.models import Run, RunOutput
from studio.pipelines import selectors
from studio.pipelines.models import PipelineRun, Step

MAX_RUNS = 50


@dataclass(frozen=True)
class Cell:
    """What became of one node in one run."""

    run: uuid.UUID
    step: Step | None
    node: Node
    title: str
    parameters: Mapping[str, Any]
    outputs: list[RunOutput] = field(default_factory=list)


@dataclass(frozen=True)
class Compared:
    """Runs, their baseline and their nodes in rows; what the views show is made of it."""

    runs: list[Run]
    baseline: Run
    rows: list[Row]
    cells: list[list[Cell | None]]
    graphs: list[PipelineGraph]
    families: list[Hashable]


def asked(text: str, name: str = "runs") -> list[uuid.UUID]:
    """Read a list of run ids (raises InvalidInput when there is none, one is none, or there are too many)."""
    found: dict[uuid.UUID, None] = {}
    for part in filter(None, (each.strip() for each in text.split(","))):
        key = parse_id(part)
        if key is None:
            raise InvalidInput(f"{name} holds {part[:60]!r}, which is not the id of a run.")
        found[key] = None
    if not found:
        raise InvalidInput(f"Name the runs to compare, as {name}=ID,ID.")
    if len(found) > MAX_RUNS:
        raise InvalidInput(
            f"A comparison holds at most {MAX_RUNS} runs, because each brings its whole drawing and every step; "
            f"this one names {len(found)}. Leave out {len(found) - MAX_RUNS}."
        )
    return list(found)


def compare(workspace: Workspace, ids: Sequence[uuid.UUID], baseline: uuid.UUID | None = None) -> Compared:
    """Load runs and put their nodes beside each other.

    Parameters
    ----------
    workspace : Workspace
        Where the runs are; another's are not found.
    ids : sequence of UUID
        Distinct runs, in the order to keep.
    baseline : UUID, optional
        What the others are measured against; the first run when left out.

    Returns
    -------
    Compared
        The runs in their order; rows begin with the baseline's nodes, in the order of its plan.

    Raises
    ------
    InvalidInput
        When the baseline is not one of the runs.
    NotFound
        When there is no such run; ``missing`` of the problem lists them.
    """
    found = {
        run.pk: run
        for run in selectors.with_counts(
            Run.objects.select_related(
                "activity__actor", "activity__workspace", "experiment", "workspace", "pipeline__draft"
            )
        ).filter(workspace=workspace, pk__in=ids, parent=None)
    }
    if missing := [str(key) for key in ids if key not in found]:
        raise NotFound(
            f"There is no run {missing[0]} in this workspace."
            if len(missing) == 1
            else f"{len(missing)} of these runs are not in this workspace: {', '.join(missing)}.",
            missing=missing,
        )
    if baseline is not None and baseline not in found:
        raise InvalidInput("The baseline is not one of the runs to compare. Add it to them, or choose another.")
    runs = [found[key] for key in ids]
    base = found[baseline] if baseline else runs[0]
    graphs = [_graph(run) for run in runs]
    families: list[Hashable] = [_family(run) for run in runs]
    # Rows begin with the baseline's, wherever it stands among the runs.
    order = [runs.index(base), *(index for index in range(len(runs)) if runs[index] is not base)]
    aligned = align([graphs[index] for index in order], [families[index] for index in order])
    rows = [Row(row.key, tuple(row.nodes[order.index(index)] for index in range(len(runs)))) for row in aligned]
    return Compared(runs, base, rows, _cells(runs, rows), graphs, families)


def _graph(run: Run) -> PipelineGraph:
    """Return the drawing of a run, its nodes in the order of the plan."""
    pipeline = _pipeline(run)
    if pipeline is None:
        return PipelineGraph()
    graph = PipelineGraph.parse(pipeline.graph)
    place = {entry["id"]: index for index, entry in enumerate(pipeline.plan["steps"])}
    nodes = sorted(graph.nodes, key=lambda node: place.get(node.id, len(place)))
    return PipelineGraph(tuple(nodes), graph.edges, graph.parameters, graph.settings)


def _pipeline(run: Run) -> PipelineRun | None:
    return getattr(run, "pipeline", None)


def _family(run: Run) -> uuid.UUID | None:
    pipeline = _pipeline(run)
    return pipeline.draft_id if pipeline else None


def _cells(runs: Sequence[Run], rows: Sequence[Row]) -> list[list[Cell | None]]:
    steps = {
        (step.pipeline_id, step.node): step
        for step in Step.objects.select_related("run__activity", "reused_from__parent")
        .prefetch_related("run__outputs__blob")
        .filter(pipeline__in=[run.pk for run in runs])
    }
    plans = {
        run.pk: {step.id: step for step in StepGraph.from_json(pipeline.plan).steps}
        for run in runs
        if (pipeline := _pipeline(run)) is not None
    }
    catalog = default_catalog()

    def cell(run: Run, node: Node | None) -> Cell | None:
        if node is None:
            return None
        step, planned = steps.get((run.pk, node.id)), plans[run.pk].get(node.id)
        spec = catalog.get(node.component)
        parameters = planned.parameters if planned else spec.resolve(node.parameters) if spec else node.parameters
        title = planned.title if planned else node.title or (spec.title if spec else node.component)
        return Cell(run.pk, step, node, title, parameters, list(step.run.outputs.all()) if step else [])

    return [[cell(run, node) for run, node in zip(runs, row.nodes, strict=True)] for row in rows]
