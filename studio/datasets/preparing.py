"""The work behind a dataset version: keep the bytes, read the table, profile it."""

import hashlib
import shutil
from pathlib import Path
from typing import Any

from studio.core import blobs
from studio.core.activity import lifecycle
from studio.core.activity.working import Canceled, Work
from studio.core.errors import NotFound, StepFailed
from studio.core.units import announce, unit
from studio.datasets import archives, detection, profiling, readers, stores, uploads
from studio.datasets.models import DatasetKind, DatasetVersion, Upload
from studio.datasets.options import FileRefused, ParseOptions
from studio.datasets.services import datastore_named, store_profile


def make_profile(work: Work) -> None:
    """Compute the statistics of a table (the body of a profile activity)."""
    digest = work.activity.context["digest"]
    work.move("running", phase="Computing statistics")

    def progress(value: float, phase: str) -> None:
        if work.should_stop():
            raise Canceled
        lifecycle.note_progress(work.activity, progress=round(value, 3), phase=phase)

    result = profiling.profile_table(blobs.local_path(digest), progress=progress)
    with unit():
        work.move("completed", progress=1.0)
        store_profile(workspace=work.activity.workspace, digest=digest, result=result)


def prepare_version(work: Work) -> None:
    """Read a version's file into its table and profile it (the body of its activity)."""
    version = DatasetVersion.objects.select_related("dataset__workspace").get(activity_id=work.activity.pk)
    work.move("running", phase="Reading the file")
    folder = blobs.temporary_folder() / f"version-{version.pk.hex}-{work.activity.attempt}"
    folder.mkdir(parents=True, exist_ok=True)

    def progress(value: float, phase: str) -> None:
        if work.should_stop():
            raise Canceled
        lifecycle.note_progress(work.activity, progress=round(value, 3), phase=phase)

    try:
        sources, files = _fetch(version, folder)
        if version.dataset.kind == DatasetKind.FILE:
            _store_file(work, version, files, sources, folder)
            return
        options = ParseOptions.from_json(version.options) if version.options else None
        table, info, used = _tables(sources, options, folder, version.source["file_name"], progress)
        progress(0.75, "Computing statistics")
        result = profiling.profile_table(
            table, scratch=folder, progress=lambda share, phase: progress(0.75 + share / 4, phase)
        )
        blob = blobs.put_file(table, move=True)
        _store_version(work, version, files, used, info, blob, result)
    except FileRefused as refused:
        raise StepFailed(
            str(refused), errors=[refused.issue.to_json() | {"detail": refused.issue.message}]
        ) from refused
    finally:
        _remove(folder)


def _remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)


def _fetch(version: DatasetVersion, folder: Path) -> tuple[list[Path], list[dict[str, Any]]]:
    """Keep the original bytes and return local paths of them, with what was seen."""
    source = version.source
    if "upload" in source:
        upload = Upload.objects.filter(pk=source["upload"]).first()
        if upload is None and version.files:  # an attempt before this one kept the bytes already
            return [blobs.local_path(version.files[0]["digest"])], version.files
        if upload is None:
            raise NotFound("The upload has expired. Upload the file again.")
        return _keep(version, [(upload.file_name, uploads.path_of(upload))])
    if "file" in source:
        return _keep(version, [(source["file_name"], Path(source["file"]))])
    datastore = datastore_named(version.dataset.workspace, source["datastore"])
    named = []
    for index, stored in enumerate(stores.matching(datastore, source["path"])):
        target = folder / f"source-{index}"
        with stores.open_file(datastore, stored.path) as reader, target.open("wb") as writer:
            while piece := reader.read(4 * 1024 * 1024):
                writer.write(piece)
        named.append((stored.path, target, stored))
    paths, files = _keep(version, [(name, path) for name, path, _ in named])
    for record, (_, _, stored) in zip(files, named, strict=True):
        record["modified_at"] = stored.modified_at.isoformat()
    return paths, files


def _keep(version: DatasetVersion, named) -> tuple[list[Path], list[dict[str, Any]]]:
    paths, files = [], []
    for index, (name, path) in enumerate(named):
        blob = blobs.put_file(path)
        with unit():
            blobs.refer("dataset_version", version.pk, f"source:{index}", blob.digest)
        paths.append(blobs.local_path(blob.digest))
        files.append({"name": name, "digest": blob.digest, "size_bytes": blob.size_bytes})
    return paths, files


def _tables(sources, options, folder: Path, name: str, progress):
    """Read each source; several become one table by column name."""
    made, infos = [], []
    for index, source in enumerate(sources):
        options = options or detection.detect(source, name)
        target = folder / f"table-{index}.parquet"
        infos.append(
            readers.convert(source, options, target, scratch=folder, progress=lambda v, p: progress(0.7 * v, p))
        )
        made.append(target)
    if len(made) == 1:
        return made[0], infos[0], options
    table = folder / "table.parquet"
    return table, readers.stack(made, infos, table, scratch=folder), options


def _fingerprint(files: list[dict[str, Any]]) -> str:
    if len(files) == 1:
        return files[0]["digest"]
    named = "\n".join(f"{record['name']} {record['digest']}" for record in files)
    return hashlib.sha256(named.encode()).hexdigest()


def _store_file(work: Work, version: DatasetVersion, files, sources: list[Path], folder: Path) -> None:
    """Keep a file as it is; several become one archive, the same bytes for the same files."""
    digest = files[0]["digest"]
    if len(files) > 1:
        archive = folder / "files.zip"
        archives.pack(archive, [(record["name"], path) for record, path in zip(files, sources, strict=True)])
        digest = blobs.put_file(archive, move=True).digest
    with unit():
        work.move("completed", progress=1.0)
        blobs.refer("dataset_version", version.pk, "file", digest)
        DatasetVersion.objects.filter(pk=version.pk).update(
            fingerprint=_fingerprint(files),
            files=files,
            size_bytes=sum(record["size_bytes"] for record in files),
            file_digest=digest,
        )
        announce(version.dataset.workspace_id, "datasets.dataset_changed", {"dataset": str(version.dataset_id)})
    _drop_upload(version)


def _store_version(work, version, files, options, info, blob, result) -> None:
    dataset = version.dataset
    with unit():
        work.move("completed", progress=1.0)
        blobs.refer("dataset_version", version.pk, "table", blob.digest)
        DatasetVersion.objects.filter(pk=version.pk).update(
            fingerprint=_fingerprint(files),
            files=files,
            options=options.to_json(),
            size_bytes=sum(record["size_bytes"] for record in files),
            rows=info.rows,
            columns=len(info.columns),
            schema={
                "columns": [
                    {"name": c["name"], "dtype": c["dtype"], "role": None, "categorical": False} for c in info.columns
                ]
            },
            table_digest=blob.digest,
        )
        store_profile(
            workspace=dataset.workspace,
            digest=blob.digest,
            result=result,
            about={"dataset": str(dataset.pk), "version": version.version},
        )
        announce(dataset.workspace_id, "datasets.dataset_changed", {"dataset": str(dataset.pk)})
    _drop_upload(version)


def _drop_upload(version: DatasetVersion) -> None:
    """Forget the upload once no version needs it any more."""
    if "upload" in version.source:
        upload = Upload.objects.filter(pk=version.source["upload"]).first()
        others = DatasetVersion.objects.filter(source__upload=version.source["upload"]).exclude(pk=version.pk)
        if upload is not None and not others.exists():
            uploads.delete(upload=upload)
