"""How a component tells of metrics and progress while it works; without a listener nothing happens."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from designer.errors import DesignerError

_listener: Callable[..., Any] | None = None
_child: int | None = None


def metric(name: str, value: float, step: int | None = None) -> None:
    """Report a value of a metric.

    Parameters
    ----------
    name : str
        What was measured.
    value : float
        The value; not-a-number and infinities are passed on as texts.
    step : int, optional
        The iteration it belongs to.
    """
    if _listener is not None:
        number = float(value)
        shown: float | str = number if math.isfinite(number) else _words(number)
        if _child is None:
            _listener("metric", name=name, value=shown, step=step)
        else:
            _listener("child_metric", child=_child, name=name, value=shown, step=step)


def progress(value: float | None, phase: str = "") -> None:
    """Report how far the work is.

    Parameters
    ----------
    value : float or None
        Share done, [0, 1]; None when it is not known.
    phase : str
        What is being done, such as ``37 of 60 trees``. Within a child it is not passed on.
    """
    if _listener is not None and _child is None:
        _listener("progress", value=None if value is None else min(1.0, max(0.0, float(value))), phase=phase)


def note(text: str) -> None:
    """Write a line to the step's log.

    Parameters
    ----------
    text : str
        What the reader of the log should know.
    """
    sys.stdout.write(text + "\n")


@contextmanager
def listening(listener: Callable[..., Any]) -> Iterator[None]:
    """Send reports to a listener for the time of a block."""
    global _listener
    before, _listener = _listener, listener
    try:
        yield
    finally:
        _listener = before


@contextmanager
def child(number: int, title: str, parameters: Mapping[str, Any]) -> Iterator[None]:
    """Report the work of a block as a part of its own, such as one trial of a search.

    Metrics of the block are the child's. A problem that leaves the block is the child's failure, and goes on.

    Parameters
    ----------
    number : int
        Its place among its siblings, from 1.
    title : str
        What it is called.
    parameters : mapping
        What sets it apart from its siblings, as JSON.
    """
    global _child
    before, _child = _child, number
    _tell_child(number, "running", title=title, parameters=dict(parameters))
    try:
        yield
    except DesignerError as error:
        _tell_child(number, "failed", problem=error.to_problem())
        raise
    else:
        _tell_child(number, "completed")
    finally:
        _child = before


def _tell_child(number: int, status: str, **fields: Any) -> None:
    if _listener is not None:
        _listener("child", child=number, status=status, **fields)


@contextmanager
def quiet() -> Iterator[None]:
    """Keep metrics and progress of a block to itself: those of one fold are not those of the step."""
    global _listener
    before, _listener = _listener, None
    try:
        yield
    finally:
        _listener = before


def _words(number: float) -> str:
    if math.isnan(number):
        return "NaN"
    return "Infinity" if number > 0 else "-Infinity"
