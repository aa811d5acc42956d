"""Dividing a line of numbers into bins, and numbers beyond a threshold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy
    import polars


def numbers(column: polars.Series) -> numpy.ndarray:
    """Return a column as decimal numbers, with not-a-number where it is missing."""
    import polars

    return column.cast(polars.Float64).fill_null(float("nan")).to_numpy()


def quantile_cuts(values: numpy.ndarray, bins: int) -> list[float]:
    """Return the inner edges of bins that hold equally many of the values.

    Parameters
    ----------
    values : numpy.ndarray
        Finite numbers of shape (n,).
    bins : int
        How many bins are wanted; equal values can make them fewer.

    Returns
    -------
    list of float
        Ascending edges; a value that equals an edge is in the bin below it.
    """
    import numpy

    if not len(values):
        return []
    return [float(edge) for edge in numpy.unique(numpy.quantile(values, numpy.linspace(0, 1, bins + 1)[1:-1]))]


def width_cuts(values: numpy.ndarray, bins: int) -> list[float]:
    """Return the inner edges of bins of one width from the least value to the greatest.

    Parameters
    ----------
    values : numpy.ndarray
        Finite numbers of shape (n,).
    bins : int
        How many bins are wanted; a single value makes one bin.

    Returns
    -------
    list of float
        Ascending edges; a value that equals an edge is in the bin below it.
    """
    import numpy

    if not len(values):
        return []
    return [float(edge) for edge in numpy.unique(numpy.linspace(values.min(), values.max(), bins + 1)[1:-1])]


def bin_numbers(values: numpy.ndarray, cuts: Sequence[float]) -> numpy.ndarray:
    """Return the number of each value's bin, from 1; bins are open below and closed above.

    Parameters
    ----------
    values : numpy.ndarray
        Numbers of shape (n,); not-a-number gets the last bin, so the caller has to mask it.
    cuts : sequence of float
        Inner edges.

    Returns
    -------
    numpy.ndarray
        Whole numbers from 1 to ``len(cuts) + 1``.

    Examples
    --------
    >>> import numpy
    >>> bin_numbers(numpy.array([1.0, 2.0, 2.5]), [2.0]).tolist()
    [1, 1, 2]
    """
    import numpy

    return numpy.searchsorted(numpy.asarray(cuts, dtype=float), values, side="left") + 1


def interval_words(cuts: Sequence[float]) -> list[str]:
    """Return the bins as texts, such as (-inf, 2] and (2, inf).

    Parameters
    ----------
    cuts : sequence of float
        Inner edges.

    Returns
    -------
    list of str
        One text a bin, each different.
    """
    edges = ["-inf", *(_shortest(cuts)), "inf"]
    words = [f"({low}, {high}]" for low, high in zip(edges, edges[1:], strict=False)]
    return [*words[:-1], words[-1][:-1] + ")"]


def _shortest(cuts: Sequence[float]) -> list[str]:
    """Write edges with as few digits as tell them apart."""
    for digits in range(4, 18):
        words = [f"{cut:.{digits}g}" for cut in cuts]
        if len(set(words)) == len(words):
            break
    return words if cuts else []
