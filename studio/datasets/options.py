"""How a file is read: options, what was found wrong, and the error that stops. Pure."""

from dataclasses import asdict, dataclass, field, replace
from typing import Any

FORMATS = ("csv", "tsv", "jsonl", "parquet", "excel")
MISSING = ("", "NA", "N/A", "NaN", "nan", "null", "NULL")
DTYPES = ("integer", "float", "boolean", "string", "datetime", "date")
ENCODINGS = (
    "utf-8",
    "utf-8-sig",
    "utf-16",
    "cp1252",
    "latin-1",
    "cp1250",
    "cp1251",
    "shift_jis",
    "gb18030",
    "euc_kr",
    "big5",
)


@dataclass(frozen=True)
class ParseOptions:
    """How to read a file.

    Parameters
    ----------
    format : {"csv", "tsv", "jsonl", "parquet", "excel"}
        Kind of file; the rest concerns text tables only, and what fits them
        sheets of a workbook.
    sheet : str
        Sheet of a workbook; blank takes the first.
    delimiter, quote, decimal : str
        One character each.
    header : bool
        The first line names the columns.
    encoding : str
        Python's name of the text encoding.
    skip_rows : int
        Lines before the header (or the data), ≥ 0.
    missing_values : tuple of str
        Texts that mean *missing*.
    column_types : dict
        Column name → dtype, for columns whose found type is not wanted.
    """

    format: str = "csv"
    delimiter: str = ","
    quote: str = '"'
    header: bool = True
    encoding: str = "utf-8"
    skip_rows: int = 0
    missing_values: tuple[str, ...] = MISSING
    column_types: dict[str, str] = field(default_factory=dict)
    decimal: str = "."
    sheet: str = ""

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "missing_values": list(self.missing_values)}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "ParseOptions":
        known = {name: value for name, value in data.items() if name in cls.__dataclass_fields__}
        if "missing_values" in known:
            known["missing_values"] = tuple(known["missing_values"])
        return replace(cls(), **known)


@dataclass(frozen=True)
class ReadIssue:
    """Something about a file that a person should know."""

    code: str
    message: str
    fix: str
    line: int | None = None
    column: str | None = None

    def to_json(self) -> dict[str, Any]:
        return {key: value for key, value in asdict(self).items() if value is not None}


class FileRefused(Exception):
    """The file cannot be read this way."""

    def __init__(self, issue: ReadIssue) -> None:
        super().__init__(f"{issue.message} {issue.fix}")
        self.issue = issue
