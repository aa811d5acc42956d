"""From a file to one typed Parquet table. A leaf: no Django, so a child process may load it.

Text is first read as text; a column gets the narrowest type that *every* value
takes, so nothing depends on how many lines were looked at.
"""

import codecs
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from studio.datasets import workbooks
from studio.datasets.detection import MAX_LINE_BYTES, column_names, unique_names
from studio.datasets.duck import connect, dtype_of, first_line, identifier, literal
from studio.datasets.options import FileRefused, ParseOptions, ReadIssue

_PIECE = 4 * 1024 * 1024
_SQL_TYPES = {
    "integer": "BIGINT",
    "float": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "datetime": "TIMESTAMP",
    "string": "VARCHAR",
}
_INFERRED = ("integer", "float", "boolean", "date", "datetime")
_WIDE = 200
_FLOAT = "[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?"
# With a decimal comma, points may only group thousands: 11.02.2024 and 10.0.0.1 are no numbers.
_FLOAT_COMMA = "[+-]?([0-9]{1,3}([.][0-9]{3})+|[0-9]+)?(,[0-9]*)?([eE][+-]?[0-9]+)?"
_NOT_FINITE = "(?i)[+-]?(inf|infinity|nan)"
# Sixteen digits and more do not fit a float: they are numbers of accounts, not amounts.
_LONG_NUMBER = "[+-]?[1-9][0-9]{15,}"
_OFFSET = "[T ][0-9:.]+ ?[+-][0-9]{2}(:?[0-9]{2})?$"
_DATETIME = "[0-9][0-9/-]*([T ][0-9:.]+ ?(Z|[+-][0-9]{2}(:?[0-9]{2})?)?)?"


def _silent(value: float, phase: str) -> None:
    """Report progress to nobody."""


@dataclass(frozen=True)
class TableInfo:
    """What a Parquet table holds: rows, and ``{"name", "dtype", "original_name"}`` per column."""

    rows: int
    columns: list[dict[str, Any]]


def convert(
    path: Path,
    options: ParseOptions,
    target: Path,
    *,
    scratch: Path,
    progress: Callable[[float, str], None] = _silent,
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
            source, columns = _jsonl(connection, path, options, scratch)
        else:
            if options.format == "excel":
                progress(0.02, "Reading the workbook")
                path, options = as_csv(path, options, scratch)
            source, columns = _text(connection, path, options, scratch, progress)
        progress(0.6, "Writing the table")
        return _write(connection, source, columns, target)
    finally:
        connection.close()


def as_csv(path: Path, options: ParseOptions, scratch: Path) -> tuple[Path, ParseOptions]:
    """Write a workbook's sheet as CSV; returns the file, and how to read it."""
    target = scratch / "sheet.csv"
    workbooks.write_csv(path, options.sheet, target)
    return target, replace(options, format="csv", delimiter=",", quote='"', encoding="utf-8", decimal=".")


def stack(tables: Sequence[Path], infos: Sequence[TableInfo], target: Path, *, scratch: Path) -> TableInfo:
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


def _jsonl(connection, path: Path, options: ParseOptions, scratch: Path) -> tuple[str, list[dict]]:
    import duckdb

    if options.encoding not in ("utf-8", "utf-8-sig"):
        raise FileRefused(ReadIssue("wrong_encoding", "JSON lines are UTF-8.", "Save the file as UTF-8."))
    if options.encoding == "utf-8-sig":
        path = _transcode(path, options.encoding, scratch)
    source = (
        f"read_json({literal(str(path))}, format='newline_delimited', sample_size=-1, "
        f"maximum_object_size={MAX_LINE_BYTES})"
    )
    try:
        described = connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
    except duckdb.Error as error:
        raise FileRefused(_json_issue(path, error)) from error
    names = unique_names([row[0] for row in described])
    return source, [
        {"name": unique, "original_name": row[0], "dtype": dtype_of(row[1]), "sql": _plain(row[0], row[1])}
        for unique, row in zip(names, described, strict=True)
    ]


def _plain(name: str, sql_type: str) -> str:
    """Return the expression that makes a column one of our dtypes."""
    column = identifier(name)
    kind = sql_type.upper()
    if kind.startswith(("STRUCT", "MAP", "JSON", "UNION")) or kind.endswith("]"):
        return f"CAST(to_json({column}) AS VARCHAR)"
    if kind.startswith("DECIMAL") or kind in ("HUGEINT", "UHUGEINT", "UBIGINT"):
        return f"CAST({column} AS DOUBLE)"
    if kind in ("BLOB", "BIT"):
        return f"hex({column})"
    if kind == "TIMESTAMP WITH TIME ZONE":
        return f"make_timestamp(epoch_us({column}))"  # UTC, as everywhere
    if kind in ("UUID", "INTERVAL", "TIME WITH TIME ZONE"):
        return f"CAST({column} AS VARCHAR)"
    return column


def _text(connection, path: Path, options: ParseOptions, scratch: Path, progress) -> tuple[str, list[dict]]:
    import duckdb

    names = column_names(path, options)
    if options.encoding not in ("utf-8", "utf-8-sig", "ascii"):
        progress(0.05, f"Decoding {options.encoding}")
        path = _transcode(path, options.encoding, scratch)
    _refuse_null_bytes(path)
    _refuse_long_lines(path)
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
                "sql": _value(unique, dtype, options),
            }
        )
    return source, columns


def _refuse_long_lines(path: Path) -> None:
    """Refuse a line that is longer than a buffer: DuckDB would leave it out without a word."""
    line, length, end = 1, 0, b"\n"
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            if line == 1 and length == 0 and end not in piece and b"\r" in piece:
                end = b"\r"
            first = piece.find(end)
            if length + (len(piece) if first < 0 else first) > MAX_LINE_BYTES:
                raise FileRefused(
                    ReadIssue(
                        "long_line",
                        f"Line {line} is longer than {MAX_LINE_BYTES // 1024**2} MiB.",
                        "Check the quote character, or shorten the line.",
                        line=line,
                    )
                )
            line += piece.count(end)
            length = length + len(piece) if first < 0 else len(piece) - piece.rfind(end) - 1


def _text_source(path: Path, options: ParseOptions, names: list[str]) -> str:
    columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in names)
    missing = ", ".join(literal(value) for value in options.missing_values) or "''"
    quote = literal(options.quote or "")
    return (
        f"read_csv({literal(str(path))}, auto_detect=false, columns={{{columns}}}, "
        f"delim={literal(options.delimiter)}, quote={quote}, escape={quote}, "
        f"header={str(options.header).lower()}, skip={options.skip_rows}, "
        f"nullstr=[{missing}], max_line_size={MAX_LINE_BYTES}, buffer_size={2 * MAX_LINE_BYTES}, strict_mode=true)"
    )


def _cleaned(name: str, dtype: str, options: ParseOptions) -> str:
    column = identifier(name)
    if dtype == "string":
        return column
    column = f"trim({column})"
    if dtype == "float" and options.decimal == ",":
        return f"replace(replace({column}, '.', ''), ',', '.')"
    return column


def _value(name: str, dtype: str, options: ParseOptions) -> str:
    """Return a text as its type, NULL where it is none."""
    cleaned = _cleaned(name, dtype, options)
    cast = f"TRY_CAST({cleaned} AS {_SQL_TYPES[dtype]})"
    if dtype == "datetime":
        # The plain cast drops an offset without a word; a moment is kept in UTC.
        moment = f"make_timestamp(epoch_us(TRY_CAST({cleaned} AS TIMESTAMPTZ)))"
        return f"CASE WHEN regexp_matches({cleaned}, '{_OFFSET}') THEN {moment} ELSE {cast} END"
    return cast


def _fits(name: str, dtype: str, options: ParseOptions) -> str:
    """Return the condition that a text is a value of a type that a person asked for."""
    raw, fits = f"trim({identifier(name)})", f"{_value(name, dtype, options)} IS NOT NULL"
    if dtype == "integer":
        return f"({fits} AND regexp_full_match({raw}, '[+-]?[0-9]+([.]0*)?'))"
    if dtype == "float":
        shape = _FLOAT_COMMA if options.decimal == "," else _FLOAT
        finite = f"isfinite({_value(name, dtype, options)})"
        return (
            f"({fits} AND (regexp_full_match({raw}, '{_NOT_FINITE}') "
            f"OR (regexp_full_match({raw}, '{shape}') AND {finite})))"
        )
    if dtype == "date":
        return f"({fits} AND regexp_full_match({raw}, '[0-9][0-9/-]*'))"
    if dtype == "datetime":
        return f"({fits} AND regexp_full_match({raw}, '{_DATETIME}'))"
    return fits


def _takes(name: str, dtype: str, options: ParseOptions) -> str:
    """Return the condition that a value takes a type without losing anything."""
    raw, fits = f"trim({identifier(name)})", _fits(name, dtype, options)
    if dtype == "integer":
        # A leading zero carries meaning (post codes), a point or an exponent makes a float.
        return f"({fits} AND regexp_full_match({raw}, '[+-]?(0|[1-9][0-9]*)'))"
    if dtype == "float":
        return (
            f"({fits} AND NOT regexp_matches({raw}, '^[+-]?0[0-9]') AND NOT regexp_full_match({raw}, '{_LONG_NUMBER}'))"
        )
    if dtype == "boolean":
        return f"(lower({raw}) IN ('true', 'false'))"
    if dtype == "date":
        return f"({fits} AND length({raw}) <= 10)"
    return fits


def _types(connection, source: str, names, options: ParseOptions) -> dict[str, str]:
    """Return the narrowest type that every value of each column takes."""
    wanted = options.column_types
    chosen: dict[str, str] = {}
    open_columns = [unique for unique, _ in names if unique not in wanted]
    # What the first rows rule out need not be tried on all of them.
    candidates = _count(
        connection, f"(SELECT * FROM {source} LIMIT 2000)", dict.fromkeys(open_columns, _INFERRED), options
    )
    kept: dict[str, Sequence[str]] = {name: tuple(found) for name, found in candidates.items() if found}
    final = _count(connection, source, kept, options)
    for unique, _ in names:
        if unique in wanted:
            chosen[unique] = wanted[unique]
        else:
            chosen[unique] = next(iter(final.get(unique, ())), "string")
    _check_wanted(connection, source, wanted, chosen, options)
    return chosen


def _count(connection, source: str, candidates: dict[str, Sequence[str]], options) -> dict[str, list[str]]:
    if len(candidates) > _WIDE:
        return _count_wide(connection, source, candidates, options)
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


def _count_wide(connection, source: str, candidates: dict[str, Sequence[str]], options) -> dict[str, list[str]]:
    """Count misfits with one set of expressions for all columns: planning 25,000 of them takes a minute."""
    picked = ", ".join(identifier(name) for name in candidates)
    tests = ", ".join(f"count(*) FILTER (NOT {_takes('value', dtype, options)})" for dtype in _INFERRED)
    rows = connection.execute(
        f"SELECT name, {tests} FROM (UNPIVOT (SELECT {picked} FROM {source}) ON COLUMNS(*) INTO NAME name VALUE value) "
        "GROUP BY name"
    ).fetchall()
    misfits = {name: dict(zip(_INFERRED, counts, strict=True)) for name, *counts in rows}
    return {
        name: [dtype for dtype in dtypes if name in misfits and misfits[name][dtype] == 0]
        for name, dtypes in candidates.items()
    }


def _check_wanted(connection, source, wanted: dict[str, str], chosen, options) -> None:
    for name, dtype in wanted.items():
        if name not in chosen or dtype == "string":
            continue
        bad = connection.execute(
            f"SELECT {identifier(name)}, count(*) OVER () FROM {source} "
            f"WHERE {identifier(name)} IS NOT NULL "
            f"AND NOT {_fits(name, dtype, options)} LIMIT 1"
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


def _refuse_null_bytes(path: Path) -> None:
    """No text has them, and not every database takes them."""
    line = 1
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            place = piece.find(b"\x00")
            if place >= 0:
                line += piece.count(b"\n", 0, place)
                raise FileRefused(
                    ReadIssue(
                        "null_bytes",
                        f"Line {line} holds a null byte.",
                        "Choose utf-16 if that is its encoding, or save the table as text.",
                        line=line,
                    )
                )
            line += piece.count(b"\n")


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


def _json_issue(path: Path, error: Exception) -> ReadIssue:
    """Find the line that is no JSON: DuckDB leaves blank lines out when it counts."""
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                if line.strip():
                    json.loads(line)
            except ValueError as cause:
                if isinstance(cause, UnicodeDecodeError):
                    return _issue(UnicodeError(f"in line {number} is no Unicode"))
                reason = cause.msg if isinstance(cause, json.JSONDecodeError) else str(cause)
                message = f"Line {number} is no JSON object: {reason}."
                return ReadIssue("broken_json", message, "One JSON object a line.", line=number)
    return _issue(error)


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
    if "maximum line size" in text.lower():
        return ReadIssue(
            "long_line",
            f"{where}it is too long: {MAX_LINE_BYTES // 1024**2} MiB are read at least.",
            "Check the quote character, or shorten the line.",
            line=line,
        )
    if "invalid state" in text:
        return ReadIssue(
            "mixed_line_ends",
            f"{where}lines end in different ways, some in CR LF and some in LF or CR.",
            "Save the file with one kind of line end.",
            line=line,
        )
    # Every message lists the options, and with them the word "quote".
    if "unterminated quote" in text.lower():
        return ReadIssue(
            "broken_quote", f"{where}a quote is opened and not closed.", "Check the quote character.", line=line
        )
    if "JSON" in text:
        return ReadIssue(
            "broken_json", f"{where}this is no JSON object: {first_line(error)}", "One JSON object a line.", line=line
        )
    return ReadIssue("unreadable", f"{where}{first_line(error)}", "Check the options above.", line=line)
