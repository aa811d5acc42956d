"""How a step begins: resolved from a dataset, reused from an earlier run, or queued for a worker."""

import logging
import uuid

from django.db.models import F

from designer.catalog import default_catalog
from designer.component import ComponentSpec
from designer.plan import Step as PlanStep
from studio.core import errors
from studio.core.activity import lifecycle
from studio.core.activity import services as activity
from studio.core.activity.lifecycle import Move
from studio.core.activity.statuses import TERMINAL
from studio.core.models import Blob
from studio.core.queue import enqueue
from studio.datasets import selectors as datasets
from studio.datasets.models import DatasetVersion
from studio.experiments import services as experiments
from studio.experiments.models import Run, RunOutput
from studio.pipelines import reuse
from studio.pipelines.models import PipelineRun, Step

logger = logging.getLogger(__name__)


def move_step(step: Step, to: str, **fields) -> bool:
    """Move a step; False when somebody else moved it first."""
    try:
        return lifecycle.move(step.run_id, to, **fields) is Move.DONE
    except errors.IllegalMove as error:
        logger.info("Somebody else moved it first: %s", error)
        return False


def begin(pipeline: PipelineRun, step: Step, plan: PlanStep) -> str:
    """Start a step; returns the state it is in then."""
    step.pipeline = pipeline
    spec = default_catalog().find(plan.component)
    version = None
    if plan.effect == "source":
        version, status = _source(pipeline, step, plan)
        if version is None:
            return status
    inputs = input_digests(pipeline, plan)
    key = reuse.key_of(spec, plan, inputs, version)
    step.key = key.to_json() if key else None
    step.key_digest = key.digest if key else ""
    found = reuse.donor(pipeline.run.workspace, key)
    if found is not None:
        return _reuse(step, found, version)
    step.reason = reuse.ran(key, pipeline.draft_id, plan.id, spec).to_json()
    step.save(update_fields=["key", "key_digest", "reason"])
    if version is not None:
        return _complete_source(pipeline, step, spec, version)
    if move_step(step, "queued"):
        enqueue(step.run.activity.task, step.run_id)
    return "queued"


def input_digests(pipeline: PipelineRun, plan: PlanStep) -> dict[str, list[str]]:
    """Return port → digests of what arrives there."""
    return {port: [output.blob_id for output in outputs] for port, outputs in input_outputs(pipeline.pk, plan).items()}


def input_outputs(run_id: uuid.UUID, plan: PlanStep) -> dict[str, list[RunOutput]]:
    """Return port → the outputs that feed it, in order (raises InputsMissing)."""
    if not plan.depends_on:
        return {}
    rows = RunOutput.objects.filter(run__step__pipeline_id=run_id, run__step__node__in=plan.depends_on).annotate(
        node=F("run__step__node")
    )
    found = {(row.node, row.port): row for row in rows}
    try:
        return {port: [found[ref.step, ref.port] for ref in refs] for port, refs in plan.inputs.items()}
    except KeyError as error:
        raise errors.InputsMissing(f"{plan.title} misses the output {error}.") from error


def _source(pipeline, step: Step, plan: PlanStep) -> tuple[DatasetVersion | None, str]:
    """Return the dataset version a source stands for; (None, state) when it cannot go on."""
    reference = next(
        (value for value in plan.parameters.values() if isinstance(value, dict) and "version" in value),
        {},
    )
    version = datasets.resolve(pipeline.run.workspace, reference)
    if version is None:
        problem = errors.StepFailed(
            f"There is no dataset {reference.get('name') or reference.get('id')!r} "
            f"(version {reference.get('version', 'latest')}) in this workspace.",
            fix="Choose another dataset in the step's parameters.",
        )
        move_step(step, "failed", failure=problem.to_problem())
        return None, "failed"
    status = version.activity.status
    if status == "completed":
        return version, ""
    name = f"{version.dataset.name} version {version.version}"
    if status in TERMINAL:
        problem = errors.StepFailed(
            f"{name} could not be prepared ({status}).", fix="Upload a new version of the dataset."
        )
        move_step(step, "failed", failure=problem.to_problem())
        return None, "failed"
    # The tick looks again; meanwhile the step says why it waits.
    activity.tell_why_it_waits(step.run_id, f"{name} is still being prepared.")
    return None, "not_started"


def _complete_source(pipeline, step: Step, spec: ComponentSpec, version: DatasetVersion) -> str:
    port = spec.outputs[0]
    output = RunOutput(
        port=port.name,
        title=port.title,
        type="table",
        blob=Blob.objects.get(pk=version.table_digest),
        media_type="application/vnd.apache.parquet",
        rows=version.rows,
        columns=version.columns,
        schema=version.schema,
    )
    if move_step(step, "completed", progress=1.0, details=completion_details([output], None)):
        experiments.store_outputs(run=step.run, outputs=[output])
        reuse.remember(step.run.workspace, step.key_digest, step.run)
        link_source(pipeline, version)
    return "completed"


def link_source(pipeline: PipelineRun, version: DatasetVersion) -> None:
    """Record that a pipeline run read a dataset version."""
    activity.link(
        workspace=pipeline.run.workspace,
        source=("dataset_version", version.pk, f"{version.dataset.name} v{version.version}"),
        role="input",
        target=("run", pipeline.pk, pipeline.run.display_name),
    )


def _reuse(step: Step, donor: Run, version: DatasetVersion | None) -> str:
    # A reused result's own donor is the one that computed it: the trail has one hop.
    origin = Step.objects.select_related("reused_from__parent").filter(run=donor).first()
    source = origin.reused_from if origin and origin.reused_from else donor
    trail = {"id": str(source.pk), "run": str(source.parent_id), "number": source.number}
    details = completion_details(list(source.outputs.all()), trail)
    if move_step(step, "completed", progress=1.0, details=details):
        step.reused_from = source
        step.reason = reuse.reused(source).to_json()
        step.save(update_fields=["key", "key_digest", "reason", "reused_from"])
        experiments.copy_outputs(donor=source, run=step.run)
        experiments.copy_metrics(donor=source, run=step.run)
        if version is not None:
            link_source(step.pipeline, version)
    return "completed"


def completion_details(outputs: list[RunOutput], reused_from: dict | None) -> dict:
    """Return what the event of an ended step says of its outputs, so that a canvas needs no fetch."""
    return {
        "outputs": [
            {"port": output.port, "type": output.type, "rows": output.rows, "columns": output.columns}
            for output in outputs
        ],
        "reused_from": reused_from,
    }
