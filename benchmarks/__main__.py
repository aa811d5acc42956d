"""``make bench``: measure the studio, and its peers in the same run."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from benchmarks.measure import Measurement, show
from tests.drawings import graph
from tests.stack import ROOT, Space, Stack, start_stack, wait_for

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


def engine(stack: Stack) -> list[Measurement]:
    """Overhead per step with everything recorded, against a bare Celery chain on the same Valkey."""
    space: Space = stack.new_workspace()
    space.finished(space.submit(space.draft(chain(5, 0), "warm")), 120)
    draft = space.draft(chain(STEPS, 1), "chain")
    fresh = space.finished(space.submit(draft), 300)["duration_s"] * 1000 / STEPS
    reused = space.finished(space.submit(draft), 300)["duration_s"] * 1000 / STEPS
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


_PROFILE = """
import resource, sys, time, pathlib
sys.path.insert(0, {root!r})
kind, path = sys.argv[1], sys.argv[2]
started = time.monotonic()
if kind == "ours":
    from studio.datasets.profiling import profile_table
    profile_table(pathlib.Path(path))
else:
    import duckdb
    duckdb.connect(config={{"threads": 2}}).sql(f"SUMMARIZE SELECT * FROM read_parquet('{{path}}')").fetchall()
print(time.monotonic() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def profiling() -> list[Measurement]:
    """Statistics of 1,000,000 × 20, against DuckDB's SUMMARIZE on the same table."""
    import duckdb

    folder = Path(tempfile.mkdtemp())
    table = folder / "million.parquet"
    numbers = ", ".join(f"random() * {i + 1} AS x{i}" for i in range(14))
    duckdb.sql(
        f"COPY (SELECT {numbers}, (random() * 1000)::BIGINT AS i0, (random() * 9)::BIGINT AS i1, range AS id, "
        "'group ' || (range % 50) AS g, CASE WHEN random() < 0.1 THEN NULL ELSE random() END AS m, random() < 0.5 AS b "
        f"FROM range(1000000)) TO '{table}' (FORMAT parquet)"
    )

    def run(kind: str) -> tuple[float, float]:
        done = subprocess.run(
            [sys.executable, "-c", _PROFILE.format(root=str(ROOT)), kind, str(table)],
            capture_output=True,
            text=True,
            check=True,
        )
        seconds, megabytes = done.stdout.splitlines()[-1].split()
        return float(seconds), float(megabytes)

    ours, peer = min(run("ours") for _ in range(3)), min(run("peer") for _ in range(3))
    from studio.datasets.tables import TableReader

    started = time.monotonic()
    with TableReader(table) as reader:
        reader.page(offset=0, limit=100)
    page = (time.monotonic() - started) * 1000
    ratio = ours[0] / peer[0]
    return [
        Measurement(
            "profile of 1,000,000 × 20", ours[0] * 1000, "ms", "DuckDB SUMMARIZE", ratio, "≤ 1.5 ×", ratio <= 1.5
        ),
        Measurement(
            "profile, memory", ours[1], "MB", "DuckDB SUMMARIZE", ours[1] / peer[1], "≤ 400 MB", ours[1] <= 400
        ),
        Measurement("preview, first page", page, "ms", None, None, "≤ 300 ms", page <= 300),
    ]


def starting(data: Path) -> tuple[list[Measurement], Stack]:
    """Second start to the first page, and memory at rest."""
    started = time.monotonic()
    stack = start_stack(data, wait=False)

    def first_page() -> bool:
        try:
            return stack.client.call("GET", "/health").status == 200
        except OSError:
            return False

    wait_for(first_page, bool, 60, 0.02)
    seconds = time.monotonic() - started
    wait_for(
        lambda: [p for w in stack.processes("steps@")[:1] for p in w.children()], lambda found: len(found) >= 2, 60
    )
    time.sleep(8)
    everything = [psutil.Process(stack.process.pid), *psutil.Process(stack.process.pid).children(recursive=True)]
    megabytes = sum(process.memory_full_info().pss for process in everything) / 1024**2
    return [
        Measurement("second start → first page", seconds, "s", None, None, "≤ 6 s", seconds <= 6),
        Measurement("all processes at rest (PSS)", megabytes, "MB", None, None, "≤ 1024 MB", megabytes <= 1024),
    ], stack


def main() -> None:
    os.environ.setdefault("STUDIO_DATA", tempfile.mkdtemp())
    found = profiling()
    data = Path(tempfile.mkdtemp(prefix="studio-bench-"))
    start_stack(data).stop()
    more, stack = starting(data)
    try:
        found += more + engine(stack) + liveness(stack)
    finally:
        stack.stop()
    show(found)


if __name__ == "__main__":
    main()
