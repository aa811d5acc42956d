"""What components ask of the columns that were picked: that they exist, suit the work, and get free names."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from designer.component import SchemaFault
from designer.errors import StepFailed
from designer.features import listed
from designer.schema import DTYPES, NUMERIC, TableSchema, select_columns
from designer.types import Table


def chosen_columns(
    table: Table,
    selector: Mapping[str, Any] | None,
    *,
    parameter: str = "columns",
    dtypes: Collection[str] = DTYPES,
    work: str = "used",
) -> list[str]:
    """Return the columns that a selector picks.

    Parameters
    ----------
    table : Table
        What to pick from.
    selector : mapping or None
        A column selector.
    parameter : str
        The parameter that holds the selector.
    dtypes : collection of str
        Data types that suit.
    work : str
        What is done with the columns, as in "cannot be clipped".

    Returns
    -------
    list of str
        Names in the order of the table.

    Raises
    ------
    StepFailed
        When a column is named that is not there, or one does not suit.
    """
    selection = select_columns(table.schema, selector)
    require_columns(table, selection.unknown_included, parameter=parameter)
    if fault := _unsuitable(table.schema, selection.names, dtypes, work):
        message, fix, wrong = fault
        raise StepFailed("unsuitable_type", message, fix=fix, parameter=parameter, columns=wrong)
    return selection.names


def require_columns(table: Table, names: Iterable[str | None], *, parameter: str, port: str | None = None) -> None:
    """Raise StepFailed when a column is not in the table.

    Parameters
    ----------
    table : Table
        The table.
    names : iterable of str or None
        Names; None is left out.
    parameter : str
        The parameter that names them.
    port : str, optional
        The input through which the table came.

    Raises
    ------
    StepFailed
        When a column is missing.
    """
    missing = [name for name in names if name is not None and name not in table.schema]
    if missing:
        raise StepFailed(
            "unknown_column",
            f"The table has no column {missing[0][:200]!r}.",
            fix="Choose one of the columns that arrive.",
            parameter=parameter,
            port=port,
            columns=missing,
        )


def expect_dtypes(
    schema: TableSchema, names: Sequence[str], dtypes: Collection[str], *, parameter: str = "columns", work: str
) -> None:
    """Raise SchemaFault when columns have a data type that does not suit; the same test for schema rules.

    Parameters
    ----------
    schema : TableSchema
        Columns that will arrive.
    names : sequence of str
        Those that were picked.
    dtypes : collection of str
        Data types that suit.
    parameter : str
        The parameter that picked them.
    work : str
        What is done with the columns.

    Raises
    ------
    SchemaFault
        When one does not suit.
    """
    if fault := _unsuitable(schema, names, (*dtypes, "other"), work):
        raise SchemaFault("invalid_parameter", fault[0], fix=fault[1], parameter=parameter)


def _unsuitable(
    schema: TableSchema, names: Sequence[str], dtypes: Collection[str], work: str
) -> tuple[str, str, list[str]] | None:
    wrong = [name for name in names if schema[name].dtype not in dtypes]
    if not wrong:
        return None
    numeric = set(dtypes) <= {*NUMERIC, "other"}
    what = "Only numeric columns" if numeric else "Not all columns"
    fix = "Choose numeric columns only, for example by type." if numeric else "Leave these columns out."
    return f"{what} can be {work}, but {listed(wrong, schema)}.", fix, wrong


def free_names(names: Iterable[str], taken: Iterable[str], suffix: str) -> dict[str, str]:
    """Give columns names that are free, by a suffix, and by a number where even that is taken.

    Parameters
    ----------
    names : iterable of str
        Columns to be added.
    taken : iterable of str
        Columns that are there already.
    suffix : str
        Put behind a name that is taken.

    Returns
    -------
    dict
        Name to new name, in order.

    Examples
    --------
    >>> free_names(["a", "b"], ["a", "a_right"], "_right")
    {'a': 'a_right_2', 'b': 'b'}
    """
    adding = list(names)
    used, found = {*taken}, {}
    reserved = set(adding)
    for name in adding:
        new, number = name, 1
        while new in used or (new != name and new in reserved):
            base = f"{name}{suffix}"
            new, number = (base if number == 1 and suffix else f"{base}_{number + (not suffix)}"), number + 1
        used.add(new)
        found[name] = new
    return found


def refuse_repeated(names: Sequence[str], *, parameter: str, fix: str = "Give each column a name of its own.") -> None:
    """Raise StepFailed when a name is used twice.

    Parameters
    ----------
    names : sequence of str
        Names of the columns of the result.
    parameter : str
        The parameter that gives them.
    fix : str
        What to do about it.

    Raises
    ------
    StepFailed
        When two columns would have one name.
    """
    if twice := repeated(names):
        raise StepFailed(
            "duplicate_column",
            f"Two columns would be called {twice[0][:200]!r}.",
            fix=fix,
            parameter=parameter,
            columns=twice,
        )


def repeated(names: Sequence[str]) -> list[str]:
    """Return the names that occur more than once, in order."""
    seen: set[str] = set()
    return [name for name in names if name in seen or seen.add(name)]  # type: ignore[func-returns-value]
