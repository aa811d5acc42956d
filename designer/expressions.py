"""Row conditions such as ``"age" > 30 and "city" == "Oslo"``: parsed here, never evaluated as Python."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from designer.schema import NUMERIC, WITHOUT_TEXT, TableSchema

MAX_LENGTH = 10_000
MAX_DEPTH = 100

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<number>[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
      | \\?"(?P<double>(?:[^"\\]|\\.|"")*)"
      | '(?P<single>(?:[^'\\]|\\.|'')*)'
      | (?P<operator><=|>=|==|!=|<>|=|<|>|&&|\|\||&|\||!|\(|\))
      | (?P<word>[^\W\d]\w*)
    )""",
    re.VERBOSE,
)
_COMPARISONS = {"<": "<", "<=": "<=", ">": ">", ">=": ">=", "==": "==", "=": "==", "!=": "!=", "<>": "!="}
_WORDS = {"and": "and", "&": "and", "&&": "and", "or": "or", "|": "or", "||": "or", "not": "not", "!": "not"}


class ExpressionInvalid(ValueError):
    """An expression that cannot be read, or does not fit the table."""

    def __init__(self, message: str, *, code: str = "invalid_expression", fix: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.fix = fix or 'Write it like "age" > 30 and "city" == "Oslo".'


@dataclass(frozen=True)
class Comparison:
    """A column compared with a value."""

    column: str
    operator: str
    value: Any

    def check(self, schema: TableSchema) -> None:
        """Raise ExpressionInvalid when the column is missing or of another type."""
        column = schema.get(self.column)
        if column is None:
            raise ExpressionInvalid(
                f"The expression names the column {self.column[:200]!r}, which the table does not have.",
                code="unknown_column",
                fix="Choose one of the columns that arrive.",
            )
        is_text = isinstance(self.value, str)
        fits = (
            self.value is None
            or column.dtype not in WITHOUT_TEXT
            and (column.dtype == "boolean") == isinstance(self.value, bool)
            and (column.dtype in NUMERIC) == (not is_text and not isinstance(self.value, bool))
        )
        if not fits:
            raise ExpressionInvalid(
                f"The column {self.column!r} is {column.dtype} and cannot be compared with {self.value!r}.",
                code="type_mismatch",
                fix="Compare numbers with numbers and texts with texts; texts stand in quotes.",
            )

    def compile(self) -> Any:
        """Return the polars condition."""
        import polars

        column = polars.col(self.column)
        if self.value is None:
            return column.is_null() if self.operator == "==" else column.is_not_null()
        value = self.value
        if isinstance(value, str):
            # Dates and categories compare as their text, which for ISO dates is also their order.
            column = column.cast(polars.String)
        compare = {
            "<": column.lt, "<=": column.le, ">": column.gt, ">=": column.ge, "==": column.eq, "!=": column.ne,
        }  # fmt: skip
        return compare[self.operator](polars.lit(value))


@dataclass(frozen=True)
class Combination:
    """Conditions joined by and, or; or one condition turned round by not."""

    operator: str
    parts: tuple[Any, ...]

    def check(self, schema: TableSchema) -> None:
        """Raise ExpressionInvalid when a part does not fit the table."""
        for part in self.parts:
            part.check(schema)

    def compile(self) -> Any:
        """Return the polars condition."""
        first, *rest = (part.compile() for part in self.parts)
        if self.operator == "not":
            return ~first
        for other in rest:
            first = first & other if self.operator == "and" else first | other
        return first


def parse_expression(text: str) -> Comparison | Combination:
    """Read a row condition.

    Parameters
    ----------
    text : str
        Comparisons of a column in double quotes (or a plain word) with a number, a text in quotes, true, false
        or null; joined by and, or, not, brackets, or by & and |.

    Returns
    -------
    Comparison or Combination
        The tree.

    Raises
    ------
    ExpressionInvalid
        When it cannot be read; the message says where.

    Examples
    --------
    >>> parse_expression('"age" > 30')
    Comparison(column='age', operator='>', value=30)
    """
    if len(text) > MAX_LENGTH:
        raise ExpressionInvalid(f"The expression is longer than {MAX_LENGTH:,} characters.")
    parser = _Parser(_tokens(text))
    tree = parser.either(0)
    parser.expect_end()
    return tree


def compile_expression(tree: Comparison | Combination, schema: TableSchema) -> Any:
    """Check a tree against a table, and turn it into a polars condition.

    Parameters
    ----------
    tree : Comparison or Combination
        From ``parse_expression``.
    schema : TableSchema
        Columns of the table.

    Returns
    -------
    polars.Expr
        A boolean expression.

    Raises
    ------
    ExpressionInvalid
        When a column is missing or of another type.
    """
    tree.check(schema)
    return tree.compile()


def _tokens(text: str) -> list[tuple[str, Any]]:
    found, position = [], 0
    stripped = text.rstrip()
    while position < len(stripped):
        match = _TOKEN.match(stripped, position)
        if match is None:
            raise ExpressionInvalid(f"The expression cannot be read at {stripped[position : position + 20]!r}.")
        kind, raw = match.lastgroup or "", match[match.lastgroup or 0]
        if kind == "number":
            value: Any = float(raw) if set(raw) & set(".eE") else int(raw)
        elif kind in ("double", "single"):
            quote = '"' if kind == "double" else "'"
            value = re.sub(r"\\(.)", r"\1", raw.replace(quote * 2, quote))
        else:
            value = raw
        found.append((kind, value))
        position = match.end()
    return found


class _Parser:
    """Recursive descent over the tokens: or, and, not, comparison."""

    def __init__(self, tokens: list[tuple[str, Any]]) -> None:
        self.tokens = tokens
        self.position = 0

    def peek(self) -> tuple[str, Any]:
        return self.tokens[self.position] if self.position < len(self.tokens) else ("end", "")

    def take(self) -> tuple[str, Any]:
        token = self.peek()
        self.position += 1
        return token

    def joins(self, word: str) -> bool:
        kind, value = self.peek()
        if kind in ("word", "operator") and _WORDS.get(str(value).lower()) == word:
            self.position += 1
            return True
        return False

    def either(self, depth: int) -> Comparison | Combination:
        if depth > MAX_DEPTH:
            raise ExpressionInvalid("The expression has too many brackets within brackets.")
        parts = [self.both(depth)]
        while self.joins("or"):
            parts.append(self.both(depth))
        return parts[0] if len(parts) == 1 else Combination("or", tuple(parts))

    def both(self, depth: int) -> Comparison | Combination:
        parts = [self.turned(depth)]
        while self.joins("and"):
            parts.append(self.turned(depth))
        return parts[0] if len(parts) == 1 else Combination("and", tuple(parts))

    def turned(self, depth: int) -> Comparison | Combination:
        if self.joins("not"):
            if depth > MAX_DEPTH:
                raise ExpressionInvalid("The expression says not too many times.")
            return Combination("not", (self.turned(depth + 1),))
        if self.peek() == ("operator", "("):
            self.take()
            inner = self.either(depth + 1)
            if self.take() != ("operator", ")"):
                raise ExpressionInvalid("A bracket is not closed.")
            return inner
        return self.comparison()

    def comparison(self) -> Comparison:
        kind, column = self.take()
        if kind not in ("double", "word"):
            raise ExpressionInvalid(
                f"A column was expected {_place(kind, column)}.", fix='Write the column in double quotes: "age" > 30.'
            )
        operator_kind, operator = self.take()
        if operator_kind != "operator" or operator not in _COMPARISONS:
            raise ExpressionInvalid(f"A comparison such as > or == was expected {_place(operator_kind, operator)}.")
        value_kind, value = self.take()
        if value_kind == "word" and value.lower() in ("true", "false"):
            value = value.lower() == "true"
        elif value_kind == "word" and value.lower() == "null":
            value = None
        elif value_kind not in ("number", "double", "single"):
            raise ExpressionInvalid(f"A value was expected {_place(value_kind, value)}.")
        if value is None and _COMPARISONS[operator] not in ("==", "!="):
            raise ExpressionInvalid("null can only be compared with == or !=.")
        return Comparison(column, _COMPARISONS[operator], value)

    def expect_end(self) -> None:
        kind, value = self.peek()
        if kind != "end":
            raise ExpressionInvalid(f"Nothing more was expected {_place(kind, value)}.")


def _place(kind: str, value: Any) -> str:
    return "at the end" if kind == "end" else f"at {str(value)[:40]!r}"
