"""What happens next with a pipeline run: a look at its steps, and the moves that follow.

Any process may call :func:`advance`, twice or at once: each move is a
compare-and-set, and all of one look happen in one transaction.
"""

import logging
import uuid
from functools import lru_cache

from django.db.models import F

from designer.catalog import default_catalog
from designer.moves import Policy, next_moves
from designer.plan import Step as PlanStep
from designer.plan import StepGraph
from studio.core import errors
from studio.core.activity import lifecycle
from studio.core.activity import services as activity
from studio.core.activity.lifecycle import Move
from studio.core.activity.models import Activity
from studio.core.activity.statuses import CANCELING, TERMINAL
from studio.core.models import Blob
from studio.core.queue import enqueue
from studio.core.units import unit
from studio.datasets import selectors as datasets
from studio.datasets.models import DatasetVersion
from studio.experiments import services as experiments
from studio.experiments.models import Run, RunOutput
from studio.pipelines import reuse
from studio.pipelines.models import PipelineRun, Step

logger = logging.getLogger(__name__)


def advance(run_id: uuid.UUID) -> None:
    """Look at a pipeline run and do what follows, until nothing follows at once."""
    while _advance_once(run_id):
        pass


def advance_all() -> None:
    """Look at every unfinished pipeline run: what a lost wake-up or a dead worker left."""
    rows = PipelineRun.objects.exclude(run__activity__status__in=TERMINAL)
    for run_id in list(rows.values_list("run_id", flat=True)):
        try:
            advance(run_id)
        except Exception:
            # One run that cannot advance must not keep the others waiting.
            logger.exception("Run %s could not advance", run_id)


@lru_cache(maxsize=64)
def _plan(run_id: uuid.UUID) -> StepGraph:
    """Return a run's frozen plan; it never changes, so it is parsed once a process."""
    return StepGraph.from_json(PipelineRun.objects.values_list("plan", flat=True).get(pk=run_id))


def _advance_once(run_id: uuid.UUID) -> bool:
    """Make one look's moves; True when another look may find more."""
    with unit():
        pipeline = (
            PipelineRun.objects.select_for_update(of=("self",))
            .select_related("run__activity__actor", "run__workspace", "run__experiment")
            .get(pk=run_id)
        )
        parent = pipeline.run.activity
        if parent.status in TERMINAL:
            return False
        steps = {
            step.node: step
            for step in Step.objects.select_related("run__activity", "run__workspace").filter(pipeline=pipeline)
        }
        if parent.status == CANCELING:
            _cancel(parent, steps)
            return False
        statuses = {node: step.run.activity.status for node, step in steps.items()}
        plan = _plan(run_id)
        moves = next_moves(plan, statuses, Policy(pipeline.continue_on_step_failure))
        if parent.status in ("not_started", "queued"):
            lifecycle.move(parent.pk, "running", progress=0.0)
        for node in moves.skip:
            _move(steps[node], "skipped")
        ended = False
        for node in moves.start:
            ended |= _begin(pipeline, steps, plan.step(node))
        if moves.finish:
            _finish(pipeline, steps, moves.finish)
            return False
        _show_progress(parent, statuses)
        # Reused, resolved and refused steps end at once, so more may follow.
        return ended


def _move(step: Step, to: str, **fields) -> bool:
    try:
        return lifecycle.move(step.run_id, to, **fields) is Move.DONE
    except errors.IllegalMove as error:
        logger.info("Somebody else moved it first: %s", error)
        return False


def _show_progress(parent: Activity, statuses: dict[str, str]) -> None:
    done = sum(1 for status in statuses.values() if status in TERMINAL)
    progress = round(done / max(1, len(statuses)), 4)
    activity.show_progress(parent, progress, f"{done} of {len(statuses)} steps")


def _cancel(parent: Activity, steps: dict[str, Step]) -> None:
    """End what waits; the run is canceled when nothing works any more."""
    working = False
    for step in steps.values():
        status = step.run.activity.status
        if status in TERMINAL:
            continue
        to = lifecycle.cancel_state(status)
        if to is not None and _move(step, to) and to == "canceled":
            continue
        working = True
    if not working:
        lifecycle.move(parent.pk, "canceled")


def _finish(pipeline: PipelineRun, steps: dict[str, Step], to: str) -> None:
    failure = None
    if to == "failed":
        failed = list(
            Step.objects.select_related("run__activity").filter(pipeline=pipeline, run__activity__status="failed")
        )
        first = failed[0].run.activity if failed else None
        cause = (first.failure or {}).get("detail", "") if first else ""
        others = f" ({len(failed) - 1} more failed)" if len(failed) > 1 else ""
        problem = errors.StepFailed(
            f"{first.title if first else 'A step'}: {cause}{others}",
            errors=[
                {
                    "code": (step.run.activity.failure or {}).get("code", "step_failed"),
                    "node": step.node,
                    "detail": (step.run.activity.failure or {}).get("detail", ""),
                    **(
                        {"fix": (step.run.activity.failure or {}).get("fix")}
                        if (step.run.activity.failure or {}).get("fix")
                        else {}
                    ),
                }
                for step in failed
            ],
        )
        failure = problem.to_problem()
    lifecycle.move(pipeline.pk, to, progress=1.0, failure=failure)


# -- one step ---------------------------------------------------------------------


def _begin(pipeline: PipelineRun, steps: dict[str, Step], plan: PlanStep) -> bool:
    """Start a step; True when it ended at once."""
    step = steps[plan.id]
    spec = default_catalog().find(plan.component)
    version = None
    if plan.effect == "source":
        version, ended = _source(pipeline, step, plan)
        if version is None:
            return ended
    inputs = input_digests(pipeline, plan)
    key = reuse.key_of(spec, plan, inputs, version)
    step.key = key.to_json() if key else None
    step.key_digest = key.digest if key else ""
    found = reuse.donor(pipeline.run.workspace, key)
    if found is not None:
        return _reuse(step, found)
    step.reason = reuse.ran(key, pipeline.draft_id, plan.id, spec).to_json()
    step.save(update_fields=["key", "key_digest", "reason"])
    if version is not None:
        return _complete_source(pipeline, step, spec, version)
    if _move(step, "queued"):
        enqueue(step.run.activity.task, step.run_id)
    return False


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


def _source(pipeline, step: Step, plan: PlanStep) -> tuple[DatasetVersion | None, bool]:
    """Return the dataset version a source stands for; (None, ended) when it cannot go on."""
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
        return None, _move(step, "failed", failure=problem.to_problem())
    status = version.activity.status
    if status == "completed":
        return version, False
    name = f"{version.dataset.name} version {version.version}"
    if status in TERMINAL:
        problem = errors.StepFailed(
            f"{name} could not be prepared ({status}).", fix="Upload a new version of the dataset."
        )
        return None, _move(step, "failed", failure=problem.to_problem())
    # The tick looks again; meanwhile the step says why it waits.
    activity.tell_why_it_waits(step.run_id, f"{name} is still being prepared.")
    return None, False


def _complete_source(pipeline, step: Step, spec, version: DatasetVersion) -> bool:
    port = spec.outputs[0]
    run = step.run
    if not _move(
        step,
        "completed",
        progress=1.0,
        details=_details([(port.name, "table", version.rows, version.columns)], None),
    ):
        return False
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
    experiments.store_outputs(run=run, outputs=[output])
    reuse.remember(run.workspace, step.key_digest, run)
    link_source(pipeline, version)
    return True


def link_source(pipeline: PipelineRun, version: DatasetVersion) -> None:
    """Record that a pipeline run read a dataset version."""
    activity.link(
        workspace=pipeline.run.workspace,
        source=("dataset_version", version.pk, f"{version.dataset.name} v{version.version}"),
        role="input",
        target=("run", pipeline.pk, pipeline.run.display_name),
    )


def _reuse(step: Step, donor: Run) -> bool:
    # A reused result's own donor is the one that computed it: the trail has one hop.
    origin = Step.objects.select_related("reused_from__parent").filter(run=donor).first()
    source = origin.reused_from if origin and origin.reused_from else donor
    step.reused_from = source
    step.reason = reuse.reused(source).to_json()
    step.save(update_fields=["key", "key_digest", "reason", "reused_from"])
    outputs = experiments.copy_outputs(donor=source, run=step.run)
    experiments.copy_metrics(donor=source, run=step.run)
    if step.effect == "source":
        version = (
            DatasetVersion.objects.select_related("dataset")
            .filter(table_digest=outputs[0].blob_id, dataset__workspace=step.run.workspace)
            .first()
        )
        if version is not None:
            link_source(step.pipeline, version)
    return _move(
        step,
        "completed",
        progress=1.0,
        details=_details(
            [(o.port, o.type, o.rows, o.columns) for o in outputs],
            {"id": str(source.pk), "run": str(source.parent_id), "number": source.number},
        ),
    )


def _details(outputs: list[tuple], reused_from: dict | None) -> dict:
    return {
        "outputs": [
            {"port": port, "type": type_, "rows": rows, "columns": columns} for port, type_, rows, columns in outputs
        ],
        "reused_from": reused_from,
    }


completion_details = _details
