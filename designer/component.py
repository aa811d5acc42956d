"""A component is one annotated function; everything else reads what this module takes from it."""

from __future__ import annotations

import enum
import inspect
import re
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from designer.errors import ComponentInvalid
from designer.parameters import (
    REQUIRED,
    Optional_,
    Parameter,
    Title,
    humanize,
    is_shown,
    mark,
    read_parameter,
    resolve_values,
    unwrap,
)


class Effect(enum.StrEnum):
    """How a component touches the world."""

    PURE = "pure"
    SOURCE = "source"
    SINK = "sink"
    USER_CODE = "user_code"


class InInference(enum.StrEnum):
    """What becomes of a component when a training graph is turned into one for inference."""

    KEEP = "keep"
    DROP = "drop"


SOURCE, SINK, USER_CODE, PURE = Effect.SOURCE, Effect.SINK, Effect.USER_CODE, Effect.PURE
KEEP, DROP = InInference.KEEP, InInference.DROP


@dataclass(frozen=True)
class Port:
    """An input or output of a component."""

    name: str
    title: str
    type: str
    required: bool
    help: str

    def to_json(self, *, is_input: bool) -> dict[str, Any]:
        """Return the wire shape; outputs have no ``required``."""
        shape: dict[str, Any] = {"name": self.name, "title": self.title, "type": self.type}
        if is_input:
            shape["required"] = self.required
        return {**shape, "help": self.help}


class SchemaFault(Exception):
    """Raised by a schema rule: the parameters cannot work with the columns that will arrive.

    Parameters
    ----------
    code : str
        An issue code, such as ``unknown_column`` or ``invalid_parameter``.
    message, fix : str
        For the person who drew the graph.
    parameter, port : str, optional
        Where it is.
    severity : {"error", "warning"}
        A warning does not stop the pipeline from being submitted.
    known : object, optional
        The rule's answer where there is one behind a warning.
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        fix: str = "",
        parameter: str | None = None,
        port: str | None = None,
        severity: str = "error",
        known: Any = None,
    ) -> None:
        super().__init__(message)
        self.known = known
        self.code, self.message, self.fix = code, message, fix
        self.parameter, self.port, self.severity = parameter, port, severity


@dataclass(frozen=True)
class ComponentSpec:
    """What a component's declaration says.

    Parameters
    ----------
    name : str
        Name of the function.
    version : int
        Raised when the meaning changes.
    title, family, summary, description : str
        What people read, from the declaration and the docstring.
    synonyms : tuple of str
        Other words under which the palette finds it.
    effect : Effect
        Whether it touches the world.
    in_inference : InInference
        What becomes of it when a training graph turns into a scoring graph.
    deprecated : bool
        Left out of the palette; graphs that hold it keep running.
    inputs, outputs : tuple of Port
        Ports in order.
    parameters : tuple of Parameter
        The form in order.
    function : callable
        The body.
    upgrades : dict
        Old version to the function that turns its parameters into ours.
    rules : dict
        Schema and inference rules by kind.
    """

    name: str
    version: int
    title: str
    family: str
    summary: str
    description: str
    synonyms: tuple[str, ...]
    effect: Effect
    in_inference: InInference
    deprecated: bool
    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]
    parameters: tuple[Parameter, ...]
    function: Callable[..., Any] = field(repr=False, compare=False)
    upgrades: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = field(
        default_factory=dict, repr=False, compare=False
    )
    rules: dict[str, Callable[..., Any]] = field(default_factory=dict, repr=False, compare=False)

    @property
    def id(self) -> str:
        """Return ``name@version``, the identity in graphs."""
        return f"{self.name}@{self.version}"

    @property
    def module(self) -> str:
        """Return the module that declares the component."""
        return self.function.__module__

    @cached_property
    def input(self) -> Mapping[str, Port]:
        """Return the input ports by name."""
        return {port.name: port for port in self.inputs}

    @cached_property
    def output(self) -> Mapping[str, Port]:
        """Return the output ports by name."""
        return {port.name: port for port in self.outputs}

    @cached_property
    def parameter(self) -> Mapping[str, Parameter]:
        """Return the parameters by name."""
        return {parameter.name: parameter for parameter in self.parameters}

    def to_json(self) -> dict[str, Any]:
        """Return the wire shape that palette, inspector and documentation read."""
        return {
            "id": self.id,
            "name": self.name,
            "version": self.version,
            "title": self.title,
            "family": self.family,
            "summary": self.summary,
            "description": self.description,
            "synonyms": list(self.synonyms),
            "effect": str(self.effect),
            "deprecated": self.deprecated,
            "inputs": [port.to_json(is_input=True) for port in self.inputs],
            "outputs": [port.to_json(is_input=False) for port in self.outputs],
            "parameters": [parameter.to_json() for parameter in self.parameters],
        }

    def is_shown(self, name: str, values: Mapping[str, Any]) -> bool:
        """Say whether a parameter is shown, given the values of the others.

        Parameters
        ----------
        name : str
            A parameter.
        values : mapping
            Parameter values; those left out have their defaults.

        Returns
        -------
        bool
            False when it, or a parameter on which it hangs, is hidden.
        """
        return is_shown(self.parameters, name, values)

    def resolve(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Fill in defaults; a hidden parameter has its default, whatever was typed before it was hidden.

        Parameters
        ----------
        values : mapping
            As kept in the graph.

        Returns
        -------
        dict
            A value for every declared parameter, in their order.
        """
        return resolve_values(self.parameters, values)

    def infer(self, inputs: Mapping[str, Any], parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Run the schema rule.

        Parameters
        ----------
        inputs : mapping
            Port name to TableSchema (tables), to a mapping of facts (other types), or None (not known).
        parameters : mapping
            Resolved parameters.

        Returns
        -------
        dict
            Output port name to TableSchema, facts, or None.

        Raises
        ------
        SchemaFault
            When the parameters cannot work with these inputs.
        """
        rule = self.rules.get("schema")
        if rule is None:
            return self.by_port(None)
        given = {port.name: inputs.get(port.name) for port in self.inputs}
        return self.by_port(rule(**given, **parameters))

    def by_port(self, answer: Any) -> dict[str, Any]:
        """Name the parts of a schema rule's answer by output port; None means that nothing is known."""
        parts = (answer,) if len(self.outputs) == 1 else answer or (None,) * len(self.outputs)
        return dict(zip((port.name for port in self.outputs), parts, strict=True))


class Component:
    """The function with its declaration; calling it runs the body."""

    def __init__(self, spec: ComponentSpec) -> None:
        self.spec = spec
        self.__doc__ = spec.function.__doc__
        self.__name__ = spec.name
        self.__module__ = spec.function.__module__
        self.__wrapped__ = spec.function

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run the body."""
        return self.spec.function(*args, **kwargs)

    def schema(self, rule: Callable[..., Any]) -> Callable[..., Any]:
        """Register the rule that tells output columns from input columns without data."""
        self.spec.rules["schema"] = rule
        return rule

    def upgrade(self, *, from_version: int) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Register how parameters of an older version become parameters of this one."""

        def register(function: Callable[..., Any]) -> Callable[..., Any]:
            self.spec.upgrades[from_version] = function
            return function

        return register


def component(
    *,
    family: str,
    title: str | None = None,
    version: int = 1,
    effect: Effect = PURE,
    in_inference: InInference = KEEP,
    synonyms: tuple[str, ...] = (),
    deprecated: bool = False,
) -> Callable[[Callable[..., Any]], Component]:
    """Declare a component: the signature gives ports and parameters, the docstring every help text.

    Parameters
    ----------
    family : str
        Category in the palette.
    title : str, optional
        Name on screen; the function's name in title case when left out.
    version : int
        Raised when the meaning changes.
    effect : Effect
        Whether it reads from, or writes to, the world, or runs the user's code.
    in_inference : InInference
        Whether it stays in a graph that scores new data.
    synonyms : tuple of str
        Other words by which the palette finds it.
    deprecated : bool
        Keeps running, but is no longer offered.

    Returns
    -------
    callable
        A decorator.

    Raises
    ------
    ComponentInvalid
        When the signature and the docstring do not fit each other.
    """

    def declare(function: Callable[..., Any]) -> Component:
        hints = typing.get_type_hints(function, include_extras=True)
        doc = _read_docstring(function)
        inputs: list[Port] = []
        parameters: list[Parameter] = []
        signature = inspect.signature(function)
        for name, argument in signature.parameters.items():
            help_text = doc.parameters.get(name)
            if not help_text:
                raise ComponentInvalid(f"{function.__name__}: the docstring does not describe {name!r}.")
            if argument.kind is inspect.Parameter.KEYWORD_ONLY:
                default = REQUIRED if argument.default is inspect.Parameter.empty else argument.default
                names = [port.name for port in inputs]
                parameters.append(read_parameter(name, hints[name], default, help_text, names))
            else:
                inputs.append(_read_port(name, hints[name], help_text, argument.default is None))
        _check_conditions(function.__name__, parameters)
        return Component(
            ComponentSpec(
                name=function.__name__,
                version=version,
                title=title or function.__name__.replace("_", " ").title(),
                family=family,
                summary=doc.summary,
                description=doc.description,
                synonyms=synonyms,
                effect=effect,
                in_inference=in_inference,
                deprecated=deprecated,
                inputs=tuple(inputs),
                outputs=tuple(_read_outputs(hints.get("return"), doc)),
                parameters=tuple(parameters),
                function=function,
            )
        )

    return declare


def _check_conditions(owner: str, parameters: list[Parameter]) -> None:
    names = {parameter.name for parameter in parameters}
    for parameter in parameters:
        for other in parameter.shown_when or ():
            if other not in names:
                raise ComponentInvalid(f"{owner}: {parameter.name!r} depends on {other!r}, which is no parameter.")


def _read_port(name: str, annotation: Any, help_text: str, optional: bool) -> Port:
    base, marks = unwrap(annotation)
    arguments = [part for part in typing.get_args(base) if part is not type(None)]
    if arguments:
        base, optional = arguments[0], True
        base, inner = unwrap(base)
        marks += inner
    if not isinstance(getattr(base, "port_type", None), str):
        raise ComponentInvalid(f"Port {name!r} has no port type: {base!r}.")
    title = found.text if (found := mark(marks, Title)) else humanize(name)
    return Port(name, title, base.port_type, not (optional or mark(marks, Optional_)), help_text)


def _read_outputs(annotation: Any, doc: _Docstring) -> list[Port]:
    if annotation is None or annotation is type(None):
        return []
    base, _ = unwrap(annotation)
    fields = typing.get_type_hints(base, include_extras=True) if hasattr(base, "_fields") else {"": annotation}
    ports = []
    for name, hint in fields.items():
        key = name or next(iter(doc.returns), "result")
        if not doc.returns.get(key):
            raise ComponentInvalid(f"The docstring does not describe the output {key!r}.")
        ports.append(_read_port(key, hint, doc.returns[key], False))
    return ports


@dataclass(frozen=True)
class _Docstring:
    summary: str
    description: str
    parameters: dict[str, str]
    returns: dict[str, str]


def _read_docstring(function: Callable[..., Any]) -> _Docstring:
    from numpydoc.docscrape import NumpyDocString

    if not function.__doc__:
        raise ComponentInvalid(f"{function.__name__} has no docstring.")
    doc = NumpyDocString(inspect.cleandoc(function.__doc__))
    return _Docstring(
        summary=_plain(" ".join(doc["Summary"])),
        description="\n\n".join(
            _plain(" ".join(block.split("\n"))) for block in "\n".join(doc["Extended Summary"]).split("\n\n") if block
        ),
        parameters={entry.name: _paragraph(entry.desc) for entry in doc["Parameters"]},
        returns={entry.name or entry.type: _paragraph(entry.desc) for entry in doc["Returns"]},
    )


def _paragraph(lines: list[str]) -> str:
    return _plain(" ".join(line.strip() for line in lines))


def _plain(text: str) -> str:
    return re.sub(r"``([^`]*)``", r"\1", re.sub(r"\s+", " ", text)).strip()
