"""From graph to steps, and what to do next: tables of cases, and properties over random graphs."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from designer.catalog import default_catalog
from designer.errors import GraphInvalid
from designer.moves import TERMINAL, Moves, Policy, next_moves
from designer.plan import SourceRef, StepGraph, compile_plan

from .graphs import draw, graphs

FORK = draw(
    {"e": "enter_data_manually", "s": "split_data", "l": "apply_sql_transformation", "r": "apply_sql_transformation"},
    "e.dataset>s.dataset s.first>l.t1 s.second>r.t1",
)


def test_compile_resolves_and_orders(catalog):
    """Steps carry every parameter, and where their inputs come from."""
    plan = compile_plan(FORK, catalog)
    assert [step.id for step in plan.steps] == ["e", "s", "l", "r"]
    assert plan.step("l").inputs == {"t1": (SourceRef("s", "first"),)}
    assert plan.step("s").parameters["fraction"] == 0.5 and plan.step("s").title == "Split Data"
    assert StepGraph.from_json(json.loads(json.dumps(plan.to_json()))) == plan


def test_selection_brings_what_it_needs(catalog):
    """Run-selected runs the selection and its sources, nothing else."""
    assert [step.id for step in compile_plan(FORK, catalog, ["l"]).steps] == ["e", "s", "l"]
    with pytest.raises(GraphInvalid):
        compile_plan(FORK, catalog, ["nowhere"])


def test_selection_ignores_faults_elsewhere(catalog):
    """A branch that is still being drawn does not keep another from running."""
    graph = draw({"e": "enter_data_manually", "x": "teleport@1", "s": "split_data"}, "e.dataset>s.dataset")
    assert [step.id for step in compile_plan(graph, catalog, ["s"]).steps] == ["e", "s"]
    with pytest.raises(GraphInvalid):
        compile_plan(graph, catalog)


@pytest.mark.parametrize(
    ("statuses", "go_on", "expected"),
    [
        ({}, False, Moves(("e",))),
        ({"e": "queued"}, False, Moves()),
        ({"e": "running"}, False, Moves()),
        ({"e": "not_responding"}, False, Moves()),
        ({"e": "completed"}, False, Moves(("s",))),
        ({"e": "completed", "s": "completed"}, False, Moves(("l", "r"))),
        ({"e": "completed", "s": "completed", "l": "running"}, False, Moves(("r",))),
        ({"e": "completed", "s": "completed", "l": "failed"}, False, Moves((), ("r",), "failed")),
        ({"e": "completed", "s": "completed", "l": "failed"}, True, Moves(("r",))),
        ({"e": "completed", "s": "completed", "l": "failed", "r": "running"}, False, Moves()),
        ({"e": "failed"}, True, Moves((), ("s", "l", "r"), "failed")),
        ({"e": "canceling"}, False, Moves((), ("s", "l", "r"))),
        ({"e": "canceled"}, False, Moves((), ("s", "l", "r"), "canceled")),
        ({"e": "completed", "s": "canceled", "l": "skipped", "r": "skipped"}, True, Moves((), (), "canceled")),
        (dict.fromkeys("eslr", "completed"), False, Moves((), (), "completed")),
    ],
)
def test_pl4_next_moves(statuses, go_on, expected, catalog):
    """PL-4 and its like: what follows from each state of a fork."""
    assert next_moves(compile_plan(FORK, catalog), statuses, Policy(go_on)) == expected


@settings(derandomize=True, max_examples=1500, deadline=None)
@given(graphs(), st.booleans(), st.randoms(use_true_random=False))
def test_never_starts_twice_and_always_ends(graph, go_on, random):
    """Whatever finishes in whatever order, asked as often as you like: each step starts at most once, and it ends."""
    plan = compile_plan(graph, default_catalog())
    statuses: dict[str, str] = {}
    started: list[str] = []
    for _ in range(4 * len(plan.steps) + 4):
        moves = next_moves(plan, statuses, Policy(go_on))
        assert next_moves(plan, dict(statuses), Policy(go_on)) == moves
        for step in moves.start:
            assert all(statuses[source] == "completed" for source in plan.step(step).depends_on)
            statuses[step] = "running"
        started += moves.start
        statuses |= dict.fromkeys(moves.skip, "skipped")
        assert len(started) == len(set(started)) and not set(started) & set(moves.skip)
        if moves.finish:
            break
        working = [step for step, status in statuses.items() if status == "running"]
        assert working, "nothing is running and the run does not end"
        statuses[random.choice(working)] = random.choices(["completed", "failed", "canceled"], [8, 1, 1])[0]
    assert moves.finish and set(statuses.values()) <= TERMINAL and len(statuses) == len(plan.steps)
    assert (moves.finish == "completed") == (set(statuses.values()) == {"completed"})
    assert next_moves(plan, statuses, Policy(go_on)) == Moves((), (), moves.finish)
