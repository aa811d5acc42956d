"""How values on edges become files and come back: one codec per port type, never pickle."""

from __future__ import annotations

import json
import shutil
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from designer.errors import StepFailed
from designer.schema import TableSchema
from designer.types import File, Metrics, Model, Table, Transformation, UntrainedModel

MAX_DOCUMENT_BYTES = 2 * 1024 * 1024
CACHE_TABLES = 8
CACHE_BYTES = 256 * 1024 * 1024
_METADATA = "studio"


@dataclass(frozen=True)
class ArtifactSummary:
    """What is told of a file without opening it."""

    media_type: str
    size_bytes: int
    rows: int | None = None
    columns: int | None = None
    schema: TableSchema | None = None
    document: dict[str, Any] | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the wire shape."""
        return {
            "media_type": self.media_type,
            "size_bytes": self.size_bytes,
            "rows": self.rows,
            "columns": self.columns,
            "schema": self.schema.to_json() if self.schema else None,
            "document": self.document,
        }


class Codec(Protocol):
    """Writes one type of value to a file and reads it back."""

    extension: str
    media_type: str

    def write(self, value: Any, path: Path) -> ArtifactSummary:
        """Write a value."""

    def read(self, path: Path) -> Any:
        """Read a value."""


class _TableCache:
    """Tables this process wrote or read last, found by the file's identity.

    A file keeps device, inode, size and time when it is renamed or hard-linked into a blob store, so the
    next step in the same process finds the table under its new path, and never a changed file.
    """

    def __init__(self) -> None:
        self._tables: OrderedDict[tuple[int, ...], tuple[Table, int]] = OrderedDict()

    @staticmethod
    def _identity(path: Path) -> tuple[int, ...]:
        found = path.stat()
        return (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)

    def get(self, path: Path) -> Table | None:
        """Return the table of this file, or None."""
        key = self._identity(path)
        if key not in self._tables:
            return None
        self._tables.move_to_end(key)
        return self._tables[key][0]

    def put(self, path: Path, table: Table) -> None:
        """Keep a table, and let go of the oldest ones."""
        size = int(table.frame.estimated_size())
        if size > CACHE_BYTES:
            return
        self._tables[self._identity(path)] = (table, size)
        while len(self._tables) > CACHE_TABLES or sum(size for _, size in self._tables.values()) > CACHE_BYTES:
            self._tables.popitem(last=False)

    def clear(self) -> None:
        """Forget every table."""
        self._tables.clear()


table_cache = _TableCache()


class TableCodec:
    """Tables as Parquet; roles and notes travel in the file's own metadata."""

    extension = "parquet"
    media_type = "application/vnd.apache.parquet"

    def write(self, value: Table, path: Path) -> ArtifactSummary:
        """Write a table."""
        frame = value.frame
        facts = {
            "version": 1,
            "roles": dict(sorted(value.roles.items())),
            "categorical": sorted(value.categorical),
            "notes": dict(value.notes),
        }
        frame.write_parquet(
            path, compression="lz4", metadata={_METADATA: json.dumps(facts, sort_keys=True, separators=(",", ":"))}
        )
        table_cache.put(path, value)
        return ArtifactSummary(self.media_type, path.stat().st_size, frame.height, frame.width, value.schema)

    def read(self, path: Path) -> Table:
        """Read a table; one written by somebody else has no roles."""
        if (kept := table_cache.get(path)) is not None:
            return kept
        import polars

        try:
            facts = json.loads(polars.read_parquet_metadata(path).get(_METADATA, "{}"))
            frame = polars.read_parquet(path, glob=False, hive_partitioning=False)
        except (polars.exceptions.ComputeError, ValueError) as error:
            raise StepFailed(
                "unreadable_table",
                f"The table file {path.name} cannot be read: {error}",
                fix="Run the step that made it again.",
            ) from error
        names = set(frame.columns)
        table = Table(
            frame,
            {name: role for name, role in facts.get("roles", {}).items() if name in names},
            frozenset(facts.get("categorical", ())) & names,
            facts.get("notes", {}),
        )
        table_cache.put(path, table)
        return table


class UntrainedModelCodec:
    """An algorithm's name and settings as JSON."""

    extension = "json"
    media_type = "application/json"

    def write(self, value: UntrainedModel, path: Path) -> ArtifactSummary:
        """Write an untrained model."""
        from designer.learners import learner

        algorithm = learner(value.algorithm)
        document = {
            "kind": "untrained_model",
            "algorithm": value.algorithm,
            "title": algorithm.title,
            "task": algorithm.task,
            "parameters": dict(value.parameters),
        }
        return ArtifactSummary(self.media_type, _write_json(document, path), document=document)

    def read(self, path: Path) -> UntrainedModel:
        """Read an untrained model."""
        document = json.loads(path.read_bytes())
        return UntrainedModel(document["algorithm"], document["parameters"])


class ModelCodec:
    """A trained model as a zip of its facts and its fitted state (skops or LightGBM's text)."""

    extension = "zip"
    media_type = "application/vnd.studio.model+zip"

    def write(self, value: Model, path: Path) -> ArtifactSummary:
        """Write a trained model."""
        from designer.learners import learner
        from designer.model_files import write_model_file

        algorithm = learner(value.info["algorithm"])
        document = {"kind": "model", **value.info}
        write_model_file(path, value.info, algorithm.state_name, algorithm.dump(value.state))
        return ArtifactSummary(self.media_type, path.stat().st_size, document=_model_document(document))

    def read(self, path: Path) -> Model:
        """Read a trained model."""
        from designer.learners import learner
        from designer.model_files import read_model_file

        info, state = read_model_file(path)
        return Model(info, learner(info["algorithm"]).load(state))


def _model_document(document: dict[str, Any]) -> dict[str, Any]:
    """Tell the browser feature names; categories and data types stay in the file."""
    shown = {name: value for name, value in document.items() if name != "features"}
    return {**shown, "features": [feature["name"] for feature in document["features"]]}


class TransformationCodec:
    """A fitted transformation as JSON."""

    extension = "json"
    media_type = "application/json"

    def write(self, value: Transformation, path: Path) -> ArtifactSummary:
        """Write a transformation."""
        from designer.transforms import describe

        size = _write_json({"name": value.name, "state": dict(value.state)}, path)
        return ArtifactSummary(self.media_type, size, document=describe(value))

    def read(self, path: Path) -> Transformation:
        """Read a transformation."""
        data = json.loads(path.read_bytes())
        return Transformation(data["name"], data["state"])


class MetricsCodec:
    """A document of measures as JSON."""

    extension = "json"
    media_type = "application/json"

    def write(self, value: Metrics, path: Path) -> ArtifactSummary:
        """Write measures."""
        size = _write_json(dict(value.document), path)
        document = dict(value.document) if size <= MAX_DOCUMENT_BYTES else None
        return ArtifactSummary(self.media_type, size, document=document)

    def read(self, path: Path) -> Metrics:
        """Read measures."""
        return Metrics(json.loads(path.read_bytes()))


class FileCodec:
    """A file as it is."""

    extension = "bin"
    media_type = "application/octet-stream"

    def write(self, value: File, path: Path) -> ArtifactSummary:
        """Copy a file."""
        shutil.copyfile(value.path, path)
        return ArtifactSummary(self.media_type, path.stat().st_size)

    def read(self, path: Path) -> File:
        """Point to a file."""
        return File(path)


codecs: dict[str, Codec] = {
    "table": TableCodec(),
    "untrained_model": UntrainedModelCodec(),
    "model": ModelCodec(),
    "transformation": TransformationCodec(),
    "metrics": MetricsCodec(),
    "file": FileCodec(),
}


def _write_json(value: dict[str, Any], path: Path) -> int:
    # The order of names means something: that of columns in a transformation, that of metrics on screen.
    data = json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()
    path.write_bytes(data)
    return len(data)
