"""Keys of steps: whose result may stand for another's, and why a step ran."""

import hashlib
import uuid
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings

from designer.component import ComponentSpec
from designer.plan import Step as PlanStep
from designer.step_key import StepKey, step_key
from studio.core import blobs
from studio.core.workspaces.models import Workspace
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
            {"table": (version.table_digest,)},
        )
    environment = environment_digest() if step.effect == "user_code" else ""
    return step_key(spec, step.parameters, inputs, environment)


def donor(workspace: Workspace, key: StepKey | None) -> Run | None:
    """Return the run whose outputs stand for a key, when they are all still there."""
    if key is None:
        return None
    found = (
        StepResult.objects.select_related("run__activity", "run__parent")
        .filter(workspace=workspace, key_digest=key.digest)
        .first()
    )
    if found is None or found.run.activity.status != "completed":
        return None
    outputs = list(found.run.outputs.all())
    if not outputs or not all(blobs.exists(output.blob_id) for output in outputs):
        return None
    return found.run


def remember(workspace: Workspace, key_digest: str, run: Run) -> None:
    """Let a run's outputs stand for its key from now on."""
    StepResult.objects.update_or_create(workspace=workspace, key_digest=key_digest, defaults={"run": run})


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


def ran(key: StepKey | None, draft_id: uuid.UUID | None, node: str, spec: ComponentSpec) -> Reason:
    """Say why a step runs: the first field that differs from its last run."""
    if key is None:
        return Reason(
            "not_cacheable",
            "Ran, because its result depends on chance or on the outside.",
            [],
        )
    previous = None
    if draft_id is not None:
        previous = (
            Step.objects.filter(pipeline__draft_id=draft_id, node=node).exclude(key=None).order_by("-run_id").first()
        )
    if previous is None:
        return Reason("first_run", "Ran for the first time.", [])
    differences = [difference.to_json() for difference in key.difference(StepKey.from_json(previous.key))]
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
