"""Keys of steps: whose result may stand for another's, and why a step ran."""

import hashlib
import uuid
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from designer.component import ComponentSpec
from designer.plan import Step as PlanStep
from designer.step_key import StepKey, step_key
from studio.core import blobs
from studio.datasets.models import DatasetVersion
from studio.experiments.models import Run
from studio.pipelines.models import Step, StepResult


@cache
def environment_digest() -> str:
    """Return the digest of the studio's own lock, in which user code runs."""
    lock = settings.ROOT / "requirements.txt"
    return hashlib.sha256(lock.read_bytes()).hexdigest() if lock.exists() else ""


def key_of(
    spec: ComponentSpec, step: PlanStep, inputs: dict[str, list[str]], version: DatasetVersion | None
) -> StepKey | None:
    """Return the key of a step, None when its outputs must not be reused.

    Parameters
    ----------
    spec : ComponentSpec
        Its component.
    step : designer.plan.Step
        The step.
    inputs : dict
        Port → digests of what arrives there.
    version : DatasetVersion or None
        What a source step resolves to.
    """
    if version is not None:
        # The bytes of the table are the identity: the same data under a new number is a hit.
        return StepKey(
            spec.id,
            "source",
            {},
            {"dataset": version.dataset.name},
            "",
            {"table": (version.table_digest or version.file_digest,)},
        )
    environment = environment_digest() if step.effect == "user_code" else ""
    return step_key(spec, step.parameters, inputs, environment)


def donors(workspace_id: uuid.UUID, digests: list[str]) -> dict[str, Run]:
    """Return key digest → the run whose outputs stand for it, when they are all still there.

    Notes
    -----
    The outputs come prefetched, in ``run.outputs.all()``.
    """
    rows = StepResult.objects.filter(workspace_id=workspace_id, key_digest__in=digests)
    found = dict(rows.values_list("run_id", "key_digest"))
    return {found[run.pk]: run for run in _whole(Step.objects.filter(pk__in=found))} if found else {}


def completed_steps(run_id: uuid.UUID) -> dict[str, Run]:
    """Return node → the completed step of a run whose outputs are all still there."""
    return {run.step.node: run for run in _whole(Step.objects.filter(pipeline_id=run_id))}


def _whole(steps: QuerySet[Step]) -> list[Run]:
    """Return the runs of steps that completed and left outputs, whose bytes are all in the store."""
    rows = steps.filter(run__activity__status="completed").order_by()
    runs = [step.run for step in rows.select_related("run", "reused_from").prefetch_related("run__outputs")]
    return [
        run
        for run in runs
        if (run.outputs.all() or run.step.effect == "sink")
        and all(blobs.exists(output.blob_id) for output in run.outputs.all())
    ]


def remember(workspace_id: uuid.UUID, results: dict[str, uuid.UUID]) -> None:
    """Let runs' outputs stand for their keys (key digest → run) from now on."""
    StepResult.objects.bulk_create(
        [StepResult(workspace_id=workspace_id, key_digest=digest, run_id=run) for digest, run in results.items()],
        update_conflicts=True,
        unique_fields=["workspace", "key_digest"],
        update_fields=["run", "updated_at"],
    )


@dataclass(frozen=True)
class Reason:
    """Why a step ran, or did not."""

    kind: str
    text: str
    differences: list[dict[str, Any]]

    def to_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "text": self.text, "differences": self.differences}


def reused(run: Run) -> Reason:
    return Reason("reused", f"Reused from run {run.number}.", [])


def resumed(run: Run) -> Reason:
    return Reason("resumed", f"Kept from run {run.number}, which is resumed.", [])


def last_key(draft_id: uuid.UUID | None, node: str) -> dict[str, Any] | None:
    """Return the key of a node's last run in a draft, as JSON."""
    if draft_id is None:
        return None
    rows = Step.objects.filter(pipeline__draft_id=draft_id, node=node).exclude(key=None)
    return rows.order_by("-run_id").values_list("key", flat=True).first()


def ran(key: StepKey | None, previous: dict[str, Any] | None, spec: ComponentSpec) -> Reason:
    """Say why a step runs: the first field in which its key differs from the one of its last run."""
    if key is None:
        return Reason(
            "not_cacheable",
            "Ran, because its result depends on chance or on the outside.",
            [],
        )
    if previous is None:
        return Reason("first_run", "Ran for the first time.", [])
    differences = [difference.to_json() for difference in key.difference(StepKey.from_json(previous))]
    if not differences:
        return Reason("first_run", "Ran, because its last run left no result.", [])
    first = next((d for d in differences if not d["field"].startswith("inputs.")), differences[0])
    return Reason(
        "upstream" if first["field"].startswith("inputs.") else "changed",
        _sentence(first, spec),
        differences,
    )


def _sentence(difference: dict[str, Any], spec: ComponentSpec) -> str:
    group, _, name = difference["field"].partition(".")
    if group == "inputs":
        titles = {port.name: port.title for port in spec.inputs}
        return f"Ran, because input {titles.get(name, name)} changed."
    if group == "parameters":
        titles = {parameter.name: parameter.title for parameter in spec.parameters}
        label = titles.get(name, name)
        return f"Ran, because {label} {_shown(difference['old'])} → {_shown(difference['new'])}."
    if group == "libraries":
        return f"Ran, because {name} {difference['old']} → {difference['new']}."
    words = {"code": "the component's code", "environment": "the environment", "component": "the component's version"}
    return f"Ran, because {words.get(group, group)} changed."


def _shown(value: Any) -> str:
    if value is None:
        return "none"
    text = value if isinstance(value, str) else str(value)
    return text if len(text) <= 40 else f"{text[:37]}..."
