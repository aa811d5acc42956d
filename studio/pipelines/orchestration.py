"""What happens next with a pipeline run: a look at its steps, and the moves that follow.

Any process may call :func:`advance`, twice or at once: each move is a
compare-and-set, and all of one look happen in one transaction.
"""

import logging
import uuid
from collections.abc import Callable

from designer.moves import Policy, next_moves
from studio.core import errors
from studio.core.activity import lifecycle
from studio.core.activity import services as activity
from studio.core.activity.models import Activity
from studio.core.activity.statuses import CANCELING, TERMINAL
from studio.core.units import unit
from studio.experiments.models import RunOutput
from studio.pipelines.beginning import begin
from studio.pipelines.look import Claim, Look, Taken, frozen, locked
from studio.pipelines.models import PipelineRun, Step

logger = logging.getLogger(__name__)
# (node, port) → output.
Known = dict[tuple[str, str], RunOutput]
# A transaction stays short, so that others may write between two of them.
BEGIN_AT_ONCE = 200


def advance(run_id: uuid.UUID) -> None:
    """Look at a pipeline run and do what follows, until nothing follows at once."""
    while look(run_id)[0]:
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


def look(
    run_id: uuid.UUID,
    *,
    first: Callable[[Known], None] | None = None,
    take: Claim | None = None,
    at_most: int = BEGIN_AT_ONCE,
) -> tuple[bool, Taken | None]:
    """Make the moves of one look, in one transaction.

    Parameters
    ----------
    run_id : UUID
        A pipeline run.
    first : callable or None
        A change that leads to the look, such as the end of a step. It is made
        in the same transaction, may add the outputs it made, and is kept even
        when the look itself fails: the tick looks again.
    take : callable or None
        ``working.claim``: one step that follows is claimed for this process
        instead of being announced.
    at_most : int
        Steps to begin in this look, ≥ 1.

    Returns
    -------
    tuple of bool and Taken or None
        Whether another look may find more, and the step that was claimed.
    """
    with unit():
        parent = locked(run_id)
        made: Known = {}
        if first is not None:
            first(made)
        try:
            with unit():
                return _look(parent, made, take, at_most)
        except Exception:
            if first is None:
                raise
            logger.exception("Run %s could not advance; the next tick looks again", run_id)
            return False, None


def _look(parent: Activity, made: Known, take: Claim | None, at_most: int) -> tuple[bool, Taken | None]:
    if parent.status in TERMINAL:
        return False, None
    # By node rather than by id: making two thousand ids of their texts takes longer than the join.
    rows = Step.objects.filter(pipeline=parent.pk).order_by().values_list("node", "run__activity__status")
    statuses = dict(rows)
    run = frozen(parent.pk)
    if parent.status == CANCELING:
        _cancel(parent, {run.runs[node]: status for node, status in statuses.items()})
        return False, None
    if parent.status in ("not_started", "queued"):
        lifecycle.move(parent.pk, "running", known=parent, progress=0.0)
    return _follow(Look(parent, run, statuses, made), take, at_most)


def _follow(look: Look, take: Claim | None, at_most: int) -> tuple[bool, Taken | None]:
    more, finish = decide(look, at_most)
    taken = look.write(take)
    if finish:
        _finish(look.parent, finish)
        return False, None
    _show_progress(look.parent, look.statuses)
    return more, taken


def decide(look: Look, at_most: int) -> tuple[bool, str | None]:
    """Decide until nothing follows at once; nothing is written.

    Parameters
    ----------
    look : Look
        What is known; its decisions are gathered in it.
    at_most : int
        Steps to begin, ≥ 1.

    Returns
    -------
    tuple of bool and str or None
        Whether more may follow (reused, resolved and refused steps end in
        this very look), and how the run ends, if it does.
    """
    policy, begun = Policy(look.run.goes_on), 0
    while True:
        moves = next_moves(look.run.plan, look.statuses, policy)
        look.skip(moves.skip)
        starting = moves.start[: at_most - begun]
        look.fetch_outputs(starting)
        began = {node: begin(look, node) for node in starting}
        look.statuses |= began
        begun += len(starting)
        ended = any(status in TERMINAL for status in began.values())
        more = ended or len(moves.start) > len(starting)
        if moves.finish or not more or begun >= at_most:
            return more, moves.finish


def _show_progress(parent: Activity, statuses: dict[str, str]) -> None:
    done = sum(1 for status in statuses.values() if status in TERMINAL)
    progress = round(done / max(1, len(statuses)), 4)
    activity.show_progress(parent, progress, f"{done} of {len(statuses)} steps")


def _cancel(parent: Activity, states: dict[uuid.UUID, str]) -> None:
    """End what waits; the run is canceled when nothing works any more."""
    working = False
    for run_id, status in states.items():
        to = lifecycle.cancel_state(status)
        if to is not None and _move(run_id, to) and to == "canceled":
            continue
        working |= status not in TERMINAL
    if not working:
        lifecycle.move(parent.pk, "canceled", known=parent)


def _move(run_id: uuid.UUID, to: str) -> bool:
    """Move a step; False when somebody else moved it first."""
    try:
        return lifecycle.move(run_id, to) is lifecycle.Move.DONE
    except errors.IllegalMove as error:
        logger.info("Somebody else moved it first: %s", error)
        return False


def _finish(parent: Activity, to: str) -> None:
    failure = None
    if to == "failed":
        failed = list(
            Step.objects.select_related("run__activity").filter(pipeline=parent.pk, run__activity__status="failed")
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
    lifecycle.move(parent.pk, to, known=parent, progress=1.0, failure=failure)
