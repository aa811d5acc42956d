"""From which input column each output column of a SQL query comes, and of what type it is, told without running it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from designer.schema import NUMERIC, Column, TableSchema

MAX_QUERY_LENGTH = 100_000
# This runs while a page waits.
MAX_DEPTH = 100
MAX_PARTS = 20_000
Origin = tuple[str, str]


@dataclass(frozen=True)
class Output:
    """One column of the result.

    Parameters
    ----------
    name : str or None
        Its name, where the query says it.
    dtype : str or None
        Of ``designer.schema.DTYPES``, where it can be told.
    origin : tuple of str and str, or None
        Table and column that it passes through unchanged.
    uses : frozenset
        Table and column of everything it is made of.
    """

    name: str | None
    dtype: str | None
    origin: Origin | None
    uses: frozenset[Origin]


def trace(query: str, tables: Mapping[str, TableSchema]) -> tuple[Output, ...] | None:
    """Trace the columns of a query's result to the columns of its tables.

    Parameters
    ----------
    query : str
        One SELECT in the dialect of DuckDB.
    tables : mapping
        Table name to the columns of every table that the query may read.

    Returns
    -------
    tuple of Output, or None
        One entry per column of the result; None when the query cannot be followed.

    Examples
    --------
    >>> found = trace("SELECT a AS b FROM t1", {"t1": TableSchema.of(a="integer")})
    >>> found[0].name, found[0].dtype, found[0].origin
    ('b', 'integer', ('t1', 'a'))
    """
    return _trace(query, tuple(sorted(tables.items())))


@lru_cache(maxsize=256)
def _trace(query: str, tables: tuple[tuple[str, TableSchema], ...]) -> tuple[Output, ...] | None:
    if len(query) > MAX_QUERY_LENGTH:
        return None
    import sqlglot
    from sqlglot import exp
    from sqlglot.errors import SqlglotError
    from sqlglot.optimizer.qualify import qualify
    from sqlglot.optimizer.scope import build_scope

    columns = {name.lower(): {column.name.lower(): column for column in schema.columns} for name, schema in tables}
    if any(len(columns[name.lower()]) < len(schema.columns) for name, schema in tables):
        # Names that differ in case only get new names in the database.
        return None
    try:
        tree = sqlglot.parse_one(query, dialect="duckdb")
        if not isinstance(tree, (exp.Select, exp.SetOperation, exp.Subquery)) or _reads_others(tree, columns):
            return None
        if _is_too_complex(tree):
            return None
        spelled = _spellings(tree)
        schema: dict[str, object] = {
            table: {name: _SQL_TYPES.get(column.dtype, "VARCHAR") for name, column in found.items()}
            for table, found in columns.items()
        }
        tree = qualify(tree, schema=schema, dialect="duckdb", validate_qualify_columns=False)
        scope = build_scope(tree)
        if scope is None or any(_multiplies(part) for select in tree.selects for part in select.walk()):
            return None
        return tuple(_Tracer(columns, spelled).outputs(scope))
    except (SqlglotError, RecursionError, _Lost):
        # The parser follows most of the dialect; what it does not follow has no lineage.
        return None


def _is_too_complex(tree: Any) -> bool:
    """Say whether following a query would take long: the time grows with the square of its depth."""
    parts, waiting = 0, [(tree, 0)]
    while waiting:
        part, depth = waiting.pop()
        parts += 1
        if depth > MAX_DEPTH or parts > MAX_PARTS:
            return True
        waiting += [(inner, depth + 1) for inner in part.iter_expressions()]
    return False


class _Lost(Exception):
    """A column that leads to none of the tables."""


def _spellings(tree: Any) -> dict[str, str]:
    """Return the names that the query gives to columns, as they are written; the parser writes them in lower case."""
    from sqlglot import exp

    given = [found.alias for found in tree.find_all(exp.Alias)]
    given += [column.name for found in tree.find_all(exp.TableAlias) for column in found.columns]
    found: dict[str, set[str]] = {}
    for name in given:
        found.setdefault(name.lower(), set()).add(name)
    return {name: spellings.pop() for name, spellings in found.items() if len(spellings) == 1}


def _reads_others(tree: Any, columns: Mapping[str, Any]) -> bool:
    from sqlglot import exp

    known = {*columns, *(found.alias.lower() for found in tree.find_all(exp.CTE))}
    return any(table.name.lower() not in known or table.db for table in tree.find_all(exp.Table))


def _multiplies(part: Any) -> bool:
    """Say whether one expression may stand for several columns: a star that was not expanded, or COLUMNS(…)."""
    from sqlglot import exp

    if isinstance(part, exp.Anonymous):
        return part.name.upper() == "COLUMNS"
    return isinstance(part, (exp.Columns, exp.PositionalColumn)) or (
        isinstance(part, exp.Star) and not isinstance(part.parent, exp.Count)
    )


_SQL_TYPES = {
    "integer": "BIGINT", "float": "DOUBLE", "boolean": "BOOLEAN", "datetime": "TIMESTAMP", "date": "DATE",
    "time": "TIME", "duration": "INTERVAL",
}  # fmt: skip
_CASTS = {
    **dict.fromkeys(("TINYINT", "SMALLINT", "INT", "BIGINT", "UTINYINT", "USMALLINT", "UINT", "UBIGINT"), "integer"),
    **dict.fromkeys(("FLOAT", "DOUBLE", "DECIMAL"), "float"),
    **dict.fromkeys(("VARCHAR", "TEXT"), "string"),
    **dict.fromkeys(("TIMESTAMP", "TIMESTAMPTZ", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS"), "datetime"),
    "BOOLEAN": "boolean", "DATE": "date", "TIME": "time",
}  # fmt: skip


class _Tracer:
    """Walks from the columns of a result down through subqueries to the tables."""

    def __init__(self, columns: Mapping[str, Mapping[str, Column]], spelled: Mapping[str, str]) -> None:
        self.columns = columns
        self.spelled = spelled
        self.following: set[tuple[int, str]] = set()

    def outputs(self, scope: Any) -> Iterator[Output]:
        for index, name in enumerate(_selected(scope.expression)):
            found = self.position(scope, index)
            shown = found.name or self.spelled.get(name.lower())
            yield Output(shown, found.dtype, found.origin, found.uses)

    def position(self, scope: Any, index: int) -> Output:
        """Describe one column of a scope; both sides of a UNION must agree."""
        if scope.set_operation_scopes:
            parts = [self.position(part, index) for part in scope.set_operation_scopes]
            first, uses = parts[0], frozenset().union(*(part.uses for part in parts))
            dtype = first.dtype if len({part.dtype for part in parts}) == 1 else None
            origin = first.origin if len({part.origin for part in parts}) == 1 else None
            return Output(first.name, dtype, origin, uses)
        return self.value(scope.expression.selects[index], scope)

    def value(self, node: Any, scope: Any) -> Output:
        """Describe an expression within a scope."""
        from sqlglot import exp

        inner = node.unalias()
        name = self.spelled.get(node.alias.lower()) if isinstance(node, exp.Alias) else None
        while isinstance(inner, exp.Paren):
            inner = inner.this
        if isinstance(inner, exp.Column):
            found = self.column(inner, scope)
            renamed = name is not None and found.name is not None and name.lower() != found.name.lower()
            return Output(name if renamed else found.name or name, found.dtype, found.origin, found.uses)
        parts = [self.column(part, scope) for part in inner.find_all(exp.Column)]
        uses = frozenset().union(*(part.uses for part in parts)) if parts else frozenset()
        origin, dtype = None, _dtype(inner, lambda part: self.value(part, scope).dtype)
        if isinstance(inner, exp.Coalesce) and parts and _is_shared_key(inner):
            # JOIN … USING (k): the key of both tables under one name.
            origin, name = parts[0].origin, parts[0].name
            dtype = parts[0].dtype if len({part.dtype for part in parts}) == 1 else None
        return Output(name, dtype, origin, uses)

    def column(self, node: Any, scope: Any) -> Output:
        from sqlglot import exp

        source = scope.sources.get(node.table)
        if source is None and scope.parent is not None:
            return self.column(node, scope.parent)
        if isinstance(source, exp.Table):
            table = source.name.lower()
            column = self.columns.get(table, {}).get(node.name.lower())
            if column is None:
                raise _Lost(node.name)
            # Categories come out of the database as texts.
            dtype = "string" if column.dtype in ("string", "categorical") else column.dtype
            origin = (table, column.name)
            known = dtype in _CASTS.values()
            return Output(column.name, dtype if known else None, origin, frozenset((origin,)))
        names = [] if source is None else [name.lower() for name in _selected(source.expression)]
        if node.name.lower() not in names:
            raise _Lost(node.name)
        index = names.index(node.name.lower())
        # A recursive query leads back to itself.
        step = (id(source), node.name)
        if step in self.following:
            raise _Lost(node.name)
        self.following.add(step)
        try:
            found = self.position(source, index)
        finally:
            self.following.discard(step)
        return Output(found.name or self.spelled.get(node.name.lower()), found.dtype, found.origin, found.uses)


def _selected(expression: Any) -> list[str]:
    """Return the names of a query's columns, as the parser writes them."""
    return [select.alias_or_name for select in expression.selects]


def _is_shared_key(node: Any) -> bool:
    from sqlglot import exp

    parts = [node.this, *node.expressions]
    return all(isinstance(part, exp.Column) for part in parts) and len({part.name for part in parts}) == 1


def _dtype(node: Any, of: Any) -> str | None:
    """Return the type of an expression where it is beyond doubt, asking ``of`` for its parts."""
    from sqlglot import exp

    if isinstance(node, exp.Literal):
        return "string" if node.is_string else "integer" if node.is_int else "float"
    if isinstance(node, (exp.Predicate, exp.Connector, exp.Not, exp.Boolean)):
        return "boolean"
    if isinstance(node, (exp.Count, exp.Length, exp.RowNumber, exp.Rank, exp.DenseRank, exp.CountIf)):
        return "integer" if not isinstance(node, exp.CountIf) else None
    if isinstance(node, (exp.Upper, exp.Lower, exp.Trim, exp.Substring, exp.DPipe, exp.Concat)):
        return "string"
    if isinstance(node, (exp.Cast, exp.TryCast)):
        return _CASTS.get(node.to.this.name) if not node.to.expressions or node.to.this.name == "DECIMAL" else None
    if isinstance(node, exp.Window):
        return _dtype(node.this, of)
    if isinstance(node, (exp.Avg, exp.Stddev, exp.StddevSamp, exp.Variance, exp.Sqrt, exp.Ln, exp.Exp, exp.Div)):
        return "float"
    if isinstance(node, exp.Sum):
        return "float" if of(node.this) == "float" else None
    if isinstance(node, (exp.Min, exp.Max, exp.First, exp.Last, exp.AnyValue, exp.Neg, exp.Abs)):
        return of(node.this)
    if isinstance(node, (exp.Add, exp.Sub, exp.Mul)):
        parts = {of(node.this), of(node.expression)}
        if not parts <= set(NUMERIC):
            return None
        return "float" if "float" in parts else "integer"
    if isinstance(node, (exp.Coalesce, exp.Case, exp.If)):
        return _same(_branches(node), of)
    return None


def _branches(node: Any) -> list[Any]:
    from sqlglot import exp

    if isinstance(node, exp.Coalesce):
        return [node.this, *node.expressions]
    if isinstance(node, exp.Case):
        return [*(branch.args["true"] for branch in node.args["ifs"]), node.args.get("default")]
    return [node.args["true"], node.args.get("false")]


def _same(parts: list[Any], of: Any) -> str | None:
    from sqlglot import exp

    found = {of(part) for part in parts if part is not None and not isinstance(part, exp.Null)}
    return found.pop() if len(found) == 1 else None
