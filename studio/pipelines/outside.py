"""What a pipeline reads from and writes to datastores: the bodies of Import Data and Export Data, run by a worker."""

import shutil
from pathlib import Path, PurePosixPath
from typing import Any, TextIO

from designer.artifacts import codecs
from designer.rundir import RunDirectory
from designer.types import Table
from studio.core import blobs, errors
from studio.core.workspaces.models import Workspace
from studio.datasets import detection, readers, stores
from studio.datasets import services as datasets
from studio.datasets.models import Datastore
from studio.datasets.options import FileRefused, ParseOptions

ENDINGS = {"csv": "csv", "parquet": "parquet", "jsonl": "jsonl"}
MOST_NAMES = 10_000


def run(workspace: Workspace, directory: RunDirectory, effect: str) -> dict[str, Any]:
    """Read or write what a step's run directory asks for.

    Parameters
    ----------
    workspace : Workspace
        Whose datastores.
    directory : RunDirectory
        With its specification; the log goes there.
    effect : {"source", "sink"}
        Which way.

    Returns
    -------
    dict
        As ``designer.runtime.run_step`` returns it: a failure is a result with a problem.
    """
    parameters = directory.spec["parameters"]
    with directory.log.open("a", encoding="utf-8") as log:
        try:
            outputs = (
                _import(workspace, parameters, directory, log)
                if effect == "source"
                else _export(workspace, parameters, directory, log)
            )
            return {"status": "completed", "outputs": outputs, "problem": None}
        except FileRefused as refused:
            parts = [refused.issue.to_json() | {"detail": refused.issue.message}]
            problem = errors.StepFailed(str(refused), fix=refused.issue.fix, errors=parts)
        except errors.StudioError as error:
            parts = [{"code": error.code, "detail": error.detail}]
            fix = "Change the path in the step's parameters."
            problem = errors.StepFailed(error.detail, fix=fix, errors=parts)
        log.write(f"{problem.detail}\n")
        return {"status": "failed", "outputs": {}, "problem": problem.to_problem()}


def _import(workspace: Workspace, asked: dict[str, Any], directory: RunDirectory, log: TextIO) -> dict[str, Any]:
    store = datasets.datastore_named(workspace, asked["source"]["datastore"])
    files = stores.matching(store, asked["source"]["path"])
    made, infos = [], []
    options: ParseOptions | None = _options(asked)
    for index, file in enumerate(files):
        local = directory.path / "inputs" / f"file-{index}"
        _fetch(store, file.path, local)
        options = options or detection.detect(local, file.path)
        target = directory.path / "inputs" / f"table-{index}.parquet"
        infos.append(readers.convert(local, options, target, scratch=directory.path / "inputs"))
        log.write(f"Read {file.path}: {infos[-1].rows:,} rows, {file.size_bytes:,} bytes\n")
        log.flush()
        local.unlink()
        made.append(target)
    table = directory.path / "inputs" / "table.parquet"
    if len(made) == 1:
        made[0].rename(table)
    else:
        readers.stack(made, infos, table, scratch=directory.path / "inputs")
    # Written as every step's table is, so that the same rows have the same bytes.
    output = directory.outputs / f"dataset.{codecs['table'].extension}"
    summary = codecs["table"].write(Table(_frame(table)), output)
    return {"dataset": {"type": "table", "path": f"outputs/{output.name}", **summary.to_json()}}


def _frame(table: Path) -> Any:
    import polars

    return polars.read_parquet(table)


def _options(asked: dict[str, Any]) -> ParseOptions | None:
    if asked["format"] == "detect":
        return None
    return ParseOptions(
        format=asked["format"],
        delimiter="\t" if asked["format"] == "tsv" else asked["delimiter"],
        header=asked["header"],
        encoding=asked["encoding"],
        sheet=asked["sheet"],
    )


def _fetch(store: Datastore, path: str, target: Path) -> None:
    with stores.open_file(store, path) as reader, target.open("wb") as writer:
        shutil.copyfileobj(reader, writer, 4 * 1024 * 1024)


def _export(workspace: Workspace, asked: dict[str, Any], directory: RunDirectory, log: TextIO) -> dict[str, Any]:
    store = datasets.datastore_named(workspace, asked["target"]["datastore"])
    source = Path(directory.spec["inputs"]["dataset"][0]["path"])
    draft = directory.path / f"export.{ENDINGS[asked['format']]}"
    rows = _write(source, draft, asked["format"])
    size = draft.stat().st_size
    path = _place(store, asked["target"]["path"], asked["if_exists"], blobs.digest_of(draft))
    if path is None:
        path = asked["target"]["path"]
        log.write("The file is there already, with the same bytes.\n")
    else:
        stores.put_file(store, path, draft)
    log.write(f"Wrote {rows:,} rows, {size:,} bytes to {store.name}: {path}\n")
    for name, value in (("rows written", rows), ("bytes written", size)):
        directory.append_spool("metric", name=name, value=float(value), step=None)
    return {}


def _write(source: Path, target: Path, format: str) -> int:
    import polars

    rows = polars.scan_parquet(source)
    if format == "csv":
        rows.sink_csv(target)
    elif format == "jsonl":
        rows.sink_ndjson(target)
    else:
        shutil.copyfile(source, target)
    return int(rows.select(polars.len()).collect().item())


def _place(store: Datastore, path: str, if_exists: str, digest: str) -> str | None:
    """Return where to write; None when the very same bytes are there, as after an attempt that was killed."""
    if not stores.exists(store, path):
        return path
    if stores.digest_of(store, path) == digest:
        return None
    if if_exists == "overwrite":
        return path
    if if_exists == "fail":
        raise errors.Conflict(f"{path!r} exists already in {store.name}, with other content.")
    pure = PurePosixPath(path)
    for number in range(1, MOST_NAMES):
        other = str(pure.with_name(f"{pure.stem}-{number}{pure.suffix}"))
        if not stores.exists(store, other) or stores.digest_of(store, other) == digest:
            return other
    raise errors.Conflict(f"{store.name} has {MOST_NAMES:,} files named like {path!r}. Choose another path.")
