"""Several files as one archive, and what is inside one. A leaf: no Django."""

import shutil
import stat
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

LISTED = 1000
# The earliest time a zip can hold: when the files were packed must not change their bytes.
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Entry:
    """A file, by the name that it has inside."""

    name: str
    size_bytes: int


def pack(target: Path, files: Sequence[tuple[str, Path]]) -> None:
    """Write a zip of some files (name inside, path): the same files give the same bytes."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, path in sorted(files):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (stat.S_IFREG | 0o644) << 16
            with path.open("rb") as source, archive.open(entry, "w", force_zip64=True) as inside:
                shutil.copyfileobj(source, inside, 1024 * 1024)


def entries(path: Path) -> tuple[list[Entry], int] | None:
    """Return the first files of a zip, as its directory names them, and how many there are; None if it is no zip."""
    try:
        with zipfile.ZipFile(path) as archive:
            files = [entry for entry in archive.infolist() if not entry.is_dir()]
    except (zipfile.BadZipFile, OSError, NotImplementedError):
        return None
    return [Entry(entry.filename, entry.file_size) for entry in files[:LISTED]], len(files)
