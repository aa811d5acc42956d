"""Pipelines as large as they may be: submit, run, reuse, open; and one step more."""

import json
import time

from benchmarks.engine import chain
from benchmarks.measure import Measurement
from tests.drawings import graph
from tests.stack import Stack

LIMIT = 2000
ROW = 20
PATIENCE_S = 300


def wide(steps: int) -> dict:
    """Rows of steps side by side, as a large drawing has them."""
    nodes, edges = [], []
    for number in range(steps // ROW):
        row = chain(ROW, number)
        for node in row["nodes"]:
            nodes.append((f"r{number}{node['id']}", node["component"], node["parameters"]))
        for edge in row["edges"]:
            source, target = f"r{number}{edge['source']}", f"r{number}{edge['target']}"
            edges.append((f"{source}.{edge['source_port']}", f"{target}.{edge['target_port']}"))
    return graph(*nodes, edges=tuple(edges))


def large(stack: Stack) -> list[Measurement]:
    """Measure a pipeline of 2,000 steps."""
    space = stack.new_workspace()
    draft = space.draft(wide(LIMIT), "large")

    def timed(act):
        started = time.monotonic()
        answer = act()
        return answer, time.monotonic() - started

    _, opened = timed(lambda: space.get(f"drafts/{draft['id']}"))
    run, submitted = timed(lambda: space.submit(draft))
    try:
        first = space.finished(run, PATIENCE_S)
    except AssertionError:
        space.post(f"runs/{run['id']}/cancellation")
        return [
            Measurement("2,000 steps, submit", submitted, "s", None, None, "≤ 5 s", submitted <= 5),
            Measurement("2,000 steps, run (given up)", PATIENCE_S, "s", None, None, "≤ 60 s", False),
        ]
    assert first["status"] == "completed", first["failure"]
    again, _ = timed(lambda: space.submit(draft))
    second = space.finished(again, 600)
    steps, listed = timed(lambda: space.get(f"runs/{run['id']}/steps"))
    assert len(steps) == LIMIT and second["status"] == "completed"
    assert all(step["reused_from"] for step in space.get(f"runs/{again['id']}/steps"))
    refused = space.call("POST", "drafts", {"name": "too large", "graph": wide(LIMIT + ROW)})
    assert refused.status == 413 and "2,000" in refused.body["detail"], json.dumps(refused.body)
    return [
        Measurement("2,000 steps, submit", submitted, "s", None, None, "≤ 5 s", submitted <= 5),
        Measurement("2,000 steps, run", first["duration_s"], "s", None, None, "≤ 60 s", first["duration_s"] <= 60),
        Measurement("2,000 steps, reused", second["duration_s"], "s", None, None, "≤ 10 s", second["duration_s"] <= 10),
        Measurement("2,000 steps, open the draft", opened * 1000, "ms", None, None, "≤ 1000 ms", opened <= 1),
        Measurement("2,000 steps, open the run", listed * 1000, "ms", None, None, "≤ 2000 ms", listed <= 2),
    ]
