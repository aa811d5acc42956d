"""Many people on one workspace: 200 listeners while 20 submit in the same moment."""

import time

import psutil

from benchmarks.engine import chain
from benchmarks.measure import Measurement
from tests.crowd import Browser, Crowd, last_event, submit_at_once
from tests.stack import Stack, wait_for

LISTENERS, PEOPLE = 200, 20


def crowd(stack: Stack) -> list[Measurement]:
    """Measure whether all are heard, all hear all, and what it costs the web process."""
    space = stack.new_workspace()
    drafts = [space.draft(chain(3, 1000 + number), f"person {number}") for number in range(PEOPLE)]
    web = stack.processes("uvicorn")
    before = _megabytes(web)
    with Crowd(Browser(stack, "owner"), space, LISTENERS) as listeners:
        with_sockets = _megabytes(web)
        started = time.monotonic()
        answers = submit_at_once(space, drafts)
        took = time.monotonic() - started
        accepted = [answer.body for answer in answers if answer.status == 202]
        named = [answer for answer in answers if answer.status in (409, 429, 503) and answer.body["detail"]]
        assert len(accepted) + len(named) == PEOPLE, [(answer.status, answer.body) for answer in answers]
        assert len({run["number"] for run in accepted}) == len(accepted), "numbers are unique"
        for run in accepted:
            assert space.finished(run, 300)["status"] == "completed"
        until = last_event(space)
        complete = wait_for(lambda: listeners.complete(until), lambda found: found == LISTENERS, 60)
        grown = max(with_sockets, _megabytes(web)) - before
        assert listeners.refused == [], listeners.refused[:3]
    people = f"{PEOPLE} people submit at once"
    everybody = f"{LISTENERS} sockets, heard every event"
    return [
        Measurement(f"{people}, accepted", len(accepted), "", None, None, f"= {PEOPLE}", len(accepted) == PEOPLE),
        Measurement(f"{people}, until the last answer", took, "s", None, None, "≤ 5 s", took <= 5),
        Measurement(everybody, complete, "", None, None, f"= {LISTENERS}", complete == LISTENERS),
        Measurement(f"{LISTENERS} sockets, web process grows", grown, "MB", None, None, "≤ 100 MB", grown <= 100),
    ]


def _megabytes(processes: list[psutil.Process]) -> float:
    return sum(process.memory_full_info().uss for process in processes) / 1024**2
