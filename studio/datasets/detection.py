"""What kind of file is this? Guesses that a person can overrule. A leaf: no Django."""

import codecs
import csv
import io
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from studio.datasets import workbooks
from studio.datasets.options import ENCODINGS, FileRefused, ParseOptions, ReadIssue

HEAD_BYTES = 512 * 1024
# DuckDB reads in buffers of twice this, one a thread: a larger limit would not fit its memory.
MAX_LINE_BYTES = 16 * 1024 * 1024
MAX_COLUMNS = 20_000
# The encodings that tables really come in; the many others only lead a guess astray.
_LEGACY = [name for name in ENCODINGS if not name.startswith("utf")]
_DELIMITERS = ",;\t|"
_ARCHIVES = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
# zip, gzip, bzip2, xz, zstd, 7z, old Excel, PDF, PNG
_NO_TABLES = (
    b"PK\x03\x04",
    b"\x1f\x8b",
    b"BZh",
    b"\xfd7zXZ",
    b"\x28\xb5\x2f\xfd",
    b"7z\xbc\xaf",
    b"\xd0\xcf\x11\xe0",
    b"%PDF-",
    b"\x89PNG",
)


def detect(path: Path, name: str = "") -> ParseOptions:
    """Guess how a file wants to be read.

    Parameters
    ----------
    path : Path
        The file.
    name : str
        Name it had at home, whose ending is a hint.

    Returns
    -------
    ParseOptions
        Format, encoding, delimiter and header as found.

    Raises
    ------
    FileRefused
        If the file is empty or no table at all.
    """
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    empty = FileRefused(ReadIssue("empty_file", "The file is empty.", "Choose another file."))
    if not head.strip():
        raise empty
    if head[:4] == b"PAR1":
        return ParseOptions(format="parquet")
    if head.startswith(_ARCHIVES) and workbooks.is_workbook(path, name):
        return _workbook(path)
    if head.startswith(_NO_TABLES):
        raise FileRefused(
            ReadIssue(
                "unknown_format",
                "This is an archive or a document, not a table.",
                "Keep it as a file, or save the table as Excel, CSV, TSV, JSON lines or Parquet.",
            )
        )
    ending = Path(name or path.name).suffix.lower()
    encoding = _encoding(head)
    text = decode_head(head, encoding)
    if not text.strip():
        raise empty  # a byte-order mark and no more
    if ending in (".jsonl", ".ndjson") or (ending in ("", ".json", ".txt") and text[:1] == "{"):
        return ParseOptions(format="jsonl", encoding=encoding)
    delimiter = "\t" if ending in (".tsv", ".tab") else _delimiter(text)
    options = ParseOptions(format="tsv" if delimiter == "\t" else "csv", delimiter=delimiter, encoding=encoding)
    return replace(options, header=_has_header(text, options))


def _workbook(path: Path) -> ParseOptions:
    """Choose the first sheet that has rows, and look whether its first row names the columns."""
    options = ParseOptions(format="excel")
    for sheet in workbooks.sheet_names(path):
        rows = workbooks.first_rows(path, sheet, 20)
        if any(cell for row in rows for cell in row):
            return replace(options, sheet=sheet, header=_names_columns(rows))
    raise FileRefused(ReadIssue("empty_file", "No sheet of the workbook has rows.", "Choose another file."))


def _encoding(head: bytes) -> str:
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if head.startswith(mark):
            return name
    try:
        codecs.getincrementaldecoder("utf-8")("strict").decode(head, final=False)
        return "utf-8"
    except UnicodeDecodeError:
        from charset_normalizer import from_bytes

        matches = from_bytes(head[:65536], cp_isolation=_LEGACY)
        best = matches.best()
        western = [match for match in matches if match.encoding in ("cp1252", "latin_1")]
        # Where relatives look equally likely, the most common of them.
        if best is None or any(match.chaos <= best.chaos and match.coherence >= best.coherence for match in western):
            return "cp1252"
        return best.encoding


def decode_head(head: bytes, encoding: str) -> str:
    """Decode the beginning of a file; a character cut in two at its end is left out."""
    try:
        return codecs.getincrementaldecoder(encoding)("replace").decode(head, final=False)
    except LookupError:
        raise FileRefused(
            ReadIssue("unknown_encoding", f"There is no encoding {encoding!r}.", "Choose utf-8.")
        ) from None


def _delimiter(text: str) -> str:
    """Return the delimiter that cuts the most lines into the same number of parts."""
    lines = [line for line in text.splitlines()[:50] if line.strip()][:40]
    best, best_score = ",", 0.0
    for delimiter in _DELIMITERS:
        try:
            widths = [len(row) for row in csv.reader(lines, delimiter=delimiter)]
        except csv.Error:
            continue
        usual = max(set(widths), key=widths.count)
        if usual > 1:
            score = widths.count(usual) / len(widths) + min(usual, 50) / 1000
            if score > best_score:
                best, best_score = delimiter, score
    return best


def _has_header(text: str, options: ParseOptions) -> bool:
    return _names_columns(list(_head_rows(text, options, 20)))


def _names_columns(rows: Sequence[Sequence[str]]) -> bool:
    """Say whether the first of some rows looks like names."""
    if len(rows) < 2:
        return True
    first, rest = rows[0], rows[1:]
    if any(_is_number(cell) for cell in first):
        return False
    numeric = sum(1 for index in range(len(first)) if any(index < len(row) and _is_number(row[index]) for row in rest))
    return numeric > 0 or len(set(first)) == len(first)


def _is_number(cell: str) -> bool:
    return bool(re.fullmatch(r"\s*[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?\s*", cell))


def _head_rows(text: str, options: ParseOptions, count: int):
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=options.delimiter,
        quotechar=options.quote or None,
        quoting=csv.QUOTE_MINIMAL if options.quote else csv.QUOTE_NONE,
    )
    csv.field_size_limit(MAX_LINE_BYTES)
    seen = 0
    try:
        for index, row in enumerate(reader):
            if index < options.skip_rows or not row:
                continue
            yield row
            seen += 1
            if seen >= count:
                return
    except csv.Error as error:
        raise FileRefused(
            ReadIssue(
                "broken_csv",
                f"Line {reader.line_num} cannot be read: {error}.",
                "Check delimiter, quote and encoding.",
                line=reader.line_num,
            )
        ) from error


def column_names(path: Path, options: ParseOptions) -> list[tuple[str, str]]:
    """Return (unique name, name in the file) of each column of a text table."""
    with path.open("rb") as file:
        head = file.read(MAX_LINE_BYTES)
    text = decode_head(head, options.encoding)
    first = next(iter(_head_rows(text, options, 1)), None)
    if first is None:
        raise FileRefused(ReadIssue("empty_file", "There are no lines to read.", "Skip fewer rows."))
    if len(first) > MAX_COLUMNS:
        raise FileRefused(
            ReadIssue(
                "too_many_columns",
                f"The first line has {len(first):,} columns; {MAX_COLUMNS:,} are the most.",
                "Check the delimiter, or turn the table on its side.",
            )
        )
    originals = first if options.header else [""] * len(first)
    return list(zip(unique_names(originals), originals, strict=True))


def unique_names(names: Sequence[str]) -> list[str]:
    """Return the names, blanks filled (``column_3``) and repeats numbered (``age_2``).

    Notes
    -----
    ``Age`` repeats ``age``: SQL does not tell them apart.
    """
    taken: set[str] = set()
    given = {name.strip().lower() for name in names}
    result = []
    for position, raw in enumerate(names, start=1):
        name = raw.replace("\x00", "").strip()[:1000] or f"column_{position}"
        unique, copy = name, 2
        while unique.lower() in taken or (unique != name and unique.lower() in given):
            unique, copy = f"{name}_{copy}", copy + 1
        taken.add(unique.lower())
        result.append(unique)
    return result
