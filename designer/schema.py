"""What is known of a table without its rows: columns, data types and roles."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

DTYPES = (
    "integer", "float", "boolean", "string", "categorical",
    "datetime", "date", "time", "duration", "other",
)  # fmt: skip
NUMERIC = ("integer", "float")
# Lists, structures, binary values and spans of time have no text by which they can be compared.
WITHOUT_TEXT = ("duration", "other")
ROLES = ("feature", "label", "score")

MAX_PATTERN_LENGTH = 500


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, data type, role and whether its values are categories."""

    name: str
    dtype: str
    role: str | None = None
    categorical: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return the wire shape."""
        return {"name": self.name, "dtype": self.dtype, "role": self.role, "categorical": self.categorical}


@dataclass(frozen=True)
class TableSchema:
    """The columns of a table, in order.

    Parameters
    ----------
    columns : tuple of Column
        Columns with unique names.
    """

    columns: tuple[Column, ...] = ()
    _index: Mapping[str, Column] = field(init=False, repr=False, compare=False, hash=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_index", {column.name: column for column in self.columns})

    @classmethod
    def of(cls, **dtypes: str) -> TableSchema:
        """Make a schema from ``name="dtype"`` pairs."""
        return cls(tuple(Column(name, dtype) for name, dtype in dtypes.items()))

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> TableSchema:
        """Read the wire shape; data types we do not know become ``other``."""
        return cls(
            tuple(
                Column(
                    str(column["name"]),
                    column["dtype"] if column.get("dtype") in DTYPES else "other",
                    column.get("role") if column.get("role") in ROLES else None,
                    bool(column.get("categorical", False)),
                )
                for column in data["columns"]
            )
        )

    def to_json(self) -> dict[str, Any]:
        """Return the wire shape."""
        return {"columns": [column.to_json() for column in self.columns]}

    @property
    def names(self) -> list[str]:
        """Return the column names in order."""
        return [column.name for column in self.columns]

    def __contains__(self, name: object) -> bool:
        return name in self._index

    def __getitem__(self, name: str) -> Column:
        return self._index[name]

    def get(self, name: str) -> Column | None:
        """Return the column of this name, or None."""
        return self._index.get(name)

    def select(self, names: Iterable[str]) -> TableSchema:
        """Keep the named columns, in the order given."""
        return TableSchema(tuple(self._index[name] for name in names))

    def drop(self, names: Iterable[str]) -> TableSchema:
        """Leave the named columns out."""
        gone = set(names)
        return TableSchema(tuple(column for column in self.columns if column.name not in gone))

    def with_column(self, name: str, dtype: str, *, role: str | None = None, categorical: bool = False) -> TableSchema:
        """Add a column at the end, or change the one that has this name in its place."""
        new = Column(name, dtype, role, categorical)
        if name in self._index:
            return TableSchema(tuple(new if column.name == name else column for column in self.columns))
        return TableSchema((*self.columns, new))

    def rename(self, names: Mapping[str, str]) -> TableSchema:
        """Give columns new names; those that are not mentioned keep theirs."""
        return TableSchema(tuple(replace(column, name=names.get(column.name, column.name)) for column in self.columns))

    def with_dtype(self, names: Iterable[str], dtype: str) -> TableSchema:
        """Change the data type of the named columns."""
        changed = set(names)
        return TableSchema(
            tuple(
                replace(column, dtype=dtype, categorical=False) if column.name in changed else column
                for column in self.columns
            )
        )


class SelectorInvalid(ValueError):
    """A column selector that is malformed; the message says where."""


@dataclass(frozen=True)
class Selection:
    """What a column selector picks from a schema."""

    names: list[str]
    unknown_included: list[str]
    unknown_excluded: list[str]


_BY = ("all", "names", "types", "roles", "pattern")


def check_selector(selector: Any) -> None:
    """Check the shape of a column selector.

    Parameters
    ----------
    selector : object
        ``{"rules": [{"action", "by", "values"}]}``.

    Raises
    ------
    SelectorInvalid
        When a rule is malformed or a pattern is not a usable regular expression.
    """
    if not isinstance(selector, Mapping) or not isinstance(selector.get("rules"), list):
        raise SelectorInvalid("A column selection is an object with a list of rules.")
    for number, rule in enumerate(selector["rules"], start=1):
        if not isinstance(rule, Mapping):
            raise SelectorInvalid(f"Rule {number} is not an object.")
        if rule.get("action") not in ("include", "exclude"):
            raise SelectorInvalid(f"Rule {number}: the action must be include or exclude.")
        if rule.get("by") not in _BY:
            raise SelectorInvalid(f"Rule {number}: select by one of {', '.join(_BY)}.")
        values = rule.get("values", [])
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            raise SelectorInvalid(f"Rule {number}: the values must be a list of texts.")
        if rule["by"] == "types" and (bad := set(values) - {*DTYPES, "numeric"}):
            raise SelectorInvalid(f"Rule {number}: unknown data type {sorted(bad)[0]!r}.")
        if rule["by"] == "roles" and (bad := set(values) - set(ROLES)):
            raise SelectorInvalid(f"Rule {number}: unknown role {sorted(bad)[0]!r}.")
        if rule["by"] == "pattern":
            for value in values:
                _compile_pattern(value)


def select_columns(schema: TableSchema, selector: Mapping[str, Any] | None) -> Selection:
    """Apply a column selector to a schema.

    Rules are applied in order to a growing set; when the first rule excludes, all columns are in to begin
    with. The answer keeps the order of the table.

    Parameters
    ----------
    schema : TableSchema
        What to select from.
    selector : mapping or None
        ``{"rules": [{"action": "include", "by": "names", "values": ["age"]}]}``; None selects nothing.

    Returns
    -------
    Selection
        Names selected, and names in rules that the table does not have.

    Raises
    ------
    SelectorInvalid
        When the selector is malformed.

    Examples
    --------
    >>> schema = TableSchema.of(age="integer", name="string")
    >>> select_columns(schema, {"rules": [{"action": "include", "by": "types", "values": ["numeric"]}]}).names
    ['age']
    """
    if selector is None:
        return Selection([], [], [])
    check_selector(selector)
    rules = selector["rules"]
    chosen = set(schema.names) if rules and rules[0]["action"] == "exclude" else set()
    unknown: dict[str, list[str]] = {"include": [], "exclude": []}
    for rule in rules:
        values = rule.get("values", [])
        if rule["by"] == "names":
            unknown[rule["action"]] += [value for value in values if value not in schema]
        matched = {column.name for column in schema.columns if _matches(column, rule["by"], values)}
        chosen = chosen | matched if rule["action"] == "include" else chosen - matched
    names = [name for name in schema.names if name in chosen]
    return Selection(names, unknown["include"], unknown["exclude"])


def _matches(column: Column, by: str, values: list[str]) -> bool:
    if by == "all":
        return True
    if by == "names":
        return column.name in values
    if by == "types":
        return (
            column.dtype in values
            or ("numeric" in values and column.dtype in NUMERIC)
            or ("categorical" in values and column.categorical)
        )
    if by == "roles":
        return column.role in values
    return any(_compile_pattern(value).search(column.name) for value in values)


def _compile_pattern(pattern: str) -> re.Pattern[str]:
    if len(pattern) > MAX_PATTERN_LENGTH:
        raise SelectorInvalid(f"A pattern has at most {MAX_PATTERN_LENGTH} characters.")
    # Nested repetition makes Python's matcher take exponential time, and this runs while a page waits.
    if re.search(r"\([^()]*[*+][^()]*\)\s*[*+{]", pattern):
        raise SelectorInvalid(f"The pattern {pattern!r} repeats a repetition; write it without the nesting.")
    try:
        return re.compile(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        raise SelectorInvalid(f"{pattern!r} is not a regular expression: {error}.") from error
