"""What to do next with a run: a pure function of its plan and the statuses of its steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from designer.plan import StepGraph

NOT_STARTED = "not_started"
COMPLETED = "completed"
TERMINAL = frozenset({"completed", "failed", "canceled", "skipped"})
BROKEN = frozenset({"failed", "canceled", "canceling", "skipped"})


@dataclass(frozen=True)
class Policy:
    """What a failure means for the rest.

    Parameters
    ----------
    continue_on_step_failure : bool
        Branches that do not hang on the failed step go on.
    """

    continue_on_step_failure: bool = False


@dataclass(frozen=True)
class Moves:
    """What to do: steps to start, steps to skip, and how the run ends, if it does.

    ``finish`` is ``completed``, ``failed``, ``canceled`` or None; it holds once ``skip`` has been done.
    """

    start: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    finish: str | None = None


def next_moves(plan: StepGraph, statuses: Mapping[str, str], policy: Policy | None = None) -> Moves:
    """Say what to do next.

    Parameters
    ----------
    plan : StepGraph
        Steps in topological order.
    statuses : mapping
        Step id to status; a step without one is ``not_started``.
    policy : Policy, optional
        What a failure means for the rest.

    Returns
    -------
    Moves
        Applying them twice, or asking twice, does no harm: only steps that are ``not_started`` are named.
    """
    policy = policy or Policy()
    now = {step.id: statuses.get(step.id, NOT_STARTED) for step in plan.steps}
    stopped = not policy.continue_on_step_failure and any(
        status in ("failed", "canceled", "canceling") for status in now.values()
    )
    start, skip = [], []
    for step in plan.steps:
        if now[step.id] != NOT_STARTED:
            continue
        sources = [now.get(source, NOT_STARTED) for source in step.depends_on]
        if stopped or any(status in BROKEN for status in sources):
            skip.append(step.id)
            now[step.id] = "skipped"
        elif all(status == COMPLETED for status in sources):
            start.append(step.id)
    return Moves(tuple(start), tuple(skip), _finish(set(now.values())))


def _finish(statuses: set[str]) -> str | None:
    if not statuses <= TERMINAL:
        return None
    if "failed" in statuses:
        return "failed"
    # A skipped step without a failed one can only come from a cancellation.
    return "canceled" if statuses & {"canceled", "skipped"} else COMPLETED
