"""How a component tells of metrics and progress while it works; without a listener nothing happens."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

_listener: Callable[..., Any] | None = None


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
        _listener("metric", name=name, value=shown, step=step)


def progress(value: float | None, phase: str = "") -> None:
    """Report how far the work is.

    Parameters
    ----------
    value : float or None
        Share done, [0, 1]; None when it is not known.
    phase : str
        What is being done, such as ``37 of 60 trees``.
    """
    if _listener is not None:
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
