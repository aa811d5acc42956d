"""`kill -9` of every kind of process, in mid-step. AC-3, RU-2."""

import os
import signal
import time

import psutil
import pytest

from tests.drawings import graph
from tests.stack import Space, Stack, start_stack, wait_for

pytestmark = [pytest.mark.stack, pytest.mark.xdist_group("kills")]

# Lease 2 s, sweep 0.5 s: what is lost is found well within the 30 s that the issue allows.
LIMIT_S = 30


@pytest.fixture(scope="module")
def maimed() -> Stack:
    """A studio of this module's own; each test leaves it whole again (the supervisor does)."""
    running = start_stack()
    yield running
    running.stop()


@pytest.fixture
def space(maimed) -> Space:
    return maimed.new_workspace()


def slow(seconds: float) -> dict:
    """A pure step that takes its time: SQL that counts."""
    rows = int(seconds * 60_000_000)
    query = f"SELECT count(*) AS n, sum(hash(a.range) % 7) AS h FROM range({rows}) a"
    return graph(
        ("d", "enter_data_manually@1", {"data": "a\n1\n", "has_header": True}),
        ("slow", "apply_sql_transformation@1", {"query": query}),
        ("after", "split_data@1", {}),
        edges=(("d.dataset", "slow.t1"), ("slow.dataset", "after.dataset")),
    )


def running_step(space: Space, run: dict, node: str = "slow") -> dict:
    return wait_for(lambda: space.steps(run)[node], lambda step: step["status"] == "running", 30)


def assert_ended_right(space: Space, run: dict, started: float) -> dict:
    """Completed with the right outputs, each step recorded once."""
    run = space.finished(run, seconds=LIMIT_S + 60)
    assert run["status"] == "completed", run["failure"]
    steps = space.get(f"runs/{run['id']}/steps")
    assert sorted(step["node"] for step in steps) == ["after", "d", "slow"]
    assert all(step["status"] == "completed" for step in steps)
    assert {output["port"] for output in space.steps(run)["after"]["outputs"]} == {"first", "second"}
    return run


def holder(space: Space, run: dict) -> int:
    """The pool process that does the slow step: the busiest one."""
    children = [child for worker in space.stack.processes("-Q steps")[:1] for child in worker.children()]
    for child in children:
        child.cpu_percent()
    time.sleep(0.3)
    return max(children, key=lambda child: child.cpu_percent()).pid


def test_kill_of_a_pool_child(space):
    run = space.submit(space.draft(slow(6)))
    running_step(space, run)
    started = time.monotonic()
    os.kill(holder(space, run), signal.SIGKILL)
    run = assert_ended_right(space, run, started)
    assert space.steps(run)["slow"]["attempt"] == 2


def test_kill_of_a_whole_worker(space):
    run = space.submit(space.draft(slow(6)))
    running_step(space, run)
    started = time.monotonic()
    space.stack.processes("-Q steps")[0].kill()
    assert_ended_right(space, run, started)


def test_kill_of_the_broker(space):
    run = space.submit(space.draft(slow(4)))
    running_step(space, run)
    started = time.monotonic()
    space.stack.processes("valkey-server")[0].kill()
    assert_ended_right(space, run, started)
    # what is submitted while the broker is away is not lost either
    space.stack.processes("valkey-server")[0].kill()
    second = space.submit(space.draft(slow(0.1), "Again"))
    assert_ended_right(space, second, started)


def test_kill_of_the_web_process(space):
    run = space.submit(space.draft(slow(4)))
    running_step(space, run)
    started = time.monotonic()
    space.stack.processes("uvicorn")[0].kill()

    def read():
        try:
            return space.get(f"runs/{run['id']}")
        except (OSError, AssertionError):
            return None

    wait_for(read, bool, LIMIT_S)
    assert_ended_right(space, run, started)


def test_kill_of_the_control_worker(space):
    run = space.submit(space.draft(slow(3)))
    running_step(space, run)
    started = time.monotonic()
    space.stack.processes("-Q control")[0].kill()
    assert_ended_right(space, run, started)


SLEEPER = (
    "import subprocess, sys, time\n\ndef azureml_main(dataframe1=None, dataframe2=None):\n"
    "    subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)  # sleeper'], start_new_session=True)\n"
    "    print('asleep', flush=True)\n    time.sleep(600)\n    return dataframe1,\n"
)


def script(text: str) -> dict:
    return graph(
        ("d", "enter_data_manually@1", {"data": "a\n1\n", "has_header": True}),
        ("py", "execute_python_script@1", {"script": text}),
        edges=(("d.dataset", "py.dataset1"),),
    )


def sleepers() -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter(["cmdline"]):
        if "# sleeper" in " ".join(process.info["cmdline"] or []):
            found.append(process)
    return found


def asleep(space: Space, run: dict) -> None:
    wait_for(lambda: space.get(f"runs/{space.steps(run)['py']['id']}/log")["text"], lambda text: "asleep" in text, 30)


def test_a_canceled_run_leaves_no_process(space):
    run = space.submit(space.draft(script(SLEEPER)))
    asleep(space, run)
    assert sleepers()
    space.post(f"runs/{run['id']}/cancellation")
    wait_for(sleepers, lambda found: not found, 5)
    assert space.finished(run)["status"] == "canceled"


def test_a_canceled_pure_step_leaves_no_process(space):
    run = space.submit(space.draft(slow(60)))
    running_step(space, run)
    busy = holder(space, run)
    space.post(f"runs/{run['id']}/cancellation")
    wait_for(lambda: psutil.pid_exists(busy) and psutil.Process(busy).status() != "zombie", lambda lives: not lives, 5)
    assert space.finished(run, 20)["status"] == "canceled"


def test_kill_of_the_script_supervisor_ends_the_script(space):
    run = space.submit(space.draft(script(SLEEPER)))
    asleep(space, run)
    space.stack.processes("-Q scripts")[0].kill()
    wait_for(sleepers, lambda found: not found, 10)
    run = space.finished(run, LIMIT_S)
    assert run["status"] == "failed"
    assert space.steps(run)["py"]["failure"]["code"] == "worker_lost"


def test_kill_of_everything_and_a_new_start(tmp_path):
    """A stale lock, socket or pid never blocks the next start, and the run goes on."""
    stack = start_stack(tmp_path)
    space = stack.new_workspace()
    run = space.submit(space.draft(slow(5)))
    running_step(space, run)
    children = psutil.Process(stack.process.pid).children(recursive=True)
    stack.process.kill()
    stack.process.wait()
    gone, alive = psutil.wait_procs(children, timeout=10)
    assert not alive, "the supervisor's death ends every process"
    again = start_stack(tmp_path)
    try:
        later = Space(again, space.name)
        run = later.finished(run, LIMIT_S + 30)
        assert run["status"] == "completed", run["failure"]
    finally:
        again.stop()
    assert not [process for process in children if process.is_running()]
