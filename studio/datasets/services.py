"""Writes about datasets: register, prepare, profile."""

import uuid
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files import File
from django.db.models import F
from django.utils import timezone

from studio.core import blobs
from studio.core.activity import services as activity
from studio.core.errors import Conflict, InvalidInput, NotFound, Part
from studio.core.units import announce, unit
from studio.core.workspaces.models import User, Workspace
from studio.datasets import detection, previews, stores, uploads, workbooks
from studio.datasets.models import Dataset, DatasetKind, DatasetVersion, Datastore, Profile, Upload
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
    kind: str = DatasetKind.TABLE,
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
    kind : {"table", "file"}
        Whether the source is read as a table or kept as it is.

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
            kind=kind,
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
        Dataset.objects.filter(pk=dataset.pk).update(last_version=F("last_version") + 1, updated_at=timezone.now())
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
    if "upload" in source and actor is not None:
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


def store_profile(
    *, workspace: Workspace, digest: str, result: dict[str, Any], about: dict[str, Any] | None = None
) -> None:
    """Keep the statistics of a table."""
    with unit():
        Profile.objects.update_or_create(workspace=workspace, digest=digest, defaults={"result": result})
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
        profile, _ = Profile.objects.select_related("activity").get_or_create(workspace=workspace, digest=digest)
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
    source = uploads.complete_file(upload)
    with source.open("rb") as file:
        stores.save_file(datastore, path, File(file))
    uploads.delete(upload=upload)


def parse_preview(*, actor: User, workspace: Workspace, source: dict, options: dict | None) -> dict:
    """Show how a file would be read, without keeping anything.

    Returns
    -------
    dict
        ``options`` as used, ``columns``, ``rows``, ``issues``, ``row_estimate``,
        ``sheets`` of a workbook.
    """
    if "upload" in source and actor is not None:
        upload = uploads.get(actor=actor, workspace=workspace, upload_id=source["upload"])
        return _preview(uploads.complete_file(upload), upload.file_name, options, upload.size_bytes)
    datastore = datastore_named(workspace, source["datastore"])
    first = stores.matching(datastore, source["path"])[0]
    head = blobs.temporary_folder() / f"head-{uuid.uuid4().hex}"
    try:
        with stores.open_file(datastore, first.path) as reader, head.open("wb") as writer:
            # Parquet and workbooks keep their table of contents at the end, so a part is of no use.
            whole = first.path.lower().endswith((".parquet", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"))
            limit = first.size_bytes if whole else 1024 * 1024
            while limit > 0 and (piece := reader.read(min(limit, 4 * 1024 * 1024))):
                writer.write(piece)
                limit -= len(piece)
        return _preview(head, first.path, options, first.size_bytes)
    finally:
        head.unlink(missing_ok=True)


def _preview(path: Path, name: str, options: dict | None, size: int) -> dict:
    try:
        found = detection.detect(path, name) if not options else ParseOptions.from_json(options)
        sheets = workbooks.sheet_names(path) if found.format == "excel" else []
    except FileRefused as refused:
        raise InvalidInput(
            str(refused), errors=[refused.issue.to_json() | {"detail": refused.issue.message}]
        ) from refused
    return {"options": found.to_json(), "row_estimate": None, "sheets": sheets, **previews.preview(path, found)}
