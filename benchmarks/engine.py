"""The engine: what a step costs beside its work, and how soon a submitted run is at work."""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.measure import Measurement
from tests.drawings import graph
from tests.stack import ROOT, Space, Stack, wait_for

STEPS = 100


def chain(steps: int, salt: int) -> dict:
    """A row of steps that do next to nothing, each unlike the others, so that none is reused within the run."""
    nodes: list[tuple] = [("s0", "enter_data_manually@1", {"data": f"a\n{salt}\n", "has_header": True})]
    edges = []
    for number in range(1, steps):
        nodes.append(
            (
                f"s{number}",
                "select_columns@1",
                {"columns": {"rules": [{"action": "exclude", "by": "pattern", "values": [f"^no {number}$"]}]}},
            )
        )
        edges.append((f"s{number - 1}.dataset", f"s{number}.dataset"))
    return graph(*nodes, edges=tuple(edges))


def fan(width: int, salt: int) -> dict:
    """One step, ``width`` steps that follow on it, and pairs of pairs of these until one is left."""
    nodes: list[tuple] = [("s0", "enter_data_manually@1", {"data": f"a\n{salt}\n", "has_header": True})]
    edges, row = [], []
    for number in range(width):
        rules = [{"action": "exclude", "by": "pattern", "values": [f"^no {number}$"]}]
        nodes.append((f"w{number}", "select_columns@1", {"columns": {"rules": rules}}))
        edges.append(("s0.dataset", f"w{number}.dataset"))
        row.append(f"w{number}")
    while len(row) > 1:
        above, row = row, []
        for first, second in zip(above[::2], above[1::2], strict=False):
            name = f"j{len(nodes)}"
            nodes.append((name, "add_rows@1", {}))
            edges += [(f"{first}.dataset", f"{name}.first"), (f"{second}.dataset", f"{name}.second")]
            row.append(name)
        row += above[len(row) * 2 :]
    return graph(*nodes, edges=tuple(edges))


def engine(stack: Stack) -> list[Measurement]:
    """Overhead per step with everything recorded, against a bare Celery chain on the same Valkey."""
    space: Space = stack.new_workspace()
    space.finished(space.submit(space.draft(chain(5, 0), "warm")), 120)
    draft = space.draft(chain(STEPS, 1), "chain")
    fresh = space.finished(space.submit(draft), 300)["duration_s"] * 1000 / STEPS
    reused = space.finished(space.submit(draft), 300)["duration_s"] * 1000 / STEPS
    spread = space.finished(space.submit(space.draft(fan(STEPS, 2), "fan")), 600)["duration_s"] * 1000 / (2 * STEPS)
    celery = _celery_chain(stack)
    return [
        Measurement(
            "engine, per step in a row of 100",
            fresh,
            "ms",
            "Celery chain",
            fresh / celery,
            "≤ 10 ms, ≤ 4 ×",
            fresh <= 10 and fresh <= 4 * celery,
        ),
        Measurement("engine, per reused step", reused, "ms", "Celery chain", reused / celery, "≤ 3 ms", reused <= 3),
        Measurement(
            "engine, per step of 1 → 100 → 1",
            spread,
            "ms",
            "Celery chain",
            spread / celery,
            "≤ 10 ms, ≤ 4 ×",
            spread <= 10 and spread <= 4 * celery,
        ),
        Measurement("Celery chain, per task", celery, "ms", None, None, "the peer", True),
    ]


_CHAIN = """
import time
from celery import Celery, chain
from django.conf import settings
import django; django.setup()
app = Celery("peer", broker=settings.CELERY_BROKER_URL, backend=settings.CELERY_BROKER_URL)
app.conf.update(task_default_queue="peer", worker_prefetch_multiplier=1)
@app.task(name="peer.noop")
def noop(value=0):
    return value
"""


def _celery_chain(stack: Stack) -> float:
    """Return ms per task of a chain of 100 no-op tasks on a prefork worker."""
    folder = Path(tempfile.mkdtemp())
    (folder / "peer.py").write_text(_CHAIN)
    environment = {**stack.environment(), "PYTHONPATH": f"{folder}:{ROOT}", "C_FORCE_ROOT": "1"}
    worker = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "celery",
            "-q",
            "-A",
            "peer",
            "worker",
            "-Q",
            "peer",
            "-c",
            "2",
            "-n",
            "peer@bench",
            "--without-gossip",
            "--without-mingle",
        ],
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    script = (
        "from peer import *\nnoop.delay().get(timeout=60)\nstarted = time.monotonic()\n"
        f"chain(*[noop.s() for _ in range({STEPS})]).apply_async().get(timeout=120, interval=0.005)\n"
        f"print((time.monotonic() - started) * 1000 / {STEPS})"
    )
    try:
        done = subprocess.run(
            [sys.executable, "-c", script], cwd=folder, env=environment, capture_output=True, text=True, check=True
        )
        return float(done.stdout.splitlines()[-1])
    finally:
        worker.terminate()
        worker.wait(timeout=30)


def liveness(stack: Stack) -> list[Measurement]:
    """Time from submit to the first step at work, on a warm worker."""
    space = stack.new_workspace()
    waits = []
    for number in range(15):
        draft = space.draft(chain(2, 100 + number), f"live {number}")
        started = time.monotonic()
        run = space.submit(draft)
        wait_for(
            lambda run=run: space.get(f"runs/{run['id']}"),
            lambda seen: seen["steps"]["running"] or seen["steps"]["completed"],
            30,
            0.005,
        )
        waits.append((time.monotonic() - started) * 1000)
        space.finished(run)
    value = statistics.quantiles(waits, n=20)[-1]
    return [Measurement("submit → first step at work, p95", value, "ms", None, None, "≤ 150 ms", value <= 150)]
