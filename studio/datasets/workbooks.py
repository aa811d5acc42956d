"""Excel and OpenDocument workbooks: their sheets, and one of them as CSV. A leaf: no Django.

Only values are read: formulas show what they last computed, macros never run.
"""

import csv
import datetime
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from studio.datasets.options import FileRefused, ReadIssue

# An .xlsx is a zip: a few kilobytes may unpack to terabytes.
MAX_UNPACKED_BYTES = 1024**3
MAX_PARTS = 10_000
# A sheet is held in memory while it is read, which a web process can afford for small ones only.
MAX_PREVIEWED_BYTES = 64 * 1024**2
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


def is_workbook(path: Path, name: str = "") -> bool:
    """Say whether a file is a workbook rather than another archive or document."""
    with path.open("rb") as file:
        head = file.read(8)
    if head.startswith(_OLD_EXCEL):
        return Path(name or path.name).suffix.lower() in (".xls", ".xla", "")
    if not head.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist()[:MAX_PARTS])
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                return b"opendocument.spreadsheet" in archive.read("mimetype")
            return bool(names & {"xl/workbook.xml", "xl/workbook.bin"})
    except (zipfile.BadZipFile, OSError, KeyError, NotImplementedError):
        return False


def unpacked_bytes(path: Path) -> int:
    """Return how large a workbook is unpacked (raises FileRefused when that is out of reason)."""
    if not zipfile.is_zipfile(path):
        return path.stat().st_size
    with zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
    total = sum(part.file_size for part in parts)
    if total > MAX_UNPACKED_BYTES or len(parts) > MAX_PARTS:
        raise FileRefused(
            ReadIssue(
                "workbook_too_large",
                f"The workbook unpacks to {total >> 20:,} MiB; {MAX_UNPACKED_BYTES >> 20:,} MiB are the most.",
                "Save the sheet as CSV or Parquet.",
            )
        )
    return total


def sheet_names(path: Path) -> list[str]:
    """Return the names of a workbook's sheets, in order (raises FileRefused for a broken one)."""
    return _open(path).sheet_names


def first_rows(path: Path, sheet: str, count: int) -> list[list[str]]:
    """Return the first rows of a sheet as texts."""
    rows = []
    for row in _rows(path, sheet):
        rows.append(row)
        if len(rows) == count:
            break
    return rows


def write_csv(path: Path, sheet: str, target: Path) -> None:
    """Write a sheet as CSV in UTF-8.

    Parameters
    ----------
    path : Path
        The workbook.
    sheet : str
        Name of the sheet; blank takes the first.
    target : Path
        File to write. Dates are ISO 8601, whole numbers have no point.

    Raises
    ------
    FileRefused
        If the workbook is broken or locked, or has no such sheet.
    """
    with target.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(_rows(path, sheet))


def _rows(path: Path, sheet: str) -> Iterable[list[str]]:
    unpacked_bytes(path)
    book = _open(path)
    name = sheet or (book.sheet_names[0] if book.sheet_names else "")
    if name not in book.sheet_names:
        known = ", ".join(book.sheet_names[:10]) or "none at all"
        raise FileRefused(ReadIssue("unknown_sheet", f"There is no sheet {name!r}.", f"Choose one of: {known}."))
    for row in book.get_sheet_by_name(name).iter_rows():
        yield [_text(value) for value in row]


def _open(path: Path) -> Any:
    import python_calamine as calamine

    unpacked_bytes(path)
    try:
        return calamine.CalamineWorkbook.from_path(str(path))
    except calamine.PasswordError:
        raise FileRefused(
            ReadIssue("locked_workbook", "The workbook has a password.", "Save it without one.")
        ) from None
    except calamine.CalamineError as error:
        raise FileRefused(
            ReadIssue("broken_workbook", f"The workbook cannot be read: {error}.", "Open it and save it again.")
        ) from error


def _text(value: Any) -> str:
    """Return a cell as the text that a CSV would have."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        # 2**53 and above a float is not exact anyway, and its digits would pretend to be.
        return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(sep=" ")
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return "" if value is None else str(value)
