"""The run directory: the only contract between the studio and what computes."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

FOLDERS = ("code", "inputs", "outputs", "logs")
MAX_SPOOL_LINE = 64 * 1024


class RunDirectory:
    """A folder with ``spec.json code/ inputs/ outputs/ logs/ spool.jsonl result.json``.

    Parameters
    ----------
    path : path-like
        The folder.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)
        self._next: int | None = None

    @classmethod
    def create(cls, path: str | os.PathLike[str], spec: Mapping[str, Any]) -> RunDirectory:
        """Make the folders and write what is to be done.

        Parameters
        ----------
        path : path-like
            A folder that does not exist, or is empty.
        spec : mapping
            ``{"schema_version": 1, "component", "parameters", "inputs", "run"}``.

        Returns
        -------
        RunDirectory
            The new directory.
        """
        directory = cls(path)
        for folder in FOLDERS:
            (directory.path / folder).mkdir(parents=True, exist_ok=True)
        _write_json(directory.path / "spec.json", dict(spec))
        return directory

    @cached_property
    def spec(self) -> dict[str, Any]:
        """Return what is to be done."""
        return json.loads((self.path / "spec.json").read_bytes())

    @property
    def outputs(self) -> Path:
        """Return the folder of outputs."""
        return self.path / "outputs"

    @property
    def code(self) -> Path:
        """Return the folder for scripts."""
        return self.path / "code"

    @property
    def log(self) -> Path:
        """Return the log file."""
        return self.path / "logs" / "log.txt"

    @property
    def spool(self) -> Path:
        """Return the file of numbered lines."""
        return self.path / "spool.jsonl"

    def resolve(self, path: str) -> Path:
        """Return an input's path; relative ones are within the directory."""
        return self.path / path

    @property
    def result(self) -> dict[str, Any] | None:
        """Return the result, or None while there is none."""
        try:
            return json.loads((self.path / "result.json").read_bytes())
        except FileNotFoundError:
            return None

    def write_result(self, result: Mapping[str, Any]) -> None:
        """Write the result so that a reader sees all of it or nothing."""
        _write_json(self.path / "result.json", dict(result))

    def append_spool(self, kind: str, **fields: Any) -> int:
        """Append one numbered line.

        Parameters
        ----------
        kind : str
            ``metric`` or ``progress``; ``child`` (a part of the run begins or ends) or ``child_metric``.
        **fields
            What is reported.

        Returns
        -------
        int
            The line's number, from 1.
        """
        if self._next is None:
            lines = self.read_spool()
            self._next = lines[-1]["n"] + 1 if lines else 1
        number = self._next
        line = {"n": number, "at": datetime.now(UTC).isoformat(timespec="milliseconds"), "kind": kind, **fields}
        data = json.dumps(line, separators=(",", ":"), allow_nan=False).encode() + b"\n"
        # One write to a file opened for appending: a reader never sees two lines mixed.
        handle = os.open(self.spool, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        try:
            os.write(handle, data)
        finally:
            os.close(handle)
        self._next = number + 1
        return number

    def read_spool(self, after: int = 0) -> list[dict[str, Any]]:
        """Return the lines with a number greater than ``after``.

        A last line without its end, and lines that are no JSON object with a number, are left out; a repeated
        number counts once.

        Parameters
        ----------
        after : int
            Number of the last line already read.

        Returns
        -------
        list of dict
            Lines in the order of their numbers.
        """
        try:
            data = self.spool.read_bytes()
        except FileNotFoundError:
            return []
        found: dict[int, dict[str, Any]] = {}
        for raw in data[: data.rfind(b"\n") + 1].splitlines():
            if len(raw) > MAX_SPOOL_LINE:
                continue
            try:
                line = json.loads(raw)
            except ValueError:
                continue
            number = line.get("n") if isinstance(line, dict) else None
            if isinstance(number, int) and not isinstance(number, bool) and number > after:
                found.setdefault(number, line)
        return [found[number] for number in sorted(found)]


def _write_json(path: Path, value: Any) -> None:
    temporary = path.with_name(path.name + ".part")
    temporary.write_text(json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False), "utf-8")
    temporary.replace(path)
