"""Over which values parameters are tuned: a text with one parameter a line, and what it means.

``learning_rate: 0.01 to 0.3 log`` is a range, ``trees: 20, 100, 500`` is a list. A range may say into how many
points a grid divides it: ``leaves: 8 to 128 log in 5 steps``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from designer.learners import Learner
from designer.parameters import REQUIRED, Parameter, read_parameter

GRID_STEPS = 3
MAX_VALUES = 1_000
_RANGE = re.compile(r"(?P<low>\S+)\s+to\s+(?P<high>\S+)(?P<log>\s+log)?(?:\s+in\s+(?P<steps>\d{1,4})\s+steps?)?", re.I)
_WORDS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
_EXAMPLE = "Write one parameter a line, such as “trees: 20, 100, 500” or “learning_rate: 0.01 to 0.3 log”."


class SearchSpaceInvalid(ValueError):
    """A search space that cannot be used.

    Parameters
    ----------
    message : str
        Which line and why.
    fix : str
        How it is written.
    """

    def __init__(self, message: str, fix: str = _EXAMPLE) -> None:
        super().__init__(message)
        self.fix = fix


@dataclass(frozen=True)
class Dimension:
    """The values of one parameter: a list, or a range.

    Parameters
    ----------
    name : str
        The parameter.
    values : tuple or None
        Its values in order; None for a range.
    low, high : float or int
        Both ends of a range, included.
    log : bool
        Whether small differences count at the low end of the range.
    steps : int or None
        Into how many points a grid divides the range.
    """

    name: str
    values: tuple[Any, ...] | None = None
    low: Any = None
    high: Any = None
    log: bool = False
    steps: int | None = None

    @property
    def dtype(self) -> str:
        """Return the data type of its column in the table of trials."""
        first = self.values[0] if self.values is not None else self.low
        if isinstance(first, bool):
            return "boolean"
        return "integer" if isinstance(first, int) else "float" if isinstance(first, float) else "string"

    def grid(self) -> tuple[Any, ...]:
        """Return the values that a grid visits, in order."""
        if self.values is not None:
            return self.values
        count = self.steps or GRID_STEPS
        shares = [0.0] if count == 1 else [step / (count - 1) for step in range(count)]
        if self.log:
            points = [math.exp(math.log(self.low) + share * math.log(self.high / self.low)) for share in shares]
        else:
            points = [self.low + share * (self.high - self.low) for share in shares]
        points[0], points[-1] = self.low, self.high if count > 1 else self.low
        if isinstance(self.low, int):
            return tuple(dict.fromkeys(round(point) for point in points))
        return tuple(float(f"{point:.12g}") for point in points)


def parse_space(text: str, algorithm: Learner, present: Sequence[str] | None = None) -> list[Dimension]:
    """Read a search space.

    Parameters
    ----------
    text : str
        One parameter a line; lines that begin with # are remarks. Blank takes the algorithm's own space.
    algorithm : Learner
        Whose parameters these are.
    present : sequence of str, optional
        The parameters that its settings use; all of them when left out.

    Returns
    -------
    list of Dimension
        In the order of the lines.

    Raises
    ------
    SearchSpaceInvalid
        When a line cannot be read, or names what cannot be tuned or a value out of bounds.
    """
    known = tunable(algorithm, present)
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), start=1)]
    lines = [(number, line) for number, line in lines if line and not line.startswith("#")]
    if not lines:
        found = [_read(parameter.tuned, parameter) for parameter in known.values() if parameter.tuned]
        if not found:
            raise SearchSpaceInvalid(f"{algorithm.title} has no parameters that can be tuned.", "Choose another one.")
        return found
    dimensions: dict[str, Dimension] = {}
    for number, line in lines:
        name, colon, values = line.partition(":")
        parameter = _named(name.strip(), known)
        if not colon or not values.strip():
            raise SearchSpaceInvalid(f"Line {number} has no values: {line[:80]!r}.")
        if parameter is None:
            raise SearchSpaceInvalid(
                f"Line {number}: {algorithm.title} has no parameter {name.strip()[:80]!r} that can be tuned.",
                f"Choose from {', '.join(known)}.",
            )
        if parameter.name in dimensions:
            raise SearchSpaceInvalid(f"Line {number} names {parameter.name!r} a second time.", "Keep one of the lines.")
        try:
            dimensions[parameter.name] = _read(values.strip(), parameter)
        except SearchSpaceInvalid as error:
            raise SearchSpaceInvalid(f"Line {number}: {error}", error.fix) from error
    return list(dimensions.values())


def tunable(algorithm: Learner, present: Sequence[str] | None = None) -> dict[str, Parameter]:
    """Return the parameters of an algorithm that can be tuned, by name."""
    return {
        name: read_parameter(name, annotation, REQUIRED, "", [])
        for name, annotation in algorithm.settings.items()
        if present is None or name in present
    }


def _named(name: str, known: Mapping[str, Parameter]) -> Parameter | None:
    folded = name.casefold()
    return next((p for p in known.values() if folded in (p.name.casefold(), p.title.casefold())), None)


def _read(text: str, parameter: Parameter) -> Dimension:
    numeric = parameter.kind in ("number", "integer")
    if numeric and (found := _RANGE.fullmatch(text)):
        low, high = _value(found["low"], parameter), _value(found["high"], parameter)
        log, steps = found["log"] is not None, int(found["steps"]) if found["steps"] else None
        if low >= high:
            raise SearchSpaceInvalid(f"the range from {low} to {high} is empty.", "Write the smaller end first.")
        if log and low <= 0:
            raise SearchSpaceInvalid(
                f"a logarithmic range begins above 0, not at {low}.", "Raise it, or leave out log."
            )
        if steps is not None and not 1 <= steps <= MAX_VALUES:
            raise SearchSpaceInvalid(f"a range has 1 to {MAX_VALUES:,} steps, not {steps:,}.")
        return Dimension(parameter.name, None, low, high, log, steps)
    values = tuple(dict.fromkeys(_value(part.strip(), parameter) for part in text.split(",")))
    if len(values) > MAX_VALUES:
        raise SearchSpaceInvalid(f"there are {len(values):,} values, more than {MAX_VALUES:,}.", "Write a range.")
    return Dimension(parameter.name, values)


def _value(text: str, parameter: Parameter) -> Any:
    """Read one value as the parameter has it, within its bounds."""
    value: Any = text
    if parameter.kind == "boolean":
        value = _WORDS.get(text.casefold(), text)
    elif parameter.kind == "choice":
        titles = {title.casefold(): choice for choice, title in parameter.choices or ()}
        value = titles.get(text.casefold(), text)
    else:
        try:
            value = float(text)
        except ValueError:
            raise SearchSpaceInvalid(f"{text[:40]!r} is not a number.") from None
        if parameter.kind == "integer" and value.is_integer():
            value = int(value)
    if wrong := parameter.complaint(value):
        raise SearchSpaceInvalid(wrong.removesuffix(".") + f", not {text[:40]!r}.")
    return value
