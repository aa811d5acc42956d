"""Ask a question in SQL of up to three tables."""

import re
from typing import Annotated

from designer import reporting
from designer.component import SchemaFault, component
from designer.errors import StepFailed
from designer.lineage import trace
from designer.parameters import Sql, Title
from designer.schema import Column, TableSchema
from designer.types import Table

_NO_FILES = "The query may read the tables t1, t2 and t3 only; files, the network and settings are closed to it."


@component(
    family="Data transformation",
    title="Apply SQL Transformation",
    synonyms=("query", "duckdb", "sqlite", "join", "group by"),
)
def apply_sql_transformation(
    t1: Table,
    t2: Table | None = None,
    t3: Table | None = None,
    *,
    query: Annotated[Sql, Title("SQL query")] = "SELECT * FROM t1",
) -> Annotated[Table, Title("Result dataset")]:
    """Compute a table with one SELECT statement.

    The tables are called t1, t2 and t3. The dialect is that of DuckDB. A column that comes through unchanged, also
    under another name, through joins and subqueries, keeps its role and its categories. What is computed from a
    column does not; then a warning says which roles to set again with Edit Metadata.

    Parameters
    ----------
    t1 : Table
        First table.
    t2 : Table
        Second table.
    t3 : Table
        Third table.
    query : str
        One SELECT statement; WITH may come before it.

    Returns
    -------
    dataset : Table
        The rows that the query gives.

    Raises
    ------
    StepFailed
        When the query is not a single SELECT, cannot be read, or reaches for anything but its tables.
    """
    import duckdb
    import polars

    tables = {name: table for name, table in (("t1", t1), ("t2", t2), ("t3", t3)) if table is not None}
    connection = duckdb.connect(
        ":memory:",
        config={
            "enable_external_access": "false",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            # Else a name in the query could reach variables of this program.
            "python_enable_replacements": "false",
            # One thread: the order of rows is the same each time.
            "threads": "1",
            "lock_configuration": "true",
        },
    )
    try:
        _check_statement(connection, query)
        for name, table in tables.items():
            if table.frame.width == 0:
                raise StepFailed(
                    "no_columns",
                    f"The table {name} has no columns, so SQL cannot name it.",
                    fix="Give it a column.",
                    port=name,
                )
            connection.register(name, table.frame.to_arrow())
        result = connection.sql(query).to_arrow_table()
    except duckdb.Error as error:
        raise _explained(error, tables) from error
    finally:
        connection.close()
    names = _distinct(result.column_names)
    try:
        frame = polars.DataFrame(result.rename_columns(names))
    except polars.exceptions.PolarsError as error:
        spans = [name for name, kind in zip(names, result.schema.types, strict=True) if "interval" in str(kind)]
        raise StepFailed(
            "unsupported_type",
            f"The result has columns of a type that tables cannot hold: {', '.join(spans) or str(error)[:500]}.",
            fix="Cast them in the query, for example epoch(column) for a span of time.",
            parameter="query",
            columns=spans,
        ) from error
    schemas = {name: table.schema for name, table in tables.items()}
    found = trace(query, schemas)
    if found is not None and len(found) != frame.width:
        found = None
    if lost := _lost(found, schemas):
        reporting.note(f"{_loss(lost)} {_SET_AGAIN}")
    tagged = _tagged(found, frame.columns, schemas)
    return Table(
        frame,
        {name: column.role for name, column in tagged.items() if column.role},
        frozenset(name for name, column in tagged.items() if column.categorical or column.dtype == "categorical"),
        tables["t1"].notes,
    )


_SET_AGAIN = "Set them again with Edit Metadata behind this step."


def _tagged(found, names, schemas):
    """Return result column → the input column that comes through in it."""
    origins = {name: output.origin for name, output in zip(names, found or (), strict=False)}
    return {name: schemas[origin[0]][origin[1]] for name, origin in origins.items() if origin}


def _lost(found, schemas):
    """Return the columns with a role or categories that the result is made of, but does not hold itself."""
    marked = {
        (table, column.name): column
        for table, schema in schemas.items()
        for column in schema.columns
        if column.role or column.categorical
    }
    if found is None:
        return list(marked.values())
    kept = {output.origin for output in found}
    used = set().union(*(output.uses for output in found))
    return [column for place, column in marked.items() if place in used and place not in kept]


def _loss(columns):
    shown = ", ".join(f"{column.name!r} ({column.role or 'categorical'})" for column in columns[:5]) + (
        f" and {len(columns) - 5} more" if len(columns) > 5 else ""
    )
    roles = "The role of {} is" if len(columns) == 1 else "The roles of {} are"
    return roles.format(shown) + " lost, because the query computes new columns."


def _result(found, schemas):
    """Return the columns of the result, or None while a name or a type is in doubt."""
    names = [output.name for output in found]
    if None in names or len(set(names)) < len(names) or not all(output.dtype for output in found):
        return None
    tagged, columns = _tagged(found, names, schemas), []
    for output in found:
        of = tagged.get(output.name)
        role, categorical = (of.role, of.categorical or of.dtype == "categorical") if of else (None, False)
        columns.append(Column(output.name, output.dtype, role, categorical))
    return TableSchema(tuple(columns))


@apply_sql_transformation.schema
def _(*, query: str, **given: TableSchema | None) -> TableSchema | None:
    # A table that is not known may be one that is not connected; the tracer knows which tables a query reads.
    schemas = {name: schema for name, schema in given.items() if schema is not None}
    found = trace(query, schemas)
    if found is None and set(schemas) != {name for name in given if re.search(rf"\b{name}\b", query, re.IGNORECASE)}:
        return None
    known = _result(found, schemas) if found else None
    if lost := _lost(found, schemas):
        raise SchemaFault("roles_lost", _loss(lost), fix=_SET_AGAIN, parameter="query", severity="warning", known=known)
    return known


def _check_statement(connection, query):
    import duckdb

    statements = connection.extract_statements(query)
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        kinds = ", ".join(str(statement.type).rpartition(".")[2] for statement in statements[:5]) or "nothing"
        raise StepFailed(
            "not_a_select",
            f"The query must be one SELECT statement, but it is: {kinds}.",
            fix="Write a single SELECT over t1, t2 and t3. " + _NO_FILES,
            parameter="query",
        )


def _explained(error, tables):
    """Turn DuckDB's error into a problem that says what to do."""
    kind, text = type(error).__name__, str(error).strip()[:2000]
    if kind in ("PermissionException", "IOException"):
        return StepFailed(
            "not_allowed", f"The query reaches outside its tables. {text}", fix=_NO_FILES, parameter="query"
        )
    if kind == "OutOfMemoryException":
        return StepFailed(
            "out_of_memory",
            f"The query needs too much memory. {text}",
            fix="Reduce the rows it joins or sorts.",
            parameter="query",
        )
    connected = ", ".join(tables)
    return StepFailed(
        "invalid_query",
        f"The query cannot be run. {text}",
        fix=f"Correct the query. Connected tables: {connected}.",
        parameter="query",
    )


def _distinct(names):
    """Give repeated column names a number, as a table cannot have two columns of one name."""
    used, found = set(names), []
    seen: set[str] = set()
    for name in names:
        new, number = name, 2
        while new in seen or (new != name and new in used):
            new, number = f"{name}_{number}", number + 1
        seen.add(new)
        found.append(new)
    return found
