"""How the first lines of a file would be read. A leaf: no Django."""

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from studio.datasets import workbooks
from studio.datasets.detection import HEAD_BYTES, decode_head
from studio.datasets.options import FileRefused, ParseOptions, ReadIssue
from studio.datasets.readers import as_csv, convert
from studio.datasets.tables import TableReader

_TOO_LARGE = ReadIssue(
    "not_previewed", "The workbook is too large to be shown here.", "It is read whole when the dataset is made."
)


def preview(path: Path, options: ParseOptions, *, rows: int = 50) -> dict[str, Any]:
    """Show how the first lines of a file would be read.

    Parameters
    ----------
    path : Path
        The file; only its first 512 KiB are looked at (Parquet: its first rows; a
        workbook: the first 512 KiB of its sheet).
    options : ParseOptions
        How to read it.
    rows : int
        Most rows to show.

    Returns
    -------
    dict
        ``columns``, ``rows`` and ``issues``. What cannot be read is an issue,
        not an exception, so that the options can be mended.
    """
    with tempfile.TemporaryDirectory(prefix="preview-", dir=path.parent) as folder:
        scratch = Path(folder)
        try:
            if options.format == "excel":
                if workbooks.unpacked_bytes(path) > workbooks.MAX_PREVIEWED_BYTES:
                    return {"columns": [], "rows": [], "issues": [_TOO_LARGE.to_json()]}
                path, options = as_csv(path, options, scratch)
            sample, issues = path, []
            if options.format != "parquet":
                sample, issues = _sample(path, options, scratch)
                if options.format != "jsonl":
                    options = replace(options, encoding="utf-8")
            return _show(sample, options, scratch, rows, issues)
        except FileRefused as refused:
            return {"columns": [], "rows": [], "issues": [refused.issue.to_json()]}


def _sample(path: Path, options: ParseOptions, scratch: Path) -> tuple[Path, list[ReadIssue]]:
    """Write the file's whole first lines as UTF-8."""
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
        whole = not file.read(1)
    text = decode_head(head, options.encoding)
    issues = []
    if "\ufffd" in text:
        line = text[: text.index("\ufffd")].count("\n") + 1
        issues.append(
            ReadIssue(
                "wrong_encoding",
                f"Line {line} holds bytes that are not {options.encoding}.",
                "Choose another encoding.",
                line=line,
            )
        )
    if "\x00" in text:
        raise FileRefused(
            ReadIssue("null_bytes", "The text holds null bytes.", "Choose utf-16, or upload the original file.")
        )
    if not whole and "\n" in text:
        text = text[: text.rindex("\n") + 1]
    sample = scratch / "sample"
    sample.write_text(text, encoding="utf-8", newline="")
    return sample, issues


def _show(path: Path, options: ParseOptions, scratch: Path, rows: int, issues: list[ReadIssue]) -> dict[str, Any]:
    target = scratch / "preview.parquet"
    info = convert(path, options, target, scratch=scratch)
    renamed = [c for c in info.columns if c["original_name"].strip() != c["name"]]
    if options.header and renamed and options.format in ("csv", "tsv"):
        first = renamed[0]
        issues = [
            *issues,
            ReadIssue(
                "renamed_columns",
                f"{len(renamed)} column names are blank or repeated; {first['original_name']!r} "
                f"becomes {first['name']!r}.",
                "Rename them in the file if the new names do not suit.",
            ),
        ]
    if info.rows == 0:
        issues = [*issues, ReadIssue("no_rows", "There are columns but no rows.", "This is allowed.")]
    with TableReader(target) as table:
        page = table.page(offset=0, limit=rows)
    return {
        "columns": info.columns,
        "rows": page["rows"],
        "issues": [issue.to_json() for issue in issues],
    }
