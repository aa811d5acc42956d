"""Many at once: listeners, submitters, and a broker that dies under them. AC-2, AC-3."""

import pytest

from tests.crowd import Browser, Crowd, last_event, submit_at_once
from tests.drawings import graph
from tests.stack import wait_for

pytestmark = [pytest.mark.stack, pytest.mark.xdist_group("kills")]


def drawing(number: int) -> dict:
    return graph(
        ("d", "enter_data_manually@1", {"data": f"a\n{number}\n2\n", "has_header": True}),
        ("s", "split_data@1", {}),
        edges=(("d.dataset", "s.dataset"),),
    )


def test_of_ten_who_submit_at_once_each_gets_a_number_and_thirty_hear_all_of_it(private_stack):
    space = private_stack.new_workspace()
    drafts = [space.draft(drawing(number), f"Drawing {number}") for number in range(10)]
    with Crowd(Browser(private_stack, "owner"), space, 30) as crowd:
        answers = submit_at_once(space, drafts)
        assert {answer.status for answer in answers} == {202}, [answer.body for answer in answers]
        assert sorted(answer.body["number"] for answer in answers) == list(range(1, 11))
        for answer in answers:
            assert space.finished(answer.body, 120)["status"] == "completed"
        until = last_event(space)
        wait_for(lambda: crowd.complete(until), lambda complete: complete == 30, 30)
        assert crowd.refused == []


def test_a_broker_that_dies_under_five_runs_loses_none(private_stack):
    space = private_stack.new_workspace()
    query = "SELECT count(*) + {0} AS n, sum(hash(a.range) % 7) AS h FROM range(60000000) a"
    drawings = [
        graph(
            ("d", "enter_data_manually@1", {"data": f"a\n{number}\n", "has_header": True}),
            ("slow", "apply_sql_transformation@1", {"query": query.format(number)}),
            ("after", "split_data@1", {}),
            edges=(("d.dataset", "slow.t1"), ("slow.dataset", "after.dataset")),
        )
        for number in range(5)
    ]
    runs = [space.submit(space.draft(drawn, f"Drawing {number}")) for number, drawn in enumerate(drawings)]
    for _ in range(2):
        wait_for(lambda: private_stack.processes("valkey-server"), bool, 30)[0].kill()
    for run in runs:
        assert space.finished(run, 120)["status"] == "completed"
        assert {step["status"] for step in space.steps(run).values()} == {"completed"}
        assert space.steps(run)["slow"]["attempt"] == 1, "a broker is a doorbell: no step is done twice for it"
