"""Statistics of a table, and its first page."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.measure import Measurement
from tests.stack import ROOT

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
