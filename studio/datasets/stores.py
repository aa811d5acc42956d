"""Files of a datastore: listing, reading, and keeping inside its folder."""

import fnmatch
import hashlib
import shutil
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from django.core.files import File
from django.core.files.storage import FileSystemStorage, storages

from studio.core.errors import InvalidInput, NotFound
from studio.datasets.models import Datastore

MAX_GLOB_FILES = 1000


@dataclass(frozen=True)
class StoredFile:
    """A file of a datastore."""

    path: str
    size_bytes: int
    modified_at: Any


def safe(path: str) -> str:
    """Return a path within a datastore.

    Raises
    ------
    InvalidInput
        If it is absolute, leaves the folder or holds odd characters.
    """
    if "\x00" in path or "\\" in path or path.startswith("/") or len(path) > 1000:
        raise InvalidInput("Give a path inside the datastore, with forward slashes.")
    parts = PurePosixPath(path).parts
    if ".." in parts:
        raise InvalidInput("A path may not contain '..'.")
    return str(PurePosixPath(*parts)) if parts else ""


def _key(datastore: Datastore, path: str) -> str:
    return str(PurePosixPath(datastore.prefix, safe(path)))


def _guard_links(datastore: Datastore, path: str) -> None:
    """Refuse symbolic links that lead out of the datastore's folder."""
    storage = storages["datastores"]
    if not isinstance(storage, FileSystemStorage):
        return
    root = Path(storage.path(datastore.prefix)).resolve()
    target = Path(storage.path(_key(datastore, path))).resolve()
    if target != root and root not in target.parents:
        raise InvalidInput("This path is a link that leads out of the datastore.")


def listing(datastore: Datastore, path: str) -> tuple[list[str], list[StoredFile]]:
    """Return the folders and the files directly below a path, sorted by name."""
    storage, key = storages["datastores"], _key(datastore, path)
    _guard_links(datastore, path)
    try:
        folders, files = storage.listdir(key)
    except FileNotFoundError:
        if path in ("", "."):
            return [], []
        raise NotFound(f"There is no folder {path!r} in {datastore.name}.") from None
    except NotADirectoryError:
        raise InvalidInput(f"{path!r} is a file, not a folder.") from None
    except OSError as error:
        raise InvalidInput(f"This path cannot be read: {error.strerror}.") from error
    base = safe(path)
    paths = [(name, str(PurePosixPath(base, name))) for name in sorted(files)]
    return sorted(folders), [_stat(storage, key, full, name) for name, full in paths if _present(datastore, full)]


def _present(datastore: Datastore, path: str) -> bool:
    """Say whether a listed file is one: links that lead out or to nothing are not."""
    storage = storages["datastores"]
    if not isinstance(storage, FileSystemStorage):
        return True
    try:
        _guard_links(datastore, path)
    except InvalidInput:
        return False
    return Path(storage.path(_key(datastore, path))).exists()


def _is_link(datastore: Datastore, path: str) -> bool:
    storage = storages["datastores"]
    return isinstance(storage, FileSystemStorage) and Path(storage.path(_key(datastore, path))).is_symlink()


def _stat(storage, key: str, path: str, name: str) -> StoredFile:
    full = str(PurePosixPath(key, name))
    return StoredFile(path, storage.size(full), storage.get_modified_time(full))


def matching(datastore: Datastore, pattern: str) -> list[StoredFile]:
    """Return the files that a path or a glob names, sorted.

    Raises
    ------
    NotFound
        If there are none.
    InvalidInput
        If there are more than 1,000.
    """
    pattern = safe(pattern)
    found = []
    for file in _walk(datastore, _fixed_part(pattern)):
        if fnmatch.fnmatchcase(file.path, pattern) or file.path == pattern:
            found.append(file)
            if len(found) > MAX_GLOB_FILES:
                raise InvalidInput(f"{pattern!r} names more than {MAX_GLOB_FILES:,} files. Narrow it.")
    if not found:
        raise NotFound(f"No file in {datastore.name} matches {pattern!r}.")
    return sorted(found, key=lambda file: file.path)


def _fixed_part(pattern: str) -> str:
    parts = []
    for part in PurePosixPath(pattern).parts[:-1]:
        if any(mark in part for mark in "*?["):
            break
        parts.append(part)
    return str(PurePosixPath(*parts)) if parts else ""


def _walk(datastore: Datastore, path: str) -> Iterator[StoredFile]:
    try:
        folders, files = listing(datastore, path)
    except (NotFound, InvalidInput):
        return
    yield from files
    for folder in folders:
        below = str(PurePosixPath(path, folder))
        if not _is_link(datastore, below):  # a link may lead in a circle
            yield from _walk(datastore, below)


def open_file(datastore: Datastore, path: str) -> BinaryIO:
    """Open a file of a datastore for reading (raises NotFound)."""
    _guard_links(datastore, path)
    try:
        return storages["datastores"].open(_key(datastore, path), "rb")
    except FileNotFoundError:
        raise NotFound(f"There is no file {path!r} in {datastore.name}.") from None
    except OSError as error:
        raise InvalidInput(f"This path cannot be read: {error.strerror}.") from error


def exists(datastore: Datastore, path: str) -> bool:
    """Say whether there is a file or a folder at a path."""
    _guard_links(datastore, path)
    return storages["datastores"].exists(_key(datastore, path))


def digest_of(datastore: Datastore, path: str) -> str:
    """Return the SHA-256 of a file."""
    digest = hashlib.sha256()
    with open_file(datastore, path) as file:
        while piece := file.read(1024 * 1024):
            digest.update(piece)
    return digest.hexdigest()


def put_file(datastore: Datastore, path: str, source: Path) -> None:
    """Put a file at a path, whole or not at all; what was there before is replaced.

    Raises
    ------
    InvalidInput
        If the path is a folder, or cannot be written.
    """
    key, storage = _key(datastore, path), storages["datastores"]
    if not safe(path):
        raise InvalidInput("Give a path inside the datastore.")
    _guard_links(datastore, path)
    try:
        if isinstance(storage, FileSystemStorage):
            target = Path(storage.path(key))
            target.parent.mkdir(parents=True, exist_ok=True)
            draft = target.with_name(f".{target.name}.{uuid.uuid4().hex}")
            try:
                shutil.copyfile(source, draft)
                draft.replace(target)
            finally:
                draft.unlink(missing_ok=True)
            return
        # Object stores show an object when it is complete.
        if storage.exists(key):
            storage.delete(key)
        with source.open("rb") as file:
            storage.save(key, File(file))
    except OSError as error:
        raise InvalidInput(f"{path!r} cannot be written in {datastore.name}: {error.strerror or error}.") from error


def save_file(datastore: Datastore, path: str, content: Any) -> None:
    """Put a file into a datastore; an existing one is never replaced.

    Raises
    ------
    InvalidInput
        If a file is there already.
    """
    key = _key(datastore, path)
    _guard_links(datastore, path)
    if not safe(path) or storages["datastores"].exists(key):
        raise InvalidInput(f"{path!r} exists already in {datastore.name}. Choose another path.")
    storages["datastores"].save(key, content)
