"""DuckDB as every reader of tables uses it. A leaf: no Django; DuckDB is loaded on first use."""

import re
from pathlib import Path


def connect(folder: Path | None = None, *, memory: str = "1GB", threads: int = 2):
    """Return a DuckDB connection of its own, with a memory limit and room to spill."""
    import duckdb

    connection = duckdb.connect(":memory:")
    connection.execute(f"SET memory_limit='{memory}'; SET threads={threads}; SET enable_progress_bar=false")
    connection.execute("SET autoinstall_known_extensions=false; SET autoload_known_extensions=false")
    if folder is not None:
        connection.execute(f"SET temp_directory={literal(str(folder))}")
    return connection


def describe(connection, path: Path) -> list[tuple[str, str]]:
    """Return name and SQL type of each column of a Parquet file; it may have none."""
    import duckdb

    try:
        found = connection.execute(f"DESCRIBE SELECT * FROM read_parquet({literal(str(path))})").fetchall()
    except duckdb.InvalidInputException as error:
        if "at least one non-root column" in str(error):
            return []  # a valid file, which DuckDB alone refuses
        raise
    return [(row[0], row[1]) for row in found]


def literal(text: str) -> str:
    """Quote a text for SQL."""
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """Quote a column name for SQL."""
    return '"' + name.replace('"', '""') + '"'


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


def first_line(error: Exception) -> str:
    """Return the part of a DuckDB message that speaks of the data."""
    text = str(error).strip().splitlines()[0]
    return re.sub(r"""( (in|of) file)? ?("/[^"]*"|'/[^']*')""", "", text)[:300]
