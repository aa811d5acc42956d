"""Reads about drafts, their validity, plans and steps."""

import uuid
from typing import Any

from django.db.models import Count, Q, QuerySet

from designer.catalog import default_catalog
from designer.graph import Node, PipelineGraph
from designer.issues import Issue
from designer.samples import list_samples
from designer.schema import TableSchema
from designer.validation import Validation, validate
from studio.core.activity.statuses import AT_WORK, CANCELING
from studio.core.errors import NotFound
from studio.core.workspaces.models import Workspace
from studio.datasets import selectors as datasets
from studio.datasets.models import DatasetKind, DatasetVersion
from studio.experiments import selectors as experiments
from studio.experiments.models import Run, RunOutput
from studio.pipelines.models import Draft, PipelineRun, Step

THUMBNAIL_NODES = 200
# Kind of parameter → the kind of dataset that it names.
SOURCE_KINDS = {"dataset": DatasetKind.TABLE, "file": DatasetKind.FILE}


def drafts(workspace: Workspace) -> QuerySet[Draft]:
    return Draft.objects.select_related("updated_by", "workspace").filter(workspace=workspace, archived_at=None)


def draft(workspace: Workspace, draft_id: uuid.UUID) -> Draft:
    """Return one draft, archived or not (raises NotFound)."""
    found = Draft.objects.select_related("updated_by", "workspace").filter(workspace=workspace, pk=draft_id).first()
    if found is None:
        raise NotFound("There is no such draft in this workspace.")
    return found


def last_run(found: Draft) -> dict[str, Any] | None:
    """Return the newest run of a draft, with the states of its steps."""
    pipeline = (
        PipelineRun.objects.select_related("run__activity")
        .only("run__number", "run__activity__status", "run__activity__finished_at")
        .filter(draft=found, run__archived_at=None)
        .order_by("-run__number")
        .first()
    )
    if pipeline is None:
        return None
    return {
        "id": pipeline.run_id,
        "number": pipeline.run.number,
        "status": pipeline.run.activity.status,
        "finished_at": pipeline.run.activity.finished_at,
    }


def thumbnail(graph: dict[str, Any], view: dict[str, Any]) -> dict[str, Any]:
    """Return a drawing's outline: places of the first 200 steps, and the edges between them."""
    positions = view.get("positions", {})
    nodes = graph.get("nodes", [])[:THUMBNAIL_NODES]
    places, index = [], {}
    for node in nodes:
        place = positions.get(node["id"])
        if isinstance(place, dict) and {"x", "y"} <= place.keys():
            index[node["id"]] = len(places)
            places.append({"x": place["x"], "y": place["y"], "status": None})
    edges = [
        [index[edge["source"]], index[edge["target"]]]
        for edge in graph.get("edges", [])
        if edge["source"] in index and edge["target"] in index
    ]
    return {"nodes": places, "edges": edges}


def samples() -> list[dict[str, Any]]:
    """Return the sample pipelines as a gallery shows them."""
    found = []
    for sample in list_samples():
        named = [
            node["parameters"]["dataset"]["name"]
            for node in sample["graph"]["nodes"]
            if isinstance(node.get("parameters", {}).get("dataset"), dict)
        ]
        found.append(
            {
                "name": sample["name"],
                "title": sample["title"],
                "description": sample["description"],
                "node_count": len(sample["graph"]["nodes"]),
                "datasets": list(dict.fromkeys(named)),
                "thumbnail": thumbnail(sample["graph"], sample["view"]),
            }
        )
    return found


# -- validation ---------------------------------------------------------------


def source_versions(workspace: Workspace, graph: PipelineGraph) -> dict[str, DatasetVersion | None]:
    """Return source node → the dataset version it names, None where there is none."""
    catalog = default_catalog()
    found: dict[str, DatasetVersion | None] = {}
    for node in graph.nodes:
        spec = catalog.get(node.component)
        if spec is None:
            continue
        for parameter in spec.parameters:
            if parameter.kind in SOURCE_KINDS:
                value = node.parameters.get(parameter.name)
                found[node.id] = datasets.resolve(workspace, value) if isinstance(value, dict) else None
    return found


def validate_graph(workspace: Workspace, graph: PipelineGraph) -> Validation:
    """Check a graph against what this workspace holds."""
    versions = source_versions(workspace, graph)
    sources = {
        node: TableSchema.from_json(version.schema) if version and version.schema else None
        for node, version in versions.items()
    }
    checked = validate(graph, default_catalog(), sources)
    missing = [issue for node in graph.nodes if (issue := _wrong_source(node, versions)) is not None]
    return Validation([*checked.issues, *missing], checked.schemas)


def _wrong_source(node: Node, versions: dict[str, DatasetVersion | None]) -> Issue | None:
    """Say what is wrong with the dataset that a source names: there is none, or it is of the other kind."""
    spec = default_catalog().get(node.component)
    for parameter in spec.parameters if spec and node.id in versions else ():
        value = node.parameters.get(parameter.name)
        if parameter.kind not in SOURCE_KINDS or not isinstance(value, dict):
            continue
        version, wanted = versions[node.id], SOURCE_KINDS[parameter.kind]
        name = value.get("name") or value.get("id") or "?"
        if version is None:
            message = f"There is no dataset {name!r} (version {value.get('version', 'latest')}) in this workspace."
            fix = "Choose a dataset of this workspace."
        elif version.dataset.kind != wanted:
            message = f"{version.dataset.name!r} is a {version.dataset.kind} dataset; this step takes a {wanted}."
            fix = f"Choose a {wanted} dataset, or use the other component."
        else:
            continue
        return Issue("invalid_parameter", message, node=node.id, parameter=parameter.name, fix=fix)
    return None


def schemas_json(checked: Validation) -> dict[str, dict[str, Any]]:
    """Return node → port → schema as JSON."""
    return {
        node: {port: schema.to_json() if schema else None for port, schema in ports.items()}
        for node, ports in checked.schemas.items()
    }


def seen_schemas(found: Draft, checked: Validation) -> dict[str, dict[str, Any]]:
    """Return node → port → schema; what cannot be known without running is what the last run saw.

    A component whose columns depend on the data (SQL, a script) says *unknown*; pickers below it
    then offer the columns of the last time, which is a suggestion and never an error.
    """
    known = schemas_json(checked)
    unknown = {node for node, ports in known.items() if None in ports.values()}
    if not unknown:
        return known
    components = {node["id"]: node["component"] for node in found.graph["nodes"]}
    rows = (
        RunOutput.objects.filter(
            run__step__pipeline__draft=found, run__step__node__in=unknown, type="table", schema__isnull=False
        )
        .order_by("created_at")
        .values_list("run__step__node", "run__step__component", "port", "schema")
    )
    for node, component, port, schema in rows:
        offered = known[node].get(port, schema)
        if components[node] == component and (offered is None or "from_last_run" in offered):
            known[node][port] = {**schema, "from_last_run": True}
    return known


# -- runs ---------------------------------------------------------------------

# Megabytes for a large pipeline, which no list shows.
DRAWINGS = [
    *(f"pipeline__{name}" for name in ("graph", "view", "schemas", "plan")),
    *(f"pipeline__draft__{name}" for name in ("graph", "view")),
]


def pipeline_runs(workspace: Workspace) -> QuerySet[Run]:
    """Return the pipeline runs of a workspace with their counts of steps."""
    rows = experiments.runs(workspace).filter(kind="pipeline").select_related("pipeline__draft")
    return with_counts(rows.defer(*DRAWINGS))


def with_counts(rows: QuerySet[Run]) -> QuerySet[Run]:
    status = "children__activity__status"

    def count(condition: Q) -> Count:
        return Count("children", filter=condition)

    return rows.annotate(
        steps_total=Count("children"),
        steps_completed=count(Q(**{status: "completed"})),
        steps_failed=count(Q(**{status: "failed"})),
        steps_reused=count(Q(children__step__reused_from__isnull=False)),
        steps_running=count(Q(**{f"{status}__in": sorted(AT_WORK | {CANCELING})})),
        steps_canceled=count(Q(**{status: "canceled"})),
        steps_skipped=count(Q(**{status: "skipped"})),
    )


def run(workspace: Workspace, run_id: uuid.UUID) -> Run:
    """Return one run with its counts (raises NotFound)."""
    found = (
        with_counts(
            Run.objects.select_related(
                "activity__actor", "activity__workspace", "experiment", "workspace", "pipeline__draft"
            )
            .defer(*DRAWINGS)
            .filter(workspace=workspace)
        )
        .filter(pk=run_id)
        .first()
    )
    if found is None:
        raise NotFound("There is no such run in this workspace.")
    return found


def pipeline(found: Run) -> PipelineRun:
    """Return the frozen drawing of a pipeline run (raises NotFound for other runs)."""
    row = PipelineRun.objects.filter(run=found).first()
    if row is None:
        raise NotFound("This run is no pipeline.")
    return row


def steps(found: Run) -> QuerySet[Step]:
    """Return the steps of a pipeline run, in the order of the plan."""
    return (
        Step.objects.select_related("run__activity__actor", "run__experiment", "reused_from")
        .prefetch_related("run__outputs__blob")
        .filter(pipeline_id=found.pk)
        .order_by("order")
    )


def feeds(found: Run) -> dict[str, list[dict[str, str]]]:
    """Return node → what feeds it, as the frozen drawing of a pipeline run says."""
    graph = PipelineRun.objects.filter(run=found).values_list("graph", flat=True).first() or {"edges": []}
    feeding: dict[str, list[dict[str, str]]] = {}
    for edge in graph["edges"]:
        entry = {"port": edge["target_port"], "source_node": edge["source"], "source_port": edge["source_port"]}
        feeding.setdefault(edge["target"], []).append(entry)
    return feeding
