"""From a file to one typed Parquet table. A leaf: no Django, so a child process may load it.

Text is first read as text; a column gets the narrowest type that *every* value
takes, so nothing depends on how many lines were looked at.
"""

import codecs
import csv
import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from studio.datasets.options import FileRefused, ParseOptions, ReadIssue

_HEAD_BYTES = 512 * 1024
_DELIMITERS = ",;\t|"
_PIECE = 4 * 1024 * 1024
MAX_LINE_BYTES = 32 * 1024 * 1024
MAX_COLUMNS = 20_000
_SQL_TYPES = {
    "integer": "BIGINT",
    "float": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "datetime": "TIMESTAMP",
    "string": "VARCHAR",
}
_INFERRED = ("integer", "float", "boolean", "date", "datetime")
_NO_PROGRESS: Callable[[float, str], None] = lambda value, phase: None  # noqa: E731


@dataclass(frozen=True)
class TableInfo:
    """What a Parquet table holds: rows, and ``{"name", "dtype", "original_name"}`` per column."""

    rows: int
    columns: list[dict[str, Any]]


def connect(folder: Path | None = None, *, memory: str = "1GB", threads: int = 2):
    """Return a DuckDB connection of its own, with a memory limit and room to spill."""
    import duckdb

    connection = duckdb.connect(":memory:")
    connection.execute(f"SET memory_limit='{memory}'; SET threads={threads}")
    connection.execute("SET autoinstall_known_extensions=false; SET autoload_known_extensions=false")
    if folder is not None:
        connection.execute(f"SET temp_directory={literal(str(folder))}")
    return connection


def literal(text: str) -> str:
    """Quote a text for SQL."""
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """Quote a column name for SQL."""
    return '"' + name.replace('"', '""') + '"'


# -- detection ----------------------------------------------------------------


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
        head = file.read(_HEAD_BYTES)
    if not head.strip():
        raise FileRefused(ReadIssue("empty_file", "The file is empty.", "Choose another file."))
    if head[:4] == b"PAR1":
        return ParseOptions(format="parquet")
    ending = Path(name or path.name).suffix.lower()
    encoding = _encoding(head)
    text = decode_head(head, encoding)
    if ending in (".jsonl", ".ndjson") or (ending in ("", ".json", ".txt") and text[:1] == "{"):
        return ParseOptions(format="jsonl", encoding=encoding)
    if head[:4] in (b"PK\x03\x04", b"\x1f\x8b\x08\x08") or head[:5] == b"%PDF-":
        raise FileRefused(
            ReadIssue(
                "unknown_format",
                "This is an archive or a document, not a table.",
                "Unpack it, or save the table as CSV, TSV, JSON lines or Parquet.",
            )
        )
    delimiter = "\t" if ending in (".tsv", ".tab") else _delimiter(text)
    options = ParseOptions(
        format="tsv" if delimiter == "\t" else "csv", delimiter=delimiter, encoding=encoding
    )
    return ParseOptions(**{**options.__dict__, "header": _has_header(text, options)})


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

        best = from_bytes(head[:65536]).best()
        found = best.encoding if best is not None else "cp1252"
        return {"cp1252": "cp1252", "latin_1": "cp1252", "ascii": "utf-8"}.get(found, found)


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
    rows = list(_head_rows(text, options, 20))
    if len(rows) < 2:
        return True
    first, rest = rows[0], rows[1:]
    if any(_is_number(cell) for cell in first):
        return False
    numeric = sum(
        1
        for index in range(len(first))
        if any(index < len(row) and _is_number(row[index]) for row in rest)
    )
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
        raise FileRefused(
            ReadIssue("empty_file", "There are no lines to read.", "Skip fewer rows.")
        )
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
    """Return the names, blanks filled (``column_3``) and repeats numbered (``age_2``)."""
    taken: set[str] = set()
    given = {name.strip() for name in names}
    result = []
    for position, raw in enumerate(names, start=1):
        name = raw.replace("\x00", "").strip()[:1000] or f"column_{position}"
        unique, copy = name, 2
        while unique in taken or (unique != name and unique in given):
            unique, copy = f"{name}_{copy}", copy + 1
        taken.add(unique)
        result.append(unique)
    return result


# -- reading --------------------------------------------------------------------


def convert(
    path: Path,
    options: ParseOptions,
    target: Path,
    *,
    scratch: Path,
    progress: Callable[[float, str], None] = _NO_PROGRESS,
) -> TableInfo:
    """Write a file as one typed Parquet table.

    Parameters
    ----------
    path : Path
        The file.
    options : ParseOptions
        How to read it.
    target : Path
        Parquet file to write.
    scratch : Path
        Folder for what does not fit in memory.
    progress : callable
        Told a share in ``[0, 1]`` and what is going on.

    Returns
    -------
    TableInfo
        Rows and columns written; the order of rows is the file's.

    Raises
    ------
    FileRefused
        If it cannot be read this way, naming the line and the column.
    """
    connection = connect(scratch)
    try:
        if options.format == "parquet":
            source, columns = _parquet(connection, path)
        elif options.format == "jsonl":
            source, columns = _jsonl(connection, path, options)
        else:
            source, columns = _text(connection, path, options, scratch, progress)
        progress(0.6, "Writing the table")
        return _write(connection, source, columns, target)
    finally:
        connection.close()


def stack(
    tables: Sequence[Path], infos: Sequence[TableInfo], target: Path, *, scratch: Path
) -> TableInfo:
    """Put several Parquet tables below each other, columns matched by name.

    Parameters
    ----------
    tables : sequence of Path
        Parquet files, in order.
    infos : sequence of TableInfo
        What each holds.
    target : Path
        Parquet file to write.
    scratch : Path
        Folder for what does not fit in memory.

    Returns
    -------
    TableInfo
        Rows and columns written.

    Raises
    ------
    FileRefused
        If a column has types that do not go together.
    """
    originals = {c["name"]: c["original_name"] for info in infos for c in info.columns}
    listed = ", ".join(literal(str(path)) for path in tables)
    connection = connect(scratch)
    try:
        source = f"read_parquet([{listed}], union_by_name=true)"
        described = connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
        columns = [
            {
                "name": row[0],
                "original_name": originals.get(row[0], row[0]),
                "dtype": dtype_of(row[1]),
                "sql": identifier(row[0]),
            }
            for row in described
        ]
        return _write(connection, source, columns, target)
    finally:
        connection.close()


def _write(connection, source: str, columns: list[dict], target: Path) -> TableInfo:
    import duckdb

    picked = ", ".join(f"{c['sql']} AS {identifier(c['name'])}" for c in columns)
    try:
        rows = connection.execute(
            f"COPY (SELECT {picked} FROM {source}) TO {literal(str(target))} "
            "(FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)"
        ).fetchone()[0]
    except duckdb.Error as error:
        raise FileRefused(_issue(error)) from error
    kept = [{key: c[key] for key in ("name", "dtype", "original_name")} for c in columns]
    return TableInfo(rows, kept)


def _parquet(connection, path: Path) -> tuple[str, list[dict]]:
    import duckdb

    source = f"read_parquet({literal(str(path))})"
    try:
        described = connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
    except duckdb.Error as error:
        raise FileRefused(
            ReadIssue("broken_parquet", f"This is no readable Parquet file: {first_line(error)}", "Write it again.")
        ) from error
    names = unique_names([row[0] for row in described])
    return source, [
        {"name": unique, "original_name": row[0], "dtype": dtype_of(row[1]), "sql": _plain(row[0], row[1])}
        for unique, row in zip(names, described, strict=True)
    ]


def _jsonl(connection, path: Path, options: ParseOptions) -> tuple[str, list[dict]]:
    import duckdb

    if options.encoding not in ("utf-8", "utf-8-sig"):
        raise FileRefused(
            ReadIssue("wrong_encoding", "JSON lines are UTF-8.", "Save the file as UTF-8.")
        )
    source = (
        f"read_json({literal(str(path))}, format='newline_delimited', sample_size=-1, "
        f"maximum_object_size={MAX_LINE_BYTES})"
    )
    try:
        described = connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
    except duckdb.Error as error:
        raise FileRefused(_issue(error)) from error
    names = unique_names([row[0] for row in described])
    return source, [
        {"name": unique, "original_name": row[0], "dtype": dtype_of(row[1]), "sql": _plain(row[0], row[1])}
        for unique, row in zip(names, described, strict=True)
    ]


def _plain(name: str, sql_type: str) -> str:
    """Return the expression that makes a column one of our dtypes."""
    column = identifier(name)
    kind = sql_type.upper()
    if kind.startswith(("STRUCT", "MAP", "JSON")) or kind.endswith("]") or kind.startswith("UNION"):
        return f"CAST(to_json({column}) AS VARCHAR)"
    if kind.startswith("DECIMAL") or kind in ("HUGEINT", "UHUGEINT", "UBIGINT"):
        return f"CAST({column} AS DOUBLE)"
    if kind in ("BLOB", "BIT"):
        return f"hex({column})"
    if kind in ("UUID", "INTERVAL", "TIME WITH TIME ZONE"):
        return f"CAST({column} AS VARCHAR)"
    return column


def dtype_of(sql_type: str) -> str:
    """Return our dtype of a DuckDB type."""
    kind = sql_type.upper()
    if kind in ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"):
        return "integer"
    if kind in ("FLOAT", "DOUBLE", "HUGEINT", "UHUGEINT", "UBIGINT") or kind.startswith("DECIMAL"):
        return "float"
    if kind == "BOOLEAN":
        return "boolean"
    if kind == "DATE":
        return "date"
    if kind == "TIME":
        return "time"
    if kind.startswith("TIMESTAMP"):
        return "datetime"
    if kind.startswith("ENUM"):
        return "categorical"
    return "string"


def _text(
    connection, path: Path, options: ParseOptions, scratch: Path, progress
) -> tuple[str, list[dict]]:
    import duckdb

    names = column_names(path, options)
    if options.encoding not in ("utf-8", "utf-8-sig", "ascii"):
        progress(0.05, f"Decoding {options.encoding}")
        path = _transcode(path, options.encoding, scratch)
    source = _text_source(path, options, [unique for unique, _ in names])
    progress(0.2, "Finding column types")
    try:
        found = _types(connection, source, names, options)
    except duckdb.Error as error:
        raise FileRefused(_issue(error)) from error
    columns = []
    for unique, original in names:
        dtype = found[unique]
        columns.append(
            {
                "name": unique,
                "original_name": original,
                "dtype": dtype,
                "sql": f"CAST({_cleaned(unique, dtype, options)} AS {_SQL_TYPES[dtype]})",
            }
        )
    return source, columns


def _text_source(path: Path, options: ParseOptions, names: list[str]) -> str:
    columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in names)
    missing = ", ".join(literal(value) for value in options.missing_values) or "''"
    quote = literal(options.quote or "")
    return (
        f"read_csv({literal(str(path))}, auto_detect=false, columns={{{columns}}}, "
        f"delim={literal(options.delimiter)}, quote={quote}, escape={quote}, "
        f"header={str(options.header).lower()}, skip={options.skip_rows}, "
        f"nullstr=[{missing}], max_line_size={MAX_LINE_BYTES}, strict_mode=true)"
    )


def _cleaned(name: str, dtype: str, options: ParseOptions) -> str:
    column = identifier(name)
    if dtype == "string":
        return column
    column = f"trim({column})"
    if dtype == "float" and options.decimal == ",":
        return f"replace(replace({column}, '.', ''), ',', '.')"
    return column


def _takes(name: str, dtype: str, options: ParseOptions) -> str:
    """Return the condition that a value takes a type without losing anything."""
    cleaned = _cleaned(name, dtype, options)
    fits = f"TRY_CAST({cleaned} AS {_SQL_TYPES[dtype]}) IS NOT NULL"
    if dtype == "integer":
        # A leading zero carries meaning (post codes), a point or an exponent makes a float.
        return f"({fits} AND regexp_full_match({cleaned}, '[+-]?(0|[1-9][0-9]*)'))"
    if dtype == "float":
        return f"({fits} AND NOT regexp_matches({cleaned}, '^[+-]?0[0-9]'))"
    if dtype == "boolean":
        return f"(lower({cleaned}) IN ('true', 'false'))"
    if dtype == "date":
        return f"({fits} AND length({cleaned}) <= 10)"
    return fits


def _types(connection, source: str, names, options: ParseOptions) -> dict[str, str]:
    """Return the narrowest type that every value of each column takes."""
    wanted = options.column_types
    chosen: dict[str, str] = {}
    open_columns = [unique for unique, _ in names if unique not in wanted]
    # What the first rows rule out need not be tried on all of them.
    candidates = _count(
        connection, f"(SELECT * FROM {source} LIMIT 2000)", {n: _INFERRED for n in open_columns}, options
    )
    kept = {name: tuple(found) for name, found in candidates.items() if found}
    final = _count(connection, source, kept, options)
    for unique, _ in names:
        if unique in wanted:
            chosen[unique] = wanted[unique]
        else:
            chosen[unique] = next(iter(final.get(unique, ())), "string")
    _check_wanted(connection, source, wanted, chosen, options)
    return chosen


def _count(connection, source: str, candidates: dict[str, Sequence[str]], options) -> dict[str, list[str]]:
    pairs = [(name, dtype) for name, dtypes in candidates.items() for dtype in dtypes]
    found: dict[str, list[str]] = {name: [] for name in candidates}
    for start in range(0, len(pairs), 500):
        piece = pairs[start : start + 500]
        tests = ", ".join(
            f"count(*) FILTER ({identifier(name)} IS NOT NULL AND NOT {_takes(name, dtype, options)}), "
            f"count({identifier(name)})"
            for name, dtype in piece
        )
        counts = connection.execute(f"SELECT {tests} FROM {source}").fetchone()
        for index, (name, dtype) in enumerate(piece):
            misfits, values = counts[2 * index], counts[2 * index + 1]
            if misfits == 0 and values:
                found[name].append(dtype)
    return found


def _check_wanted(connection, source, wanted: dict[str, str], chosen, options) -> None:
    for name, dtype in wanted.items():
        if name not in chosen or dtype == "string":
            continue
        cleaned = _cleaned(name, dtype, options)
        bad = connection.execute(
            f"SELECT {identifier(name)}, count(*) OVER () FROM {source} "
            f"WHERE {identifier(name)} IS NOT NULL "
            f"AND TRY_CAST({cleaned} AS {_SQL_TYPES[dtype]}) IS NULL LIMIT 1"
        ).fetchone()
        if bad is not None:
            raise FileRefused(
                ReadIssue(
                    "wrong_type",
                    f"Column {name!r} cannot be {dtype}: {bad[1]:,} values such as {str(bad[0])[:80]!r} do not fit.",
                    "Choose another type, or add these texts to the missing-value marks.",
                    column=name,
                )
            )


def _transcode(path: Path, encoding: str, scratch: Path) -> Path:
    target = scratch / f"{path.name[:40]}.utf8"
    line = 1
    try:
        decoder = codecs.getincrementaldecoder(encoding)("strict")
        with path.open("rb") as source, target.open("w", encoding="utf-8", newline="") as sink:
            while piece := source.read(_PIECE):
                text = decoder.decode(piece)
                sink.write(text)
                line += text.count("\n")
            sink.write(decoder.decode(b"", final=True))
    except UnicodeDecodeError as error:
        raise FileRefused(
            ReadIssue(
                "wrong_encoding",
                f"After line {line}, byte 0x{error.object[error.start]:02x} is not {encoding}.",
                "Choose another encoding.",
                line=line,
            )
        ) from error
    except LookupError as error:
        raise FileRefused(
            ReadIssue("unknown_encoding", f"There is no encoding {encoding!r}.", "Choose utf-8.")
        ) from error
    return target


def first_line(error: Exception) -> str:
    """Return the part of a DuckDB message that speaks of the data."""
    text = str(error).strip().splitlines()[0]
    return re.sub(r'( in file)? ?"/[^"]*"', "", text)[:300]


def _issue(error: Exception) -> ReadIssue:
    """Turn DuckDB's message into a line, a cause and a fix."""
    text = str(error)
    number = re.search(r"(?:CSV Error on Line|in line|line)[: ]+(\d+)", text)
    line = int(number.group(1)) if number else None
    where = f"Line {line}: " if line else ""
    widths = re.search(r"Expected Number of Columns: (\d+) Found: (\d+)", text)
    if widths:
        return ReadIssue(
            "wrong_width",
            f"{where}it has {widths.group(2)} columns where {widths.group(1)} are expected.",
            "Check the delimiter and the quote, or mend the line.",
            line=line,
        )
    if "unicode" in text.lower() or "utf-8" in text.lower():
        return ReadIssue(
            "wrong_encoding",
            f"{where}the text is not UTF-8.",
            "Choose the encoding it was written in, often cp1252 or latin-1.",
            line=line,
        )
    if "quote" in text.lower():
        return ReadIssue(
            "broken_quote", f"{where}a quote is opened and not closed.", "Check the quote character.", line=line
        )
    if "JSON" in text:
        return ReadIssue(
            "broken_json", f"{where}this is no JSON object: {first_line(error)}", "One JSON object a line.", line=line
        )
    return ReadIssue("unreadable", f"{where}{first_line(error)}", "Check the options above.", line=line)


# -- preview -------------------------------------------------------------------


def preview(path: Path, options: ParseOptions, *, rows: int = 50) -> dict[str, Any]:
    """Show how the first lines of a file would be read.

    Parameters
    ----------
    path : Path
        The file; only its first 512 KiB are looked at (Parquet: its first rows).
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
    import tempfile

    with tempfile.TemporaryDirectory(prefix="preview-", dir=path.parent) as folder:
        scratch = Path(folder)
        try:
            sample, issues = path, []
            if options.format != "parquet":
                sample, issues = _sample(path, options, scratch)
                if options.format != "jsonl":
                    options = ParseOptions(**{**options.__dict__, "encoding": "utf-8"})
            return _show(sample, options, scratch, rows, issues)
        except FileRefused as refused:
            return {"columns": [], "rows": [], "issues": [refused.issue.to_json()]}


def _sample(path: Path, options: ParseOptions, scratch: Path) -> tuple[Path, list[ReadIssue]]:
    """Write the file's whole first lines as UTF-8."""
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
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


def _show(
    path: Path, options: ParseOptions, scratch: Path, rows: int, issues: list[ReadIssue]
) -> dict[str, Any]:
    from studio.datasets.tables import TableReader

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
