"""``make bench``: measure the studio, and its peers in the same run.

``python -m benchmarks crowds graphs`` measures some subjects only, and writes nothing.
"""

import os
import sys
import tempfile
from pathlib import Path

from benchmarks import browser, crowds, engine, graphs, profiles, start, tables
from benchmarks.measure import Measurement, show
from tests.stack import start_stack

ALONE = {"profiles": profiles.profiling, "tables": tables.tables}
RUNNING = {
    "engine": engine.engine,
    "liveness": engine.liveness,
    "crowds": crowds.crowd,
    "browser": browser.browser,
    # The longest comes last.
    "graphs": graphs.large,
}


def told(found: list[Measurement]) -> list[Measurement]:
    """Print what was measured as it comes: the whole takes minutes."""
    for item in found:
        print(f"  {item.name}: {item.value:.1f} {item.unit}", flush=True)
    return found


def main(asked: list[str]) -> None:
    os.environ.setdefault("STUDIO_DATA", tempfile.mkdtemp())
    found: list[Measurement] = []
    for name, measure in ALONE.items():
        if not asked or name in asked:
            found += told(measure())
    if not asked or set(asked) - set(ALONE):
        data = Path(tempfile.mkdtemp(prefix="studio-bench-"))
        start_stack(data).stop()
        more, stack = start.starting(data)
        found += told(more)
        try:
            for name, measure in RUNNING.items():
                if not asked or name in asked:
                    found += told(measure(stack))
        finally:
            stack.stop()
    show(found, keep=not asked)


if __name__ == "__main__":
    main(sys.argv[1:])
