"""How a step begins: resolved from a dataset, reused from an earlier run, or left to a worker."""

from designer.catalog import default_catalog
from designer.component import ComponentSpec
from designer.plan import Step as PlanStep
from studio.core import errors
from studio.core.activity.statuses import TERMINAL
from studio.datasets import selectors as datasets
from studio.datasets.models import DatasetVersion
from studio.experiments.models import RunOutput
from studio.pipelines import reuse
from studio.pipelines.look import Look
from studio.pipelines.models import Step
from studio.pipelines.selectors import SOURCE_KINDS


def begin(look: Look, node: str) -> str:
    """Decide about a step whose inputs are there; returns the state it will be in."""
    step, plan = look.step(node), look.run.plan.step(node)
    spec = default_catalog().find(plan.component)
    if (kept := look.resumed.get(node)) is not None:
        step.key, step.key_digest = kept.step.key, kept.step.key_digest
        return look.keep(step, kept, reuse.resumed(kept))
    version = None
    if names_dataset(spec):
        version, status = _source(look, step, plan)
        if version is None:
            return status
    try:
        arriving = look.inputs(plan)
    except errors.InputsMissing as problem:
        return look.fail(step, problem)
    inputs = {port: [output.blob_id for output in outputs] for port, outputs in arriving.items()}
    key = reuse.key_of(spec, plan, inputs, version)
    step.key = key.to_json() if key else None
    step.key_digest = key.digest if key else ""
    if key is not None and (donor := look.donor(key.digest)) is not None:
        return look.keep(step, donor, reuse.reused(donor.step.reused_from or donor), version)
    step.reason = reuse.ran(key, look.previous_key(node) if key else None, spec).to_json()
    if version is not None:
        return look.read_source(step, _table(spec, step, version), version)
    return look.queue(step)


def names_dataset(spec: ComponentSpec) -> bool:
    """Say whether a component stands for a dataset, which needs no worker."""
    return any(parameter.kind in SOURCE_KINDS for parameter in spec.parameters)


def _source(look: Look, step: Step, plan: PlanStep) -> tuple[DatasetVersion | None, str]:
    """Return the dataset version a source stands for; (None, state) when it cannot go on."""
    reference = next(
        (value for value in plan.parameters.values() if isinstance(value, dict) and "version" in value),
        {},
    )
    version = datasets.resolve(look.parent.workspace, reference)
    if version is None:
        problem = errors.StepFailed(
            f"There is no dataset {reference.get('name') or reference.get('id')!r} "
            f"(version {reference.get('version', 'latest')}) in this workspace.",
            fix="Choose another dataset in the step's parameters.",
        )
        return None, look.fail(step, problem)
    wanted = default_catalog().find(plan.component).outputs[0].type
    if version.dataset.kind != wanted:
        problem = errors.StepFailed(
            f"{version.dataset.name} is a {version.dataset.kind}, and {plan.title} takes a {wanted}.",
            fix=f"Choose a {wanted} dataset in the step's parameters.",
        )
        return None, look.fail(step, problem)
    status = version.activity.status
    if status == "completed":
        return version, ""
    name = f"{version.dataset.name} version {version.version}"
    if status in TERMINAL:
        problem = errors.StepFailed(
            f"{name} could not be prepared ({status}).", fix="Upload a new version of the dataset."
        )
        return None, look.fail(step, problem)
    return None, look.wait(step, f"{name} is still being prepared.")


def _table(spec: ComponentSpec, step: Step, version: DatasetVersion) -> RunOutput:
    port = spec.outputs[0]
    return RunOutput(
        run_id=step.run_id,
        port=port.name,
        title=port.title,
        type=port.type,
        blob_id=version.table_digest or version.file_digest,
        media_type="application/vnd.apache.parquet" if port.type == "table" else "application/octet-stream",
        rows=version.rows,
        columns=version.columns,
        schema=version.schema,
    )
