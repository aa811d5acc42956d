"""Writes about datasets: register, prepare, profile."""

import hashlib
import uuid
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from studio.core import blobs
from studio.core.activity import lifecycle
from studio.core.activity import services as activity
from studio.core.activity.working import Canceled, Work
from studio.core.errors import Conflict, InvalidInput, NotFound, Part, StepFailed
from studio.core.units import announce, unit
from studio.core.workspaces.models import User, Workspace
from studio.datasets import profiling, readers, stores, uploads
from studio.datasets.models import Dataset, DatasetVersion, Datastore, Profile, Upload
from studio.datasets.options import FileRefused, ParseOptions

DEFAULT_DATASTORE = "workspaceblobstore"


def ensure_default_datastore(*, workspace: Workspace) -> Datastore:
    """Return the workspace's default datastore, making it on first use."""
    with unit():
        found, made = Datastore.objects.get_or_create(
            workspace=workspace,
            name=DEFAULT_DATASTORE,
            defaults={
                "is_default": True,
                "prefix": workspace.name,
                "kind": getattr(settings, "STORAGE_KIND", "folder"),
                "description": "The workspace's own files.",
            },
        )
    return found


def create_dataset(
    *,
    actor: User | None,
    workspace: Workspace,
    name: str,
    source: dict[str, Any],
    options: ParseOptions | None,
    description: str = "",
    tags: dict[str, str] | None = None,
    source_note: str = "",
    license: str = "",
) -> DatasetVersion:
    """Make a dataset with its first version.

    Parameters
    ----------
    actor : User or None
        Who asked.
    workspace : Workspace
        Where.
    name : str
        Unique in the workspace.
    source : dict
        ``{"upload": id}`` or ``{"datastore": name, "path": path or glob}``.
    options : ParseOptions or None
        How to read it; found when None.
    description, tags, source_note, license
        What people should know about it.

    Returns
    -------
    DatasetVersion
        Version 1, being prepared by its activity.

    Raises
    ------
    Conflict
        If the name is taken.
    InvalidInput
        If the source is not there or not complete.
    """
    with unit():
        if Dataset.objects.filter(workspace=workspace, name=name).exists():
            raise Conflict(
                f"A dataset named {name!r} exists. Choose another name, or add a version to it.",
                errors=[Part("taken", "This name is taken.", pointer="/name")],
            )
        dataset = Dataset(
            workspace=workspace,
            name=name,
            description=description,
            tags=tags or {},
            created_by=actor,
            source_note=source_note,
            license=license,
        )
        dataset.full_clean(exclude=["tags"])
        dataset.save()
        return register_version(actor=actor, dataset=dataset, source=source, options=options)


def register_version(
    *,
    actor: User | None,
    dataset: Dataset,
    source: dict[str, Any],
    options: ParseOptions | None,
    description: str = "",
) -> DatasetVersion:
    """Add the next version of a dataset and have it prepared."""
    workspace = dataset.workspace
    kept = _check_source(actor, workspace, source)
    if dataset.archived_at is not None:
        raise Conflict(f"{dataset.name} is archived. Restore it first.")
    with unit():
        Dataset.objects.filter(pk=dataset.pk).update(
            last_version=F("last_version") + 1, updated_at=timezone.now()
        )
        dataset.refresh_from_db()
        made = activity.create(
            workspace=workspace,
            kind="dataset_version",
            title=f"Prepare {dataset.name} version {dataset.last_version}",
            actor=actor,
            task="datasets.prepare_version",
            subject=("dataset", dataset.pk, dataset.name),
        )
        version = DatasetVersion.objects.create(
            activity=made,
            dataset=dataset,
            version=dataset.last_version,
            description=description,
            created_by=actor,
            source=kept,
            options=options.to_json() if options else {},
        )
        announce(
            workspace.pk,
            "datasets.version_registered",
            {"dataset": str(dataset.pk), "version": version.version, "activity": str(made.pk)},
        )
        activity.start(made)
    return version


def _check_source(actor: User | None, workspace: Workspace, source: dict) -> dict[str, Any]:
    if "upload" in source:
        upload = uploads.get(actor=actor, workspace=workspace, upload_id=source["upload"])
        uploads.complete_file(upload)
        return {"upload": str(upload.pk), "file_name": upload.file_name}
    if "file" in source:  # from the studio's own code only: a file that ships in a package
        return {"file": str(source["file"]), "file_name": Path(source["file"]).name}
    datastore = datastore_named(workspace, source["datastore"])
    files = stores.matching(datastore, source["path"])
    return {
        "datastore": datastore.name,
        "path": source["path"],
        "file_name": Path(files[0].path).name,
        "files": len(files),
    }


def datastore_named(workspace: Workspace, name: str) -> Datastore:
    """Return a datastore by name (raises NotFound)."""
    ensure_default_datastore(workspace=workspace)
    found = Datastore.objects.filter(workspace=workspace, name=name).first()
    if found is None:
        raise NotFound(f"There is no datastore named {name!r} in this workspace.")
    return found


def prepare_version(work: Work) -> None:
    """Read a version's file into its table and profile it (the body of its activity)."""
    version = DatasetVersion.objects.select_related("dataset__workspace").get(
        activity_id=work.activity.pk
    )
    work.move("running", phase="Reading the file")
    folder = blobs.temporary_folder() / f"version-{version.pk.hex}-{work.activity.attempt}"
    folder.mkdir(parents=True, exist_ok=True)

    def progress(value: float, phase: str) -> None:
        if work.should_stop():
            raise Canceled
        lifecycle.note_progress(work.activity, progress=round(value, 3), phase=phase)

    try:
        sources, files = _fetch(version, folder)
        options = ParseOptions.from_json(version.options) if version.options else None
        table, info, used = _tables(sources, options, folder, version.source["file_name"], progress)
        progress(0.75, "Computing statistics")
        result = profiling.profile_table(
            table, scratch=folder, progress=lambda share, phase: progress(0.75 + share / 4, phase)
        )
        blob = blobs.put_file(table, move=True)
        _store_version(work, version, files, used, info, blob, result)
    except FileRefused as refused:
        raise StepFailed(str(refused), errors=[refused.issue.to_json() | {"detail": refused.issue.message}]) from refused
    finally:
        _remove(folder)


def _remove(folder: Path) -> None:
    import shutil

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
        options = options or readers.detect(source, name)
        target = folder / f"table-{index}.parquet"
        infos.append(
            readers.convert(source, options, target, scratch=folder, progress=lambda v, p: progress(0.7 * v, p))
        )
        made.append(target)
    if len(made) == 1:
        return made[0], infos[0], options
    table = folder / "table.parquet"
    return table, readers.stack(made, infos, table, scratch=folder), options


def _store_version(work, version, files, options, info, blob, result) -> None:
    digests = [record["digest"] for record in files]
    named = "\n".join(f"{record['name']} {record['digest']}" for record in files)
    fingerprint = digests[0] if len(files) == 1 else hashlib.sha256(named.encode()).hexdigest()
    dataset = version.dataset
    with unit():
        work.move("completed", progress=1.0)
        blobs.refer("dataset_version", version.pk, "table", blob.digest)
        DatasetVersion.objects.filter(pk=version.pk).update(
            fingerprint=fingerprint,
            files=files,
            options=options.to_json(),
            size_bytes=sum(record["size_bytes"] for record in files),
            rows=info.rows,
            columns=len(info.columns),
            schema={
                "columns": [
                    {"name": c["name"], "dtype": c["dtype"], "role": None, "categorical": False}
                    for c in info.columns
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
    if "upload" in version.source:
        upload = Upload.objects.filter(pk=version.source["upload"]).first()
        others = DatasetVersion.objects.filter(source__upload=version.source["upload"]).exclude(pk=version.pk)
        if upload is not None and not others.exists():
            uploads.delete(upload=upload)


def store_profile(
    *, workspace: Workspace, digest: str, result: dict[str, Any], about: dict[str, Any] | None = None
) -> None:
    """Keep the statistics of a table."""
    with unit():
        Profile.objects.update_or_create(
            workspace=workspace, digest=digest, defaults={"result": result}
        )
        announce(
            workspace.pk,
            "datasets.profile_stored",
            {"digest": digest, "dataset": None, "version": None, **(about or {})},
        )


def request_profile(
    *, actor: User, workspace: Workspace, digest: str, title: str, subject: tuple[str, uuid.UUID, str]
) -> Profile:
    """Return the statistics of a table, or have them computed.

    Returns
    -------
    Profile
        With ``result``, or with the ``activity`` that computes it.
    """
    with unit():
        profile, _ = Profile.objects.select_related("activity").get_or_create(
            workspace=workspace, digest=digest
        )
        if profile.result is not None:
            return profile
        if profile.activity is None or profile.activity.status in ("failed", "canceled"):
            made = activity.create(
                workspace=workspace,
                kind="profile",
                title=f"Profile {title}",
                actor=actor,
                task="datasets.make_profile",
                subject=subject,
                context={"digest": digest},
            )
            profile.activity = made
            profile.save(update_fields=["activity", "updated_at"])
            activity.start(made)
    return profile


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


def update_dataset(*, dataset: Dataset, **fields: Any) -> Dataset:
    """Change name, description or tags.

    Raises
    ------
    Conflict
        If the new name is taken.
    """
    with unit():
        name = fields.get("name", dataset.name)
        taken = Dataset.objects.filter(workspace=dataset.workspace, name=name).exclude(pk=dataset.pk)
        if taken.exists():
            raise Conflict(
                f"A dataset named {name!r} exists. Choose another name.",
                errors=[Part("taken", "This name is taken.", pointer="/name")],
            )
        for field, value in fields.items():
            setattr(dataset, field, value)
        dataset.full_clean(exclude=["tags", "workspace", "created_by"])
        dataset.save(update_fields=[*fields, "updated_at"])
        announce(dataset.workspace_id, "datasets.dataset_changed", {"dataset": str(dataset.pk)})
    return dataset


def archive_dataset(*, dataset: Dataset) -> None:
    """Take a dataset out of the lists; pipelines that name it keep working."""
    _archive(dataset, timezone.now())


def restore_dataset(*, dataset: Dataset) -> None:
    """Bring an archived dataset back."""
    _archive(dataset, None)


def _archive(dataset: Dataset, at) -> None:
    with unit():
        Dataset.objects.filter(pk=dataset.pk).update(archived_at=at)
        dataset.archived_at = at
        announce(dataset.workspace_id, "datasets.dataset_changed", {"dataset": str(dataset.pk)})


def put_into_datastore(*, datastore: Datastore, upload: Upload, path: str) -> None:
    """Move an uploaded file to a path of a datastore."""
    from django.core.files import File

    source = uploads.complete_file(upload)
    with source.open("rb") as file:
        stores.save_file(datastore, path, File(file))
    uploads.delete(upload=upload)


def parse_preview(*, actor: User, workspace: Workspace, source: dict, options: dict | None) -> dict:
    """Show how a file would be read, without keeping anything.

    Returns
    -------
    dict
        ``options`` as used, ``columns``, ``rows``, ``issues``, ``row_estimate``.
    """
    if "upload" in source:
        upload = uploads.get(actor=actor, workspace=workspace, upload_id=source["upload"])
        return _preview(uploads.complete_file(upload), upload.file_name, options, upload.size_bytes)
    datastore = datastore_named(workspace, source["datastore"])
    first = stores.matching(datastore, source["path"])[0]
    head = blobs.temporary_folder() / f"head-{uuid.uuid4().hex}"
    try:
        with stores.open_file(datastore, first.path) as reader, head.open("wb") as writer:
            # Parquet keeps its schema at the end, so a part of it is of no use.
            limit = first.size_bytes if first.path.endswith(".parquet") else 1024 * 1024
            writer.write(reader.read(limit))
        return _preview(head, first.path, options, first.size_bytes)
    finally:
        head.unlink(missing_ok=True)


def _preview(path: Path, name: str, options: dict | None, size: int) -> dict:
    try:
        found = readers.detect(path, name) if not options else ParseOptions.from_json(options)
    except FileRefused as refused:
        raise InvalidInput(str(refused), errors=[refused.issue.to_json() | {"detail": refused.issue.message}]) from refused
    return {"options": found.to_json(), "row_estimate": None, **readers.preview(path, found)}
