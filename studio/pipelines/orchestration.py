"""What happens next with a pipeline run: a look at its steps, and the moves that follow.

Any process may call :func:`advance`, twice or at once: each move is a
compare-and-set, and all of one look happen in one transaction.
"""

import logging
import uuid
from functools import lru_cache

from designer.moves import Policy, next_moves
from designer.plan import StepGraph
from studio.core import errors
from studio.core.activity import lifecycle
from studio.core.activity import services as activity
from studio.core.activity.models import Activity
from studio.core.activity.statuses import CANCELING, TERMINAL
from studio.core.units import unit
from studio.pipelines.beginning import begin, move_step
from studio.pipelines.models import PipelineRun, Step

logger = logging.getLogger(__name__)
# A transaction stays short, so that others may write between two of them.
BEGIN_AT_ONCE = 100


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
def plan_of(run_id: uuid.UUID) -> StepGraph:
    """Return a run's frozen plan; it never changes, so it is parsed once a process."""
    return StepGraph.from_json(PipelineRun.objects.values_list("plan", flat=True).get(pk=run_id))


def _advance_once(run_id: uuid.UUID) -> bool:
    """Make one transaction's moves; True when another look may find more."""
    with unit():
        pipeline = (
            PipelineRun.objects.select_for_update(of=("self",))
            .select_related("run__activity__actor", "run__workspace", "run__experiment")
            .get(pk=run_id)
        )
        parent = pipeline.run.activity
        if parent.status in TERMINAL:
            return False
        if parent.status == CANCELING:
            _cancel(parent, _steps(pipeline))
            return False
        rows = Step.objects.filter(pipeline=pipeline)
        statuses = dict(rows.values_list("node", "run__activity__status"))
        if parent.status in ("not_started", "queued"):
            lifecycle.move(parent.pk, "running", progress=0.0)
        return _follow(pipeline, statuses)


def _follow(pipeline: PipelineRun, statuses: dict[str, str]) -> bool:
    """Move what may be moved; reused, resolved and refused steps end at once, so look again."""
    plan, policy = plan_of(pipeline.pk), Policy(pipeline.continue_on_step_failure)
    begun = 0
    while True:
        moves = next_moves(plan, statuses, policy)
        steps = _steps(pipeline, [*moves.skip, *moves.start]) if moves.skip or moves.start else {}
        for node in moves.skip:
            move_step(steps[node], "skipped")
            statuses[node] = "skipped"
        ended = False
        for node in moves.start:
            statuses[node] = begin(pipeline, steps[node], plan.step(node))
            ended |= statuses[node] in TERMINAL
            begun += 1
        if moves.finish:
            _finish(pipeline, moves.finish)
            return False
        if not ended or begun >= BEGIN_AT_ONCE:
            _show_progress(pipeline.run.activity, statuses)
            return ended


def _steps(pipeline: PipelineRun, nodes: list[str] | None = None) -> dict[str, Step]:
    rows = Step.objects.select_related("run__activity", "run__workspace").filter(pipeline=pipeline)
    return {step.node: step for step in (rows if nodes is None else rows.filter(node__in=nodes))}


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
        if to is not None and move_step(step, to) and to == "canceled":
            continue
        working = True
    if not working:
        lifecycle.move(parent.pk, "canceled")


def _finish(pipeline: PipelineRun, to: str) -> None:
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
