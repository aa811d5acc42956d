"""Shared by the kernel's tests: running components and whole graphs through run directories."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import polars
import pytest

from designer.artifacts import codecs, table_cache
from designer.catalog import default_catalog
from designer.graph import PipelineGraph
from designer.moves import next_moves
from designer.plan import compile_plan
from designer.rundir import RunDirectory
from designer.runtime import run_step
from designer.types import PORT_TYPES, Table


class Bench:
    """Runs single components, and graphs, in a temporary folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.number = itertools.count()

    def keep(self, value: Any) -> dict[str, str]:
        """Write a value to a file, as an input of a step."""
        if isinstance(value, polars.DataFrame):
            value = Table(value)
        if isinstance(value, dict):
            return value
        kind = next(name for name, cls in PORT_TYPES.items() if isinstance(value, cls))
        path = self.folder / f"value-{next(self.number)}.{codecs[kind].extension}"
        codecs[kind].write(value, path)
        return {"type": kind, "path": str(path)}

    def run(self, component: str, inputs: dict[str, Any] | None = None, **parameters: Any) -> tuple[dict, RunDirectory]:
        """Run a component; return its result and its run directory."""
        spec = default_catalog().latest(component)
        entries = {port: [self.keep(value)] for port, value in (inputs or {}).items() if value is not None}
        directory = RunDirectory.create(
            self.folder / f"step-{next(self.number)}",
            {"schema_version": 1, "component": spec.id, "parameters": parameters, "inputs": entries, "run": "r"},
        )
        result = run_step(directory.path)
        json.dumps(result, allow_nan=False)
        return result, directory

    def outputs(self, component: str, inputs: dict[str, Any] | None = None, **parameters: Any) -> dict[str, Any]:
        """Run a component that must complete; return the values it wrote, read back from their files."""
        result, directory = self.run(component, inputs, **parameters)
        assert result["status"] == "completed", result["problem"]
        table_cache.clear()
        return {
            port: codecs[output["type"]].read(directory.path / output["path"])
            for port, output in result["outputs"].items()
        }

    def table(self, component: str, inputs: dict[str, Any] | None = None, **parameters: Any) -> polars.DataFrame:
        """Run a component; return the frame of its first output."""
        return next(iter(self.outputs(component, inputs, **parameters).values())).frame

    def problem(self, component: str, inputs: dict[str, Any] | None = None, **parameters: Any) -> dict[str, Any]:
        """Run a component that must fail; return the first finding of its problem."""
        result, directory = self.run(component, inputs, **parameters)
        assert result["status"] == "failed"
        assert directory.result == result
        self.check_problem(result["problem"])
        return result["problem"]["errors"][0]

    @staticmethod
    def check_problem(problem: dict[str, Any]) -> None:
        """Check that a failure says what, where and how to put it right."""
        assert set(problem) == {"type", "title", "status", "detail", "code", "fault", "errors", "fix"}
        assert problem["fault"] == "user", problem
        assert problem["detail"] and problem["fix"] and problem["errors"]
        for error in problem["errors"]:
            assert error["code"] and error["detail"] and error["fix"], error
        assert "Traceback" not in problem["detail"]

    def run_graph(self, graph: PipelineGraph, tables: dict[str, polars.DataFrame]) -> dict[str, dict]:
        """Run a whole graph by asking next_moves; sources are given as tables."""
        plan = compile_plan(graph, default_catalog())
        statuses: dict[str, str] = {}
        results: dict[str, dict] = {}
        files: dict[tuple[str, str], dict[str, str]] = {}
        while (moves := next_moves(plan, statuses)).finish is None:
            assert moves.start, statuses
            for step_id in moves.start:
                step = plan.step(step_id)
                if step.effect == "source":
                    files[step_id, "dataset"] = self.keep(tables[step_id])
                    statuses[step_id] = "completed"
                    continue
                inputs = {port: files[refs[0].step, refs[0].port] for port, refs in step.inputs.items()}
                result, directory = self.run(step.component.partition("@")[0], inputs, **step.parameters)
                results[step_id], statuses[step_id] = result, result["status"]
                assert result["status"] == "completed", (step_id, result["problem"])
                for port, output in result["outputs"].items():
                    files[step_id, port] = {"type": output["type"], "path": str(directory.path / output["path"])}
        assert moves.finish == "completed"
        return results


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """Return a bench in a temporary folder."""
    table_cache.clear()
    return Bench(tmp_path)


@pytest.fixture
def catalog():
    """Return the installed components."""
    return default_catalog()
