"""Components on 10,000,000 rows, each in a run directory and a process of its own, as a worker runs it."""

import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import Measurement
from tests.stack import ROOT

ROWS = 10_000_000
QUERIES = {
    "filter": "SELECT * FROM read_parquet('{t}') WHERE x > 0.5",
    "select": "SELECT id, x FROM read_parquet('{t}')",
    "join": "SELECT * FROM read_parquet('{t}') AS t JOIN read_parquet('{o}') AS o USING (g)",
    "group": "SELECT g, avg(x) AS m, count(*) AS n FROM read_parquet('{t}') GROUP BY g",
    "sort": "SELECT * FROM read_parquet('{t}') ORDER BY x",
}
_OURS = """
import pathlib, resource, sys, time
sys.path.insert(0, {root!r})
from designer.rundir import RunDirectory
from designer.runtime import run_step
import polars, duckdb
directory = RunDirectory.create(pathlib.Path({folder!r}), {spec!r})
started = time.monotonic()
result = run_step(directory.path)
assert result["status"] == "completed", result
print(time.monotonic() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""
_PEER = """
import resource, time, duckdb
connection = duckdb.connect(config={{"threads": 2}})
started = time.monotonic()
connection.sql({query!r}).write_parquet({target!r}, compression="lz4")
print(time.monotonic() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def tables() -> list[Measurement]:
    """Filter, select, join, group, sort and split, against DuckDB from file to file."""
    import duckdb

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        table, other = folder / "ten_million.parquet", folder / "groups.parquet"
        duckdb.sql(
            "COPY (SELECT range AS id, random() AS x, random() * 100 AS y, (random() * 999)::BIGINT AS g "
            f"FROM range({ROWS})) TO '{table}' (FORMAT parquet, COMPRESSION lz4)"
        )
        duckdb.sql(
            f"COPY (SELECT range AS g, 'group ' || range AS title FROM range(1000)) TO '{other}' (FORMAT parquet)"
        )
        found = []
        for kind, (component, parameters, ports) in _steps().items():
            inputs = {
                port: [{"type": "table", "path": str(other if which == "other" else table)}]
                for port, which in ports.items()
            }
            spec = {
                "schema_version": 1,
                "component": component,
                "parameters": parameters,
                "inputs": inputs,
                "run": kind,
            }
            seconds, megabytes = _run(_OURS.format(root=str(ROOT), folder=str(folder / kind), spec=spec))
            ratio = against = None
            if kind in QUERIES:
                query = QUERIES[kind].format(t=table, o=other)
                peer, _ = _run(_PEER.format(query=query, target=str(folder / f"{kind}.parquet")))
                ratio, against = seconds / peer, "DuckDB"
            met = megabytes <= 4096 and (ratio is None or ratio <= 3)
            aim = "≤ 3 ×, ≤ 4096 MB" if ratio else "≤ 4096 MB"
            found.append(Measurement(f"10,000,000 rows, {kind}", seconds, "s", against, ratio, aim, met))
            found.append(
                Measurement(
                    f"10,000,000 rows, {kind}, memory", megabytes, "MB", None, None, "≤ 4096 MB", megabytes <= 4096
                )
            )
        return found


def _steps() -> dict[str, tuple[str, dict, dict[str, str]]]:
    sql = "apply_sql_transformation@1"
    keep = {"rules": [{"action": "include", "by": "names", "values": ["id", "x"]}]}
    return {
        "filter": (sql, {"query": "SELECT * FROM t1 WHERE x > 0.5"}, {"t1": "table"}),
        "select": ("select_columns@1", {"columns": keep}, {"dataset": "table"}),
        "join": (sql, {"query": "SELECT * FROM t1 JOIN t2 USING (g)"}, {"t1": "table", "t2": "other"}),
        "group": (sql, {"query": "SELECT g, avg(x) AS m, count(*) AS n FROM t1 GROUP BY g"}, {"t1": "table"}),
        "sort": (sql, {"query": "SELECT * FROM t1 ORDER BY x"}, {"t1": "table"}),
        "split": ("split_data@1", {"fraction": 0.7}, {"dataset": "table"}),
    }


def _run(program: str) -> tuple[float, float]:
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    seconds, megabytes = done.stdout.splitlines()[-1].split()
    return float(seconds), float(megabytes)
