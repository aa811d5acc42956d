"""The states of an activity as data; every list of states is computed from here."""

CHAIN = (
    "not_started",
    "queued",
    "starting",
    "provisioning",
    "preparing",
    "running",
    "finalizing",
    "completed",
)
"""Forward only; links may be left out."""

NOT_RESPONDING = "not_responding"
CANCELING = "canceling"

_WAITING = CHAIN[:2]
AT_WORK = frozenset({*CHAIN[2:-1], NOT_RESPONDING})
"""A worker has it (or had it, before its heartbeat was lost)."""


def _moves() -> dict[str, frozenset[str]]:
    """Return state → states it may become."""
    table: dict[str, set[str]] = {}
    for index, status in enumerate(CHAIN[:-1]):
        table[status] = {*CHAIN[index + 1 :], "failed", CANCELING}
    for status in _WAITING:
        table[status] |= {"skipped", "canceled"}
    for status in CHAIN[2:-1]:
        table[status].add(NOT_RESPONDING)
    # It beats again, gets its next attempt, or fails by policy.
    table[NOT_RESPONDING] = {"running", "queued", "failed", CANCELING}
    # A worker that is stopped gives a pure step back without counting the attempt.
    for status in ("starting", "provisioning", "preparing", "running"):
        table[status].add("queued")
    table[CANCELING] = {"canceled", "completed", "failed"}
    for status in ("completed", "failed", "canceled", "skipped"):
        table[status] = set()
    return {status: frozenset(targets) for status, targets in table.items()}


MOVES = _moves()
STATUSES = tuple(MOVES)
TERMINAL = frozenset(status for status, targets in MOVES.items() if not targets)
UNFINISHED = frozenset(STATUSES) - TERMINAL
WAITING = frozenset(_WAITING)


def sources(target: str) -> frozenset[str]:
    """Return the states from which ``target`` may be reached in one move."""
    return frozenset(status for status, targets in MOVES.items() if target in targets)
