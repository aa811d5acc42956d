"""Small tables typed as text: read with the standard library, so that validation knows their columns too."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from typing import Any

from designer.schema import Column, TableSchema

MAX_COLUMNS = 1_000
_INTEGER = re.compile(r"[+-]?\d{1,18}")
_FLOAT = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_MISSING = {"", "NA", "N/A", "NaN", "nan", "null", "NULL", "None"}


class TextInvalid(ValueError):
    """Text that is no table; carries the line and what to do."""

    def __init__(self, message: str, fix: str, line: int | None = None) -> None:
        super().__init__(message)
        self.fix = fix
        self.line = line


def read_text_table(text: str, form: str, has_header: bool) -> tuple[TableSchema, list[list[Any]]]:
    """Read a table from text.

    Parameters
    ----------
    text : str
        What was typed.
    form : {"csv", "tsv", "jsonl"}
        How it is written.
    has_header : bool
        Whether the first line holds names; not used for JSON lines.

    Returns
    -------
    tuple of TableSchema and list of lists
        The columns, and the values of each column.

    Raises
    ------
    TextInvalid
        When lines have different numbers of values, or are not JSON objects.
    """
    names, rows = _read_json_lines(text) if form == "jsonl" else _read_delimited(text, form, has_header)
    if len(names) > MAX_COLUMNS:
        raise TextInvalid(
            f"There are {len(names):,} columns; at most {MAX_COLUMNS:,} can be typed.", "Upload it as a dataset."
        )
    names = distinct_names(names)
    columns = [[row[index] for row in rows] for index in range(len(names))]
    typed = [_typed(values, form != "jsonl") for values in columns]
    schema = TableSchema(tuple(Column(name, dtype) for name, (dtype, _) in zip(names, typed, strict=True)))
    return schema, [values for _, values in typed]


def distinct_names(names: list[str]) -> list[str]:
    """Make names unique and not empty: a second ``a`` becomes ``a_2``, an empty one ``column_3``."""
    found: list[str] = []
    seen: set[str] = set()
    for position, raw in enumerate(names, start=1):
        base = raw.strip() or f"column_{position}"
        name, number = base, 2
        while name in seen or (name != base and name in names):
            name, number = f"{base}_{number}", number + 1
        seen.add(name)
        found.append(name)
    return found


def _read_delimited(text: str, form: str, has_header: bool) -> tuple[list[str], list[list[str]]]:
    reader = csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter="\t" if form == "tsv" else ",")
    try:
        lines = [(reader.line_num, row) for row in reader if row]
    except csv.Error as error:
        raise TextInvalid(
            f"Line {reader.line_num} cannot be read: {error}.", "Check the quotes.", reader.line_num
        ) from error
    if not lines:
        return [], []
    width = len(lines[0][1])
    for number, row in lines:
        if len(row) != width:
            raise TextInvalid(
                f"Line {number} has {len(row)} values, but the first line has {width}.",
                "Give every line the same number of values.",
                number,
            )
    rows = [row for _, row in lines]
    return (rows[0], rows[1:]) if has_header else ([f"column_{index + 1}" for index in range(width)], rows)


def _read_json_lines(text: str) -> tuple[list[str], list[list[Any]]]:
    objects: list[dict[str, Any]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise TextInvalid(
                f"Line {number} is not JSON: {error}.", "Write one JSON object a line.", number
            ) from error
        if not isinstance(value, dict):
            raise TextInvalid(f"Line {number} is not a JSON object.", 'Write lines like {"age": 30}.', number)
        objects.append(value)
    names = list(dict.fromkeys(name for value in objects for name in value))
    return names, [[value.get(name) for name in names] for value in objects]


def _typed(values: list[Any], from_text: bool) -> tuple[str, list[Any]]:
    """Return the data type that fits every value, and the values in it."""
    if from_text:
        present = [value.strip() for value in values if value.strip() not in _MISSING]
        if present and all(_INTEGER.fullmatch(value) for value in present):
            return "integer", [None if v.strip() in _MISSING else int(v) for v in values]
        if present and all(_FLOAT.fullmatch(value) for value in present):
            return "float", [None if v.strip() in _MISSING else float(v) for v in values]
        if present and all(value.lower() in ("true", "false") for value in present):
            return "boolean", [None if v.strip() in _MISSING else v.strip().lower() == "true" for v in values]
        return "string", [None if v.strip() in _MISSING else v for v in values]
    values = [None if isinstance(v, float) and not math.isfinite(v) else v for v in values]
    kinds = {type(value) for value in values if value is not None}
    if kinds == {bool}:
        return "boolean", values
    if kinds == {int} and all(value is None or -(2**63) <= value < 2**63 for value in values):
        return "integer", values
    if kinds and kinds <= {int, float}:
        return "float", [None if value is None else float(value) for value in values]
    return "string", [v if v is None or isinstance(v, str) else json.dumps(v, ensure_ascii=False) for v in values]
