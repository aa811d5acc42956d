"""Parameters of a component: the marks that authors write, and the checks that follow from them."""

from __future__ import annotations

import inspect
import math
import types
import typing
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, get_args, get_origin

from designer.errors import ComponentInvalid
from designer.schema import MAX_PATTERN_LENGTH, SelectorInvalid, check_selector

KINDS = (
    "number", "integer", "boolean", "text", "multiline", "code", "choice", "choices",
    "column", "columns", "dataset", "file", "datastore_path", "seed", "number_list", "rows",
)  # fmt: skip
MAX_TEXT_LENGTH = 1_000_000
MAX_ROWS = 500
REQUIRED: Any = object()


@dataclass(frozen=True)
class Range:
    """Bounds of a number; None leaves a side open."""

    minimum: float | None = None
    maximum: float | None = None
    exclusive_minimum: bool = False
    exclusive_maximum: bool = False
    step: float | None = None


class ShownWhen:
    """Show the parameter only while others have one of the given values."""

    def __init__(self, **conditions: Any) -> None:
        self.conditions = {
            name: list(value) if isinstance(value, (tuple, list)) else [value] for name, value in conditions.items()
        }


@dataclass(frozen=True)
class ColumnsOf:
    """Name the input port whose columns the picker offers."""

    port: str


@dataclass(frozen=True)
class Title:
    """Name of a parameter or port on screen."""

    text: str


@dataclass(frozen=True)
class Group:
    """Heading under which a parameter stands."""

    text: str


@dataclass(frozen=True)
class Placeholder:
    """Grey text of an empty field."""

    text: str


@dataclass(frozen=True)
class Kind:
    """Set the kind when the Python type does not say it."""

    name: str
    language: str | None = None


@dataclass(frozen=True)
class RowsOf:
    """Make the parameter a list of rows; a NamedTuple with a numpydoc docstring declares the fields of a row."""

    row: type


@dataclass(frozen=True)
class Tuned:
    """Say over which values Tune Model Hyperparameters searches unless told otherwise, such as ``8 to 128 log``."""

    values: str


class Choices:
    """Readable titles of a choice's values."""

    def __init__(self, **titles: str) -> None:
        self.titles = titles


@dataclass(frozen=True)
class Optional_:
    """The port may stay unconnected, or the text may stay empty."""


Optional = Optional_()
Seed = Annotated[int | None, Kind("seed")]
Multiline = Annotated[str, Kind("multiline")]
Python = Annotated[str, Kind("code", "python")]
Sql = Annotated[str, Kind("code", "sql")]
ColumnName = Annotated[str | None, Kind("column")]
ColumnSelector = Annotated[dict | None, Kind("columns")]
DatasetReference = Annotated[dict | None, Kind("dataset")]
FileReference = Annotated[dict | None, Kind("file")]
DatastorePath = Annotated[dict | None, Kind("datastore_path")]
NumberList = Annotated[list, Kind("number_list")]

ALL_COLUMNS: dict[str, Any] = {"rules": [{"action": "include", "by": "all", "values": []}]}
NUMERIC_COLUMNS: dict[str, Any] = {"rules": [{"action": "include", "by": "types", "values": ["numeric"]}]}
TEXT_COLUMNS: dict[str, Any] = {
    "rules": [{"action": "include", "by": "types", "values": ["string", "categorical", "boolean"]}]
}


@dataclass(frozen=True)
class Parameter:
    """One field of a component's form."""

    name: str
    title: str
    kind: str
    default: Any
    required: bool
    nullable: bool
    help: str
    range: Range
    choices: tuple[tuple[Any, str], ...] | None
    shown_when: Mapping[str, list[Any]] | None
    columns_of: str | None
    language: str | None
    group: str | None
    placeholder: str | None
    may_be_empty: bool
    tuned: str | None
    fields: tuple[Parameter, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the wire shape."""
        return {
            "name": self.name,
            "title": self.title,
            "kind": self.kind,
            "default": self.default,
            "required": self.required,
            "nullable": self.nullable,
            "minimum": self.range.minimum,
            "maximum": self.range.maximum,
            "exclusive_minimum": self.range.exclusive_minimum,
            "exclusive_maximum": self.range.exclusive_maximum,
            "step": self.range.step,
            "choices": None
            if self.choices is None
            else [{"value": value, "title": title} for value, title in self.choices],
            "shown_when": None if self.shown_when is None else dict(self.shown_when),
            "columns_of": self.columns_of,
            "language": self.language,
            "group": self.group,
            "placeholder": self.placeholder,
            "tuned": self.tuned,
            "help": self.help,
            "fields": [field.to_json() for field in self.fields] if self.kind == "rows" else None,
        }

    def is_missing(self, value: Any) -> bool:
        """Say whether a required parameter has been left out."""
        if not self.required:
            return False
        if value is None or value is REQUIRED:
            return True
        if isinstance(value, str):
            return not self.may_be_empty and not value.strip()
        if self.kind == "rows":
            return value == []
        return self.kind == "columns" and isinstance(value, Mapping) and not value.get("rules")

    def complete(self, value: Any) -> Any:
        """Return the value with whole numbers as numbers of the kind, and with every field of every row."""
        if isinstance(value, float) and self.kind in ("integer", "seed") and value.is_integer():
            return int(value)
        if isinstance(value, int) and not isinstance(value, bool) and self.kind == "number":
            return float(value)
        if self.kind == "rows" and isinstance(value, list):
            return [resolve_values(self.fields, row) if isinstance(row, Mapping) else row for row in value]
        return value

    def complaint(self, value: Any) -> str | None:
        """Say what is wrong with a value, or None.

        Parameters
        ----------
        value : object
            A JSON value.

        Returns
        -------
        str or None
            A sentence for the person who set it.
        """
        if value is None:
            return None if self.nullable else f"{self.title} must have a value."
        return _COMPLAINTS[self.kind](self, value)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _number(parameter: Parameter, value: Any) -> str | None:
    # math.isfinite overflows on integers beyond the floats, which JSON may well contain.
    if not _is_number(value) or (isinstance(value, float) and not math.isfinite(value)):
        return f"{parameter.title} must be a number."
    bounds = parameter.range
    if bounds.minimum is not None:
        if bounds.exclusive_minimum and value <= bounds.minimum:
            return f"{parameter.title} must be greater than {bounds.minimum:g}."
        if value < bounds.minimum:
            return f"{parameter.title} must be at least {bounds.minimum:g}."
    if bounds.maximum is not None:
        if bounds.exclusive_maximum and value >= bounds.maximum:
            return f"{parameter.title} must be less than {bounds.maximum:g}."
        if value > bounds.maximum:
            return f"{parameter.title} must be at most {bounds.maximum:g}."
    return None


def _integer(parameter: Parameter, value: Any) -> str | None:
    if not _is_number(value) or (isinstance(value, float) and not value.is_integer()):
        return f"{parameter.title} must be a whole number."
    return _number(parameter, value)


def _seed(parameter: Parameter, value: Any) -> str | None:
    if not _is_number(value) or int(value) != value or not 0 <= value < 2**31:
        return f"{parameter.title} must be a whole number from 0 to {2**31 - 1}."
    return None


def _boolean(parameter: Parameter, value: Any) -> str | None:
    return None if isinstance(value, bool) else f"{parameter.title} must be on or off."


def _text(parameter: Parameter, value: Any) -> str | None:
    if not isinstance(value, str):
        return f"{parameter.title} must be a text."
    if len(value) > MAX_TEXT_LENGTH:
        return f"{parameter.title} is longer than {MAX_TEXT_LENGTH:,} characters."
    return None


def _choice(parameter: Parameter, value: Any) -> str | None:
    allowed = [choice for choice, _ in parameter.choices or ()]
    if not any(type(value) is type(choice) and value == choice for choice in allowed):
        titles = ", ".join(title for _, title in parameter.choices or ())
        return f"{parameter.title} must be one of: {titles}."
    return None


def _choices(parameter: Parameter, value: Any) -> str | None:
    if not isinstance(value, list):
        return f"{parameter.title} must be a list."
    return next((found for item in value if (found := _choice(parameter, item))), None)


def _columns(parameter: Parameter, value: Any) -> str | None:
    try:
        check_selector(value)
    except SelectorInvalid as error:
        return f"{parameter.title}: {error}"
    return None


def _dataset(parameter: Parameter, value: Any) -> str | None:
    if not isinstance(value, Mapping) or not (isinstance(value.get("id"), str) or isinstance(value.get("name"), str)):
        return f"{parameter.title} must name a dataset."
    version = value.get("version", "latest")
    if version != "latest" and not (isinstance(version, int) and not isinstance(version, bool) and version >= 1):
        return f"{parameter.title}: the version must be latest or a number from 1."
    return None


def _datastore_path(parameter: Parameter, value: Any) -> str | None:
    names = ("datastore", "path")
    if not isinstance(value, Mapping) or not all(isinstance(value.get(name), str) and value[name] for name in names):
        return f"{parameter.title} must name a datastore and a path in it."
    path = value["path"]
    if path.startswith("/") or "\\" in path or ".." in path.split("/") or len(path) > MAX_PATTERN_LENGTH:
        return f"{parameter.title}: give a path inside the datastore, with forward slashes and without '..'."
    return None


def _number_list(parameter: Parameter, value: Any) -> str | None:
    if not isinstance(value, list):
        return f"{parameter.title} must be a list of numbers."
    return next((found for item in value if (found := _number(parameter, item))), None)


def _rows(parameter: Parameter, value: Any) -> str | None:
    if not isinstance(value, list):
        return f"{parameter.title} must be a list of rows."
    if len(value) > MAX_ROWS:
        return f"{parameter.title} has more than {MAX_ROWS} rows."
    for number, row in enumerate(value, start=1):
        place = f"{parameter.title}, row {number}"
        if not isinstance(row, Mapping):
            return f"{place} must be an object."
        if unknown := sorted(set(row) - {field.name for field in parameter.fields}):
            return f"{place} has no field {unknown[0]!r}."
        for field in parameter.fields:
            given = row.get(field.name, field.default)
            if not is_shown(parameter.fields, field.name, row):
                continue
            if field.is_missing(given):
                return f"{place} needs a value for {field.title}."
            if given is not None and (wrong := field.complaint(given)):
                return f"{place}: {wrong}"
    return None


_COMPLAINTS = {
    "number": _number,
    "integer": _integer,
    "boolean": _boolean,
    "text": _text,
    "multiline": _text,
    "code": _text,
    "choice": _choice,
    "choices": _choices,
    "column": _text,
    "columns": _columns,
    "dataset": _dataset,
    "file": _dataset,
    "datastore_path": _datastore_path,
    "seed": _seed,
    "number_list": _number_list,
    "rows": _rows,
}


def is_shown(parameters: Sequence[Parameter], name: str, values: Mapping[str, Any]) -> bool:
    """Say whether one of some parameters is shown, given the values of the others.

    Parameters
    ----------
    parameters : sequence of Parameter
        The form.
    name : str
        A parameter of it.
    values : mapping
        Parameter values; those left out have their defaults.

    Returns
    -------
    bool
        False when it, or a parameter on which it hangs, is hidden.
    """
    by_name = {parameter.name: parameter for parameter in parameters}
    conditions = by_name[name].shown_when
    return not conditions or all(
        values.get(other, by_name[other].default) in allowed and is_shown(parameters, other, values)
        for other, allowed in conditions.items()
    )


def resolve_values(parameters: Sequence[Parameter], values: Mapping[str, Any]) -> dict[str, Any]:
    """Fill in defaults; a hidden parameter has its default, whatever was typed before it was hidden.

    Parameters
    ----------
    parameters : sequence of Parameter
        The form.
    values : mapping
        As kept in the graph.

    Returns
    -------
    dict
        A value for every declared parameter, in their order.
    """
    return {
        parameter.name: parameter.complete(
            values.get(parameter.name, parameter.default)
            if is_shown(parameters, parameter.name, values)
            else parameter.default
        )
        for parameter in parameters
    }


def humanize(name: str) -> str:
    """Turn a Python name into a title: ``max_rows`` becomes ``Max rows``."""
    words = name.replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def unwrap(annotation: Any) -> tuple[Any, list[Any]]:
    """Split an annotation into its type and its marks, through nested Annotated."""
    marks: list[Any] = []
    while get_origin(annotation) is Annotated:
        annotation, *more = get_args(annotation)
        marks += more
    return annotation, marks


def mark(marks: list[Any], kind: type) -> Any:
    """Return the first mark of a class, or None."""
    return next((found for found in marks if isinstance(found, kind)), None)


def _split_none(annotation: Any) -> tuple[Any, bool]:
    if get_origin(annotation) in (types.UnionType, typing.Union):
        rest = [part for part in get_args(annotation) if part is not type(None)]
        if len(rest) == 1 and len(rest) < len(get_args(annotation)):
            return rest[0], True
    return annotation, False


def read_parameter(name: str, annotation: Any, default: Any, help_text: str, ports: list[str]) -> Parameter:
    """Build a parameter from one keyword-only argument.

    Parameters
    ----------
    name : str
        Name of the argument.
    annotation : object
        Its annotation, with marks.
    default : object
        Its default, or ``REQUIRED``.
    help_text : str
        From the docstring.
    ports : list of str
        Input ports of the component, to which ``ColumnsOf`` may point.

    Returns
    -------
    Parameter
        The declaration that form, validation and documentation read.

    Raises
    ------
    ComponentInvalid
        When the declaration contradicts itself.
    """
    base, marks = unwrap(annotation)
    base, nullable = _split_none(base)
    if get_origin(base) is Annotated:
        base, inner = unwrap(base)
        marks += inner
    kind_mark, choices = mark(marks, Kind), None
    if get_origin(base) is Literal:
        titles = found.titles if (found := mark(marks, Choices)) else {}
        choices = tuple((value, titles.get(str(value), humanize(str(value)))) for value in get_args(base))
    rows = mark(marks, RowsOf)
    kind = "rows" if rows else kind_mark.name if kind_mark else _kind_of(name, base)
    columns_of = found.port if (found := mark(marks, ColumnsOf)) else None
    if kind in ("column", "columns") and columns_of not in ports:
        raise ComponentInvalid(f"Parameter {name!r} picks columns of {columns_of!r}, which is no input port.")
    optional = mark(marks, Optional_) is not None
    needed = default is REQUIRED or (
        (kind in ("column", "columns", "dataset", "file", "datastore_path") and default is None and not optional)
        or (kind == "rows" and not default and not optional)
    )
    shown = mark(marks, ShownWhen)
    parameter = Parameter(
        name=name,
        title=found.text if (found := mark(marks, Title)) else humanize(name),
        kind=kind,
        default=None if default is REQUIRED else default,
        required=needed,
        nullable=nullable,
        help=help_text,
        range=mark(marks, Range) or Range(),
        choices=choices,
        shown_when=shown.conditions if shown else None,
        columns_of=columns_of,
        language=kind_mark.language if kind_mark else None,
        group=found.text if (found := mark(marks, Group)) else None,
        placeholder=found.text if (found := mark(marks, Placeholder)) else None,
        may_be_empty=optional,
        tuned=found.values if (found := mark(marks, Tuned)) else None,
        fields=_read_fields(rows.row, ports) if rows else (),
    )
    if default is not REQUIRED and default is not None and (wrong := parameter.complaint(default)):
        raise ComponentInvalid(f"The default of {name!r} is not allowed: {wrong}")
    return parameter


def _read_fields(row: Any, ports: list[str]) -> tuple[Parameter, ...]:
    from numpydoc.docscrape import NumpyDocString

    described = {
        entry.name: " ".join(line.strip() for line in entry.desc)
        for entry in NumpyDocString(inspect.cleandoc(row.__doc__ or ""))["Parameters"]
    }
    fields = []
    for name, hint in typing.get_type_hints(row, include_extras=True).items():
        if name not in described:
            raise ComponentInvalid(f"{row.__name__}: the docstring does not describe {name!r}.")
        fields.append(read_parameter(name, hint, row._field_defaults.get(name, REQUIRED), described[name], ports))
    return tuple(fields)


def _kind_of(name: str, base: Any) -> str:
    if get_origin(base) is Literal:
        return "choice"
    kind = {float: "number", int: "integer", bool: "boolean", str: "text"}.get(base)
    if kind is None:
        raise ComponentInvalid(f"Parameter {name!r} has a type that no form field shows: {base!r}.")
    return kind
