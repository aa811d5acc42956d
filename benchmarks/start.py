"""Starting, and being there."""

import time
from pathlib import Path

import psutil

from benchmarks.measure import Measurement
from tests.stack import Stack, start_stack, wait_for


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
