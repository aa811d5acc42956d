"""Pages of a Parquet table, as JSON. A leaf: no Django; DuckDB is loaded on first use."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from studio.datasets.duck import connect, describe, dtype_of, identifier, literal

_EXACT_INTEGER = 2**53


class UnknownColumns(ValueError):
    """Columns were asked for that the table does not have."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(f"There is no column {', '.join(map(repr, names[:5]))}.")


class TableReader:
    """Reads pages of one Parquet file within 256 MB of memory.

    Parameters
    ----------
    path : Path
        The file.
    """

    def __init__(self, path: Path) -> None:
        self._connection = connect(memory="256MB", threads=1)
        self._source = f"read_parquet({literal(str(path))})"
        self.columns = [
            {"name": name, "dtype": dtype_of(sql_type)} for name, sql_type in describe(self._connection, path)
        ]
        self.total_rows = 0
        if self.columns:
            self.total_rows = self._connection.execute(f"SELECT count(*) FROM {self._source}").fetchone()[0]

    def __enter__(self) -> "TableReader":
        return self

    def __exit__(self, *exception) -> None:
        self._connection.close()

    def page(
        self,
        *,
        offset: int,
        limit: int,
        columns: Sequence[str] | None = None,
        sort: str | None = None,
        descending: bool = False,
        search: str = "",
    ) -> dict[str, Any]:
        """Return rows ``offset`` to ``offset + limit``.

        Parameters
        ----------
        offset, limit : int
            Which rows, ≥ 0.
        columns : sequence of str or None
            Which columns, all by default.
        sort : str or None
            Column to sort by, missing values last.
        descending : bool
            Largest first.
        search : str
            Keep only rows in which some column's text contains this.

        Returns
        -------
        dict
            ``columns``, ``rows``, ``offset``, ``total_rows`` (after the
            search), ``total_columns``. Missing is None, NaN and the infinities
            are their names, integers beyond 2^53 are text.

        Raises
        ------
        UnknownColumns
            If a column is not there.
        """
        known = {column["name"]: column for column in self.columns}
        names = list(known) if columns is None else list(columns)
        if missing := [name for name in [*names, *([sort] if sort else [])] if name not in known]:
            raise UnknownColumns(missing)
        if not known:
            return {"columns": [], "rows": [], "offset": offset, "total_rows": 0, "total_columns": 0}
        where, arguments, total = "", [], self.total_rows
        if search:
            tests = " OR ".join(f"contains(lower(CAST({identifier(name)} AS VARCHAR)), lower($1))" for name in known)
            where, arguments = f"WHERE {tests}", [search]
            total = self._connection.execute(f"SELECT count(*) FROM {self._source} {where}", arguments).fetchone()[0]
        order = ""
        if sort:
            direction = "DESC" if descending else "ASC"
            order = f"ORDER BY {identifier(sort)} {direction} NULLS LAST, file_row_number"
        # The row number makes equal values keep the table's own order, page after page.
        source = f"{self._source[:-1]}, file_row_number=true)" if sort else self._source
        picked = ", ".join(identifier(name) for name in names) or "1"
        rows = self._connection.execute(
            f"SELECT {picked} FROM {source} {where} {order} LIMIT {int(limit)} OFFSET {int(offset)}",
            arguments,
        ).fetchall()
        return {
            "columns": [{**known[name], "role": None} for name in names],
            "rows": [[cell(value) for value in row] for row in rows] if names else [],
            "offset": offset,
            "total_rows": total,
            "total_columns": len(known),
        }


def cell(value: Any) -> Any:
    """Return a table's value as JSON can carry it without lying."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int):
        return value if -_EXACT_INTEGER <= value <= _EXACT_INTEGER else str(value)
    if isinstance(value, float):
        if math.isnan(value):
            return "NaN"
        if math.isinf(value):
            return "Infinity" if value > 0 else "-Infinity"
        return value
    if isinstance(value, bytes):
        return value.hex()
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return str(value)
