"""Bytes by digest: written once, kept as long as somebody refers to them."""

import hashlib
import os
import shutil
import tempfile
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.core.files import File
from django.core.files.storage import FileSystemStorage, storages
from django.db.models import Sum
from django.utils import timezone

from studio.core.errors import NotFound
from studio.core.models import Blob, BlobReference
from studio.core.units import unit

_PIECE = 1024 * 1024


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def temporary_folder() -> Path:
    """Return the folder for files that are being written; never the system's."""
    folder = settings.DATA / "tmp"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


@dataclass(frozen=True)
class Kept:
    """Bytes that lie in the store, before a row says so."""

    digest: str
    size_bytes: int


def keep_file(path: Path, *, move: bool = False) -> Kept:
    """Store the content of a file without touching the database; :func:`record` must follow.

    Parameters
    ----------
    path : Path
        File to keep.
    move : bool
        The file may be moved rather than copied; it is gone afterwards.

    Returns
    -------
    Kept
        With digest and size in bytes.
    """
    kept = Kept(digest_of(path), path.stat().st_size)
    storage = storages["blobs"]
    name = _name(kept.digest)
    if isinstance(storage, FileSystemStorage):
        _place(path, Path(storage.path(name)), move)
    else:
        if not storage.exists(name):
            with path.open("rb") as file:
                storage.save(name, File(file))
        if move:
            path.unlink()
    return kept


def record(kept: Iterable[Kept]) -> None:
    """Say that bytes are stored. One that waited for removal is wanted again: its grace starts anew."""
    Blob.objects.bulk_create(
        [Blob(digest=digest, size_bytes=size) for digest, size in {(one.digest, one.size_bytes) for one in kept}],
        update_conflicts=True,
        unique_fields=["digest"],
        update_fields=["created_at"],
    )


def put_file(path: Path, *, move: bool = False) -> Blob:
    """Keep the content of a file.

    Parameters
    ----------
    path : Path
        File to keep.
    move : bool
        The file may be moved rather than copied; it is gone afterwards.

    Returns
    -------
    Blob
        With digest and size in bytes. Nobody refers to it yet: call
        :func:`refer` within the grace period.
    """
    kept = keep_file(path, move=move)
    record([kept])
    return Blob.objects.get(digest=kept.digest)


def put_bytes(data: bytes) -> Blob:
    """Keep some bytes."""
    handle, name = tempfile.mkstemp(dir=temporary_folder())
    path = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        return put_file(path, move=True)
    finally:
        path.unlink(missing_ok=True)


def _place(source: Path, target: Path, move: bool) -> None:
    if target.exists():
        if move:
            source.unlink()
        return
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.{uuid.uuid4().hex}")
    try:
        if move:
            try:
                os.rename(source, draft)
            except OSError:  # another file system
                shutil.copyfile(source, draft)
                source.unlink()
        else:
            shutil.copyfile(source, draft)
        # Stored bytes never change: nobody writes, every process of the studio's user reads.
        os.chmod(draft, 0o444)
        os.replace(draft, target)
    except OSError:
        draft.unlink(missing_ok=True)  # a full disk keeps no half
        raise


def _name(digest: str) -> str:
    return f"{digest[:2]}/{digest[2:4]}/{digest}"


def open_blob(digest: str) -> BinaryIO:
    """Open a blob for reading.

    Raises
    ------
    NotFound
        If the store has no such bytes.
    """
    storage = storages["blobs"]
    try:
        return storage.open(_name(digest), "rb")
    except FileNotFoundError:
        raise NotFound(f"The stored bytes {digest[:12]} are missing from the blob store.") from None


def read(digest: str) -> bytes:
    """Return the bytes of a (small) blob."""
    with open_blob(digest) as file:
        return file.read()


def local_path(digest: str) -> Path:
    """Return a path on this machine that holds the blob; fetched once when the store is remote."""
    storage = storages["blobs"]
    if isinstance(storage, FileSystemStorage):
        path = Path(storage.path(_name(digest)))
        if not path.exists():
            raise NotFound(f"The stored bytes {digest[:12]} are missing from the blob store.")
        return path
    path = settings.DATA / "cache" / _name(digest)
    if not path.exists():
        handle, draft = tempfile.mkstemp(dir=temporary_folder())
        with os.fdopen(handle, "wb") as target, open_blob(digest) as source:
            shutil.copyfileobj(source, target, _PIECE)
        _place(Path(draft), path, move=True)
    return path


def exists(digest: str) -> bool:
    """Say whether the bytes are really there, not only their row."""
    return storages["blobs"].exists(_name(digest))


def refer(owner_kind: str, owner_id: uuid.UUID, role: str, digest: str) -> None:
    """Keep a blob as long as this owner has it in this role."""
    refer_many(owner_kind, [(owner_id, role, digest)])


def refer_many(owner_kind: str, references: Iterable[tuple[uuid.UUID, str, str]]) -> None:
    """Keep blobs as long as their owners have them: owner, role and digest each."""
    BlobReference.objects.bulk_create(
        [
            BlobReference(owner_kind=owner_kind, owner_id=owner, role=role, blob_id=digest)
            for owner, role, digest in references
        ],
        update_conflicts=True,
        unique_fields=["owner_kind", "owner_id", "role"],
        update_fields=["blob"],
    )


def release(owner_kind: str, owner_ids: Iterable[uuid.UUID]) -> None:
    """Forget all references of some owners."""
    BlobReference.objects.filter(owner_kind=owner_kind, owner_id__in=list(owner_ids)).delete()


def total_bytes() -> int:
    """Return the bytes that are kept, each blob counted once."""
    return Blob.objects.aggregate(total=Sum("size_bytes"))["total"] or 0


def sweep() -> int:
    """Remove blobs that nobody has referred to for the grace period.

    Returns
    -------
    int
        Bytes freed.
    """
    limit = timezone.now() - timedelta(seconds=settings.BLOB_GRACE_S)
    storage, freed = storages["blobs"], 0
    for blob in Blob.objects.filter(references=None, created_at__lt=limit):
        with unit():
            # One statement decides, so a reference made meanwhile wins (the key protects the row).
            gone, _ = Blob.objects.filter(digest=blob.digest, references=None, created_at__lt=limit).delete()
            if gone:
                storage.delete(_name(blob.digest))
                freed += blob.size_bytes
    return freed
