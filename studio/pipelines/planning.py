"""What submitting would do, before it is done: the very decisions of a run, with nothing written."""

import hashlib
import json
import statistics
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from designer.catalog import default_catalog
from designer.graph import PipelineGraph
from designer.plan import StepGraph, compile_plan
from studio.core.activity.models import Activity
from studio.core.activity.statuses import TERMINAL
from studio.core.errors import Conflict
from studio.core.ids import new_id
from studio.experiments.models import Run
from studio.pipelines import orchestration
from studio.pipelines.beginning import names_dataset
from studio.pipelines.look import Frozen, Look
from studio.pipelines.models import Draft, PipelineRun, Step

HISTORY_STEPS = 400
MEDIAN_OF = 5
# What opens a run again: it ended, and something of it is left to do.
RESUMABLE = frozenset({"failed", "canceled"})


@dataclass(frozen=True)
class PlannedStep:
    """What submitting would do with one step.

    Parameters
    ----------
    node, component, title : str
        Which.
    decision : str
        ``"reuse"`` or ``"run"``.
    reused_from : Run or None
        Whose result would stand for it.
    reason : dict
        As kept on a step.
    expected_s : float or None
        Median of its latest durations, in seconds; None when it never ran.
    """

    node: str
    component: str
    title: str
    decision: str
    reused_from: Run | None
    reason: dict[str, Any]
    expected_s: float | None


@dataclass(frozen=True)
class Plan:
    """What submitting would do; ``digest`` names it, so that a submission can insist on it."""

    steps: list[PlannedStep]

    @property
    def reuse(self) -> int:
        return sum(1 for step in self.steps if step.decision == "reuse")

    @property
    def run(self) -> int:
        return len(self.steps) - self.reuse

    @property
    def expected_s(self) -> float | None:
        """Return how long the steps that run take together on the local workers, None when unknown."""
        known = [step.expected_s for step in self.steps if step.decision == "run"]
        times = [seconds for seconds in known if seconds is not None]
        if not times or len(times) < len(known):
            return 0.0 if not known else None
        return round(max(max(times), sum(times) / settings.STEP_CONCURRENCY), 3)

    @property
    def digest(self) -> str:
        told = [
            (
                step.node,
                step.component,
                step.decision,
                str(step.reused_from and step.reused_from.pk),
                step.reason["text"],
            )
            for step in self.steps
        ]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def plan_draft(draft: Draft, selection: Iterable[str] | None = None) -> Plan:
    """Say what submitting a draft, or some of its nodes, would do.

    Parameters
    ----------
    draft : Draft
        Valid or not: what cannot be compiled raises.
    selection : iterable of str or None
        Nodes to run; what they need comes along. None means all.

    Returns
    -------
    Plan
        Decisions in the order of the steps.

    Raises
    ------
    GraphInvalid
        When the drawing, or the part that was selected, is no graph that can run.
    """
    graph = PipelineGraph.parse(draft.graph)
    plan = compile_plan(graph, default_catalog(), selection)
    before = PipelineRun.objects.filter(draft=draft).order_by("-run_id").values_list("run_id", flat=True).first()
    return _plan(plan, Activity(workspace=draft.workspace), draft.pk, None, before)


def plan_resumption(run: Run) -> Plan:
    """Say what resuming a run would do (raises Conflict when there is nothing to resume)."""
    check_resumable(run)
    pipeline = PipelineRun.objects.get(run=run)
    plan = StepGraph.from_json(pipeline.plan)
    return _plan(plan, Activity(workspace=run.workspace), pipeline.draft_id, run.pk, run.pk)


def check_resumable(run: Run) -> None:
    """Refuse to resume what goes on, completed, or is no pipeline (raises Conflict)."""
    if run.kind != "pipeline":
        raise Conflict("Only a pipeline run can be resumed. Resume the run that this step belongs to.")
    status = run.activity.status
    if status not in RESUMABLE:
        ended = "is complete: there is nothing to resume" if status in TERMINAL else f"is {status}: stop it first"
        raise Conflict(f"{run.display_name} {ended}.")


def _plan(
    plan: StepGraph,
    parent: Activity,
    draft_id: uuid.UUID | None,
    resumes_id: uuid.UUID | None,
    before_id: uuid.UUID | None,
) -> Plan:
    runs = {step.id: new_id() for step in plan.steps}
    frozen = Frozen(plan, parent.workspace_id, draft_id, resumes_id, True, runs, before_id)
    look = Look(parent, frozen, dict.fromkeys(runs, "not_started"))
    orchestration.decide(look, len(runs) + 1)
    decided, refused, delayed = look.decided(), look.refusals, look.delays
    expected = _durations(parent.workspace_id, draft_id, plan)
    steps = []
    for step in plan.steps:
        found = decided.get(step.id)
        donor = found.reused_from if found else None
        reason: dict[str, Any]
        if found:
            reason = {**found.reason, "text": _before_it_happens(found.reason["text"])}
        elif step.id in refused:
            reason = {"kind": "upstream", "text": refused[step.id].detail, "differences": []}
        elif step.id in delayed:
            reason = {"kind": "first_run", "text": delayed[step.id], "differences": []}
        else:
            reason = {"kind": "upstream", "text": "Runs, because a step before it runs.", "differences": []}
        is_reused = donor is not None
        steps.append(
            PlannedStep(
                step.id,
                step.component,
                step.title,
                "reuse" if is_reused else "run",
                donor,
                reason,
                0.0 if is_reused or names_dataset(default_catalog().find(step.component)) else expected.get(step.id),
            )
        )
    return Plan(steps)


def _before_it_happens(text: str) -> str:
    return f"Runs{text[3:]}" if text.startswith("Ran") else text


def _durations(workspace_id: uuid.UUID, draft_id: uuid.UUID | None, plan: StepGraph) -> dict[str, float]:
    """Return node → median of its latest durations in this draft, else of its component in the workspace."""
    rows = (
        Step.objects.filter(
            run__workspace_id=workspace_id,
            run__activity__status="completed",
            reused_from=None,
            component__in={step.component for step in plan.steps},
        )
        .order_by("-run_id")
        .values_list(
            "pipeline__draft_id", "node", "component", "run__activity__started_at", "run__activity__finished_at"
        )
    )
    of_node: dict[str, list[float]] = {}
    of_component: dict[str, list[float]] = {}
    for draft, node, component, started, finished in rows[:HISTORY_STEPS]:
        seconds = (finished - started).total_seconds()
        of_component.setdefault(component, []).append(seconds)
        if draft is not None and draft == draft_id:
            of_node.setdefault(node, []).append(seconds)
    found = {}
    for step in plan.steps:
        times = of_node.get(step.id) or of_component.get(step.component)
        if times:
            found[step.id] = round(statistics.median(times[:MEDIAN_OF]), 3)
    return found
