"""One look at a pipeline run: what is read, and the moves that follow, each kind in one go.

A step costs a dozen statements when it is written alone; a hundred reused steps
written together cost little more than one.
"""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from designer.plan import Step as PlanStep
from designer.plan import StepGraph
from studio.core import errors
from studio.core.activity import lifecycle
from studio.core.activity import services as activity
from studio.core.activity.models import Activity
from studio.core.queue import enqueue
from studio.datasets.models import DatasetVersion
from studio.experiments import following
from studio.experiments import services as experiments
from studio.experiments.models import Run, RunOutput
from studio.pipelines import reuse
from studio.pipelines.models import PipelineRun, Step

Claim = Callable[..., Activity | None]
FETCH_AFTER = 3
WARM = "pipelines.run_step"


@dataclass(frozen=True)
class Frozen:
    """What never changes about a submitted run; read once a process.

    Parameters
    ----------
    plan : StepGraph
        Its steps.
    workspace_id : UUID
        Where.
    draft_id : UUID or None
        What was submitted.
    resumes_id : UUID or None
        The run whose completed steps are kept.
    goes_on : bool
        Branches that do not hang on a failed step go on.
    runs : dict
        Node → the run of its step.
    before_id : UUID or None
        The draft's run before this one.
    """

    plan: StepGraph
    workspace_id: uuid.UUID
    draft_id: uuid.UUID | None
    resumes_id: uuid.UUID | None
    goes_on: bool
    runs: dict[str, uuid.UUID]
    before_id: uuid.UUID | None

    @cached_property
    def keys_before(self) -> dict[str, tuple[str, dict[str, Any] | None]]:
        """Return node → key digest and key of the draft's run before this one."""
        rows = Step.objects.filter(pipeline_id=self.before_id).order_by().values_list("node", "key_digest", "key")
        return {node: (digest, key) for node, digest, key in rows} if self.before_id else {}


@lru_cache(maxsize=64)
def frozen(run_id: uuid.UUID) -> Frozen:
    """Return what never changes about a submitted run."""
    row = PipelineRun.objects.select_related("run").defer("graph", "view", "schemas").get(pk=run_id)
    runs = Step.objects.filter(pipeline=row).order_by().values_list("node", "run_id")
    before = PipelineRun.objects.filter(draft_id=row.draft_id, run_id__lt=run_id).exclude(draft=None)
    return Frozen(
        StepGraph.from_json(row.plan),
        row.run.workspace_id,
        row.draft_id,
        row.resumes_id,
        row.continue_on_step_failure,
        dict(runs),
        before.order_by("-run_id").values_list("run_id", flat=True).first(),
    )


@dataclass(frozen=True)
class Taken:
    """A step that the looking process has claimed for itself."""

    activity: Activity
    step: Step
    inputs: dict[str, list[RunOutput]]


@dataclass
class Look:
    """What one transaction knows of a run and decides about its steps.

    Parameters
    ----------
    parent : Activity
        The run's, locked.
    run : Frozen
        What never changes about it.
    statuses : dict
        Node → state; brought up to date as decisions are made.
    outputs : dict
        (node, port) → output, as far as it is known.
    """

    parent: Activity
    run: Frozen
    statuses: dict[str, str]
    outputs: dict[tuple[str, str], RunOutput] = field(default_factory=dict)
    _donors: dict[str, Run | None] = field(default_factory=dict)
    _looked_up: int = 0
    _kept: list[tuple[Step, Run, list[RunOutput], DatasetVersion | None]] = field(default_factory=list)
    _read: list[tuple[Step, RunOutput, DatasetVersion]] = field(default_factory=list)
    _queued: list[Step] = field(default_factory=list)
    _failed: list[tuple[Step, errors.StudioError]] = field(default_factory=list)
    _skipped: list[uuid.UUID] = field(default_factory=list)
    _waiting: list[tuple[Step, str]] = field(default_factory=list)

    # -- reading ------------------------------------------------------------

    def fetch_outputs(self, nodes: Iterable[str]) -> None:
        """Fetch what arrives at some nodes, as far as it is not known."""
        refs = {ref for node in nodes for refs in self.run.plan.step(node).inputs.values() for ref in refs}
        wanted = {ref.step for ref in refs if (ref.step, ref.port) not in self.outputs}
        if wanted:
            nodes_of = {self.run.runs[node]: node for node in wanted}
            for output in RunOutput.objects.filter(run__in=nodes_of):
                self.outputs[nodes_of[output.run_id], output.port] = output

    def step(self, node: str) -> Step:
        """Return a step as a row that can be written; what deciding needs of it is in the plan."""
        return Step(pipeline_id=self.parent.pk, node=node, run_id=self.run.runs[node])

    def inputs(self, plan: PlanStep) -> dict[str, list[RunOutput]]:
        """Return port → the outputs that feed it, in order (raises InputsMissing)."""
        try:
            return {port: [self.outputs[ref.step, ref.port] for ref in refs] for port, refs in plan.inputs.items()}
        except KeyError as error:
            raise errors.InputsMissing(f"{plan.title} misses the output {error}.") from error

    @cached_property
    def resumed(self) -> dict[str, Run]:
        """Return node → the completed step of the run that is resumed."""
        if self.run.resumes_id is None:
            return {}
        return reuse.completed_steps(self.run.resumes_id)

    def donor(self, digest: str) -> Run | None:
        """Return the run whose outputs stand for a key."""
        if digest not in self._donors:
            asked = [digest]
            self._looked_up += 1
            if self._looked_up == FETCH_AFTER:
                # A row of reused steps is likely: fetch what the run before left in one go.
                asked += [known for known, _ in self.run.keys_before.values() if known]
            self._donors |= dict.fromkeys(asked) | reuse.donors(self.run.workspace_id, asked)
        return self._donors[digest]

    def previous_key(self, node: str) -> dict[str, Any] | None:
        """Return the key under which a node ran the last time."""
        _, key = self.run.keys_before.get(node, ("", None))
        return key or (reuse.last_key(self.run.draft_id, node) if self.run.before_id else None)

    # -- deciding -----------------------------------------------------------

    def keep(self, step: Step, donor: Run, reason: reuse.Reason, version: DatasetVersion | None = None) -> str:
        """Complete a step with what another run left."""
        # A reused result's own donor is the one that computed it: the trail has one hop.
        source = donor.step.reused_from or donor
        outputs = experiments.copied_outputs(donor.outputs.all(), step.run_id)
        step.reused_from, step.reason = source, reason.to_json()
        self._kept.append((step, source, outputs, version))
        return self._ended(step, outputs)

    def read_source(self, step: Step, output: RunOutput, version: DatasetVersion) -> str:
        """Complete a source step with a table that is ready."""
        self._read.append((step, output, version))
        return self._ended(step, [output])

    def _ended(self, step: Step, outputs: list[RunOutput]) -> str:
        self.outputs |= {(step.node, output.port): output for output in outputs}
        return "completed"

    def queue(self, step: Step) -> str:
        """Let a worker have a step."""
        self._queued.append(step)
        return "queued"

    def fail(self, step: Step, problem: errors.StudioError) -> str:
        self._failed.append((step, problem))
        return "failed"

    def wait(self, step: Step, reason: str) -> str:
        """Leave a step as it is, saying why; the tick looks again."""
        self._waiting.append((step, reason))
        return "not_started"

    def skip(self, nodes: tuple[str, ...]) -> None:
        self._skipped += [self.run.runs[node] for node in nodes]
        self.statuses |= dict.fromkeys(nodes, "skipped")

    def decided(self) -> dict[str, Step]:
        """Return node → step, with key, reason and donor, of all that would begin now."""
        steps = [step for step, *_ in self._kept] + [step for step, *_ in self._read] + self._queued
        return {step.node: step for step in steps}

    @property
    def refusals(self) -> dict[str, errors.StudioError]:
        """Return node → why it would fail at once."""
        return {step.node: problem for step, problem in self._failed}

    @property
    def delays(self) -> dict[str, str]:
        """Return node → why it would wait."""
        return {step.node: reason for step, reason in self._waiting}

    # -- writing ------------------------------------------------------------

    def write(self, take: Claim | None) -> Taken | None:
        """Make all moves; with ``take``, one step that follows is claimed for this process."""
        self._write_ended()
        if self._skipped:
            lifecycle.move_many(self._skipped, "skipped")
        for step, problem in self._failed:
            lifecycle.move_many([step.run_id], "failed", failure=problem.to_problem())
        for step, reason in self._waiting:
            activity.tell_why_it_waits(step.run_id, reason)
        return self._write_queued(take) if self._queued else None

    def _write_ended(self) -> None:
        ended = [(step, outputs) for step, _, outputs, _ in self._kept]
        ended += [(step, [output]) for step, output, _ in self._read]
        if not ended:
            return
        moved = lifecycle.move_many(
            [step.run_id for step, _ in ended],
            "completed",
            progress=1.0,
            details={step.run_id: completion_details(outputs, step.reused_from) for step, outputs in ended},
        )
        for step, _ in ended:
            if step.run_id in moved:
                Step.objects.filter(pk=step.run_id).update(
                    key=step.key, key_digest=step.key_digest, reason=step.reason, reused_from=step.reused_from
                )
        experiments.store_outputs([output for step, outputs in ended if step.run_id in moved for output in outputs])
        reuse.remember(
            self.run.workspace_id,
            {step.key_digest: step.run_id for step, _, _ in self._read if step.run_id in moved and step.key_digest},
        )
        experiments.copy_metrics({step.run_id: source.pk for step, source, *_ in self._kept if step.run_id in moved})
        versions = [(step, version) for step, _, _, version in self._kept if version is not None]
        for step, version in versions + [(step, version) for step, _, version in self._read]:
            if step.run_id in moved:
                activity.link(
                    workspace=self.parent.workspace,
                    source=("dataset_version", version.pk, f"{version.dataset.name} v{version.version}"),
                    role="input",
                    target=("run", self.parent.pk, self.parent.title),
                )

    def _write_queued(self, take: Claim | None) -> Taken | None:
        taken = None
        if take is not None:
            plan = self.run.plan
            mine = next((step for step in self._queued if task_of(plan.step(step.node)) == WARM), None)
            claimed = mine and take(mine.run_id, to="running", origin="not_started", log_path=following.log_path)
            if mine and claimed:
                taken = Taken(claimed, mine, self.inputs(plan.step(mine.node)))
        for step in self._queued:
            Step.objects.filter(pk=step.run_id).update(key=step.key, key_digest=step.key_digest, reason=step.reason)
        rest = [step for step in self._queued if taken is None or step is not taken.step]
        moved = lifecycle.move_many([step.run_id for step in rest], "queued") if rest else set()
        for step in rest:
            if step.run_id in moved:
                enqueue(task_of(self.run.plan.step(step.node)), step.run_id)
        return taken


def task_of(step: PlanStep) -> str:
    """Return the task that works on a step: in a warm process, or as a program of its own."""
    return "pipelines.run_user_step" if step.effect == "user_code" else WARM


def completion_details(outputs: list[RunOutput], reused_from: Run | None) -> dict[str, Any]:
    """Return what the event of an ended step says of its outputs, so that a canvas needs no fetch."""
    return {
        "outputs": [
            {"port": output.port, "type": output.type, "rows": output.rows, "columns": output.columns}
            for output in outputs
        ],
        "reused_from": reused_from
        and {"id": str(reused_from.pk), "run": str(reused_from.parent_id), "number": reused_from.number},
    }


def locked(run_id: uuid.UUID) -> Activity:
    """Return a run's activity for one look; other looks wait until this one is written."""
    return Activity.objects.select_for_update().get(pk=run_id)
