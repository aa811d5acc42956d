"""Reads about datasets."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from studio.core import blobs
from studio.core.errors import Conflict, InvalidInput, NotFound
from studio.core.workspaces.models import Workspace
from studio.datasets import archives, stores
from studio.datasets.models import Dataset, DatasetKind, DatasetVersion, Datastore
from studio.datasets.tables import TableReader, UnknownColumns


def datasets(workspace: Workspace, *, archived: bool = False) -> QuerySet[Dataset]:
    """Return the datasets of a workspace, each with facts of its newest version."""
    newest = DatasetVersion.objects.filter(dataset=OuterRef("pk")).order_by("-version")

    def fact(name: str) -> Subquery:
        return Subquery(newest.values(name)[:1])

    rows = Dataset.objects.select_related("created_by").filter(workspace=workspace)
    rows = rows.exclude(archived_at=None) if archived else rows.filter(archived_at=None)
    return rows.annotate(
        rows=fact("rows"),
        columns=fact("columns"),
        size_bytes=fact("size_bytes"),
        status=fact("activity__status"),
    )


def dataset(workspace: Workspace, dataset_id: uuid.UUID) -> Dataset:
    """Return one dataset, archived or not (raises NotFound)."""
    for archived in (False, True):
        found = datasets(workspace, archived=archived).filter(pk=dataset_id).first()
        if found is not None:
            found.workspace = workspace
            return found
    raise NotFound("There is no such dataset in this workspace.")


def versions(found: Dataset) -> QuerySet[DatasetVersion]:
    return (
        DatasetVersion.objects.select_related("activity__actor", "dataset", "created_by")
        .filter(dataset=found)
        .order_by("-version")
    )


def version(found: Dataset, number: int) -> DatasetVersion:
    """Return one version (raises NotFound)."""
    row = versions(found).filter(version=number).first()
    if row is None:
        raise NotFound(f"{found.name} has no version {number}.")
    return row


def resolve(workspace: Workspace, reference: dict[str, Any]) -> DatasetVersion | None:
    """Return the version that a pipeline names, or None when there is none.

    Parameters
    ----------
    workspace : Workspace
        Where to look; another workspace's dataset is never found.
    reference : dict
        ``{"id"?, "name"?, "version": number or "latest"}``; the name counts
        where the id is not known here (a pipeline from elsewhere).

    Returns
    -------
    DatasetVersion or None
        ``latest`` is the newest version that is ready, else the newest.
    """
    rows = Dataset.objects.filter(workspace=workspace)
    found = None
    if reference.get("id"):
        try:
            found = rows.filter(pk=uuid.UUID(str(reference["id"]))).first()
        except ValueError:
            return None
    if found is None and reference.get("name"):
        found = rows.filter(name=str(reference["name"])).first()
    if found is None:
        return None
    wanted = reference.get("version", "latest")
    if wanted == "latest":
        ready = versions(found).filter(activity__status="completed").first()
        return ready or versions(found).first()
    return versions(found).filter(version=wanted).first() if isinstance(wanted, int) else None


def ready_file(found: DatasetVersion) -> str:
    """Return the digest of a file dataset's bytes (raises Conflict while there are none, or for a table)."""
    if found.dataset.kind != DatasetKind.FILE:
        raise Conflict(f"{found.dataset.name} is a table; only a file dataset lists files.")
    if not found.file_digest:
        raise Conflict(
            f"{found.dataset.name} version {found.version} is {found.activity.status}: its file is not ready."
        )
    return found.file_digest


def files_of(found: DatasetVersion) -> dict[str, Any]:
    """Return what is inside a file dataset: the entries of an archive, else the file itself.

    Returns
    -------
    dict
        ``entries`` (at most 1,000, with ``name`` and ``size_bytes``), ``count`` of all, ``is_archive``.
    """
    inside = archives.entries(blobs.local_path(ready_file(found)))
    if inside is None:
        listed = [archives.Entry(record["name"], record["size_bytes"]) for record in found.files]
        return {"entries": listed, "count": len(listed), "is_archive": False}
    return {"entries": inside[0], "count": inside[1], "is_archive": True}


def ready_table(found: DatasetVersion) -> str:
    """Return the digest of a version's table (raises Conflict while there is none)."""
    if found.dataset.kind == DatasetKind.FILE:
        raise Conflict(f"{found.dataset.name} is a file: it has no table. Look at its files, or download it.")
    if not found.table_digest:
        raise Conflict(f"{found.dataset.name} version {found.version} is {found.activity.status}: it has no table yet.")
    return found.table_digest


def table_page(digest: str, **asked: Any) -> dict[str, Any]:
    """Return a page of a stored table (raises InvalidInput for unknown columns)."""
    try:
        with TableReader(blobs.local_path(digest)) as table:
            return table.page(**asked)
    except UnknownColumns as error:
        raise InvalidInput(str(error)) from error


@dataclass(frozen=True)
class Drift:
    """Files in a datastore are not what they were when the version was made."""

    expected: str
    found: str


def drift(found: DatasetVersion) -> Drift | None:
    """Say whether the files behind a version were changed in place (size or time differs)."""
    if "datastore" not in found.source or not found.files:
        return None
    datastore = Datastore.objects.filter(workspace=found.dataset.workspace_id, name=found.source["datastore"]).first()
    if datastore is None:
        return Drift(found.fingerprint[:12], "the datastore is gone")
    try:
        now = {file.path: file for file in stores.matching(datastore, found.source["path"])}
    except NotFound:
        return Drift(found.fingerprint[:12], "the files are gone")
    for record in found.files:
        file = now.pop(record["name"], None)
        if file is None:
            return Drift(found.fingerprint[:12], f"{record['name']} is gone")
        same_time = file.modified_at.isoformat() == record.get("modified_at")
        if file.size_bytes != record["size_bytes"]:
            return Drift(found.fingerprint[:12], f"{record['name']} has another size")
        if not same_time and stores.digest_of(datastore, file.path) != record["digest"]:
            return Drift(found.fingerprint[:12], f"{record['name']} has other bytes")
    if now:
        return Drift(found.fingerprint[:12], f"{len(now)} more files match")
    return None
