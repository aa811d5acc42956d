"""Uploads in pieces: what has arrived lies in the data folder and survives a restart."""

import os
import re
import uuid
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from studio.core.errors import Conflict, InvalidInput, NotFound, Part, TooLarge
from studio.core.units import unit
from studio.core.workspaces.models import User, Workspace
from studio.datasets.models import Upload

LIFETIME = timedelta(days=2)


def path_of(upload: Upload) -> Path:
    """Return the file that takes the pieces."""
    folder = settings.DATA / "uploads"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / upload.pk.hex


def clean_name(name: str) -> str:
    """Return the last part of a file name, without control characters."""
    last = re.split(r"[\\/]", name)[-1]
    return re.sub(r"[\x00-\x1f\x7f]", "", last).strip()[:255] or "upload"


def create(*, actor: User, workspace: Workspace, file_name: str, size_bytes: int) -> Upload:
    """Announce a file.

    Raises
    ------
    TooLarge
        If it is larger than the studio takes.
    InvalidInput
        If it is empty.
    """
    if size_bytes > settings.UPLOAD_LIMIT_BYTES:
        raise TooLarge(
            f"The file has {size_bytes:,} bytes; {settings.UPLOAD_LIMIT_BYTES:,} are the most "
            "(STUDIO_UPLOAD_LIMIT_BYTES). Put it into the datastore's folder instead."
        )
    if size_bytes == 0:
        raise InvalidInput(
            "The file is empty. Choose another file.",
            errors=[Part("empty_file", "The file is empty.", pointer="/size_bytes")],
        )
    free = os.statvfs(settings.DATA)
    if free.f_bavail * free.f_frsize < size_bytes * 2:
        raise TooLarge("The studio's disk has no room for this file and the table made of it.")
    with unit():
        upload = Upload.objects.create(
            workspace=workspace,
            user=actor,
            file_name=clean_name(file_name),
            size_bytes=size_bytes,
            expires_at=timezone.now() + LIFETIME,
        )
    path_of(upload).touch(mode=0o600)
    return upload


def get(*, actor: User, workspace: Workspace, upload_id: uuid.UUID) -> Upload:
    """Return the actor's own upload (raises NotFound)."""
    found = Upload.objects.filter(workspace=workspace, user=actor, pk=upload_id).first()
    if found is None:
        raise NotFound("There is no such upload; it may have expired. Start it again.")
    return found


def append(*, upload: Upload, offset: int, stream, length: int) -> Upload:
    """Write one piece at its place.

    Raises
    ------
    Conflict
        If the piece does not begin where the last one ended; ``current_offset``
        says where to go on.
    TooLarge
        If it is longer than what is left.
    """
    if offset != upload.offset:
        raise Conflict(
            f"The upload has {upload.offset:,} bytes: go on from there, not from {offset:,}.",
            current_offset=upload.offset,
        )
    if length > upload.size_bytes - offset:
        raise TooLarge(f"Only {upload.size_bytes - offset:,} bytes are left of this upload.")
    path = path_of(upload)
    try:
        with path.open("r+b") as file:
            file.seek(offset)
            written = 0
            while piece := stream.read(min(1024 * 1024, length - written)):
                file.write(piece)
                written += len(piece)
            file.truncate()
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        os.truncate(path, offset)  # what came of this piece takes no room
        raise
    with unit():
        moved = Upload.objects.filter(pk=upload.pk, offset=offset).update(
            offset=offset + written, expires_at=timezone.now() + LIFETIME
        )
    upload.refresh_from_db()
    if not moved:
        raise Conflict("Another piece was written at the same time.", current_offset=upload.offset)
    return upload


def complete_file(upload: Upload) -> Path:
    """Return the file of a complete upload (raises Conflict while pieces are missing)."""
    if not upload.complete:
        raise Conflict(
            f"{upload.offset:,} of {upload.size_bytes:,} bytes have arrived. Send the rest first.",
            current_offset=upload.offset,
        )
    return path_of(upload)


def delete(*, upload: Upload) -> None:
    """Forget an upload and its bytes."""
    with unit():
        Upload.objects.filter(pk=upload.pk).delete()
    path_of(upload).unlink(missing_ok=True)


def sweep() -> int:
    """Delete expired uploads; returns how many."""
    expired = list(Upload.objects.filter(expires_at__lt=timezone.now()))
    for upload in expired:
        delete(upload=upload)
    return len(expired)
