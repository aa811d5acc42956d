"""Choosing rows by chance, with strata kept in proportion: the same seed chooses the same rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy
    import polars


def strata(column: polars.Series | None, rows: int) -> list[numpy.ndarray]:
    """Return the row numbers of each stratum.

    Parameters
    ----------
    column : polars.Series or None
        Rows of one value are a stratum, missing ones too; None makes all rows one stratum.
    rows : int
        Number of rows.

    Returns
    -------
    list of numpy.ndarray
        Row numbers in ascending order, strata in the order of their values.
    """
    import numpy

    if column is None:
        return [numpy.arange(rows)]
    codes = column.rank("dense").fill_null(0).to_numpy()
    order = numpy.argsort(codes, kind="stable")
    starts = numpy.flatnonzero(numpy.diff(codes[order])) + 1
    return numpy.split(order, starts) if rows else []


def fraction_mask(
    groups: Sequence[numpy.ndarray], rows: int, fraction: float, random: numpy.random.Generator | None
) -> numpy.ndarray:
    """Choose a share of the rows of each stratum.

    Parameters
    ----------
    groups : sequence of numpy.ndarray
        From ``strata``.
    rows : int
        Number of rows.
    fraction : float in [0, 1]
        Share of the rows to choose.
    random : numpy.random.Generator or None
        None chooses the first rows of each stratum.

    Returns
    -------
    numpy.ndarray
        A mask of shape (rows,).
    """
    import numpy

    chosen = numpy.zeros(rows, dtype=bool)
    for group, count in zip(groups, shares([len(group) for group in groups], fraction), strict=True):
        picked = group if random is None else random.permutation(group)
        chosen[picked[:count]] = True
    return chosen


def shares(sizes: Sequence[int], fraction: float) -> list[int]:
    """Round each stratum's share so that the whole is rounded right (largest remainders first).

    Parameters
    ----------
    sizes : sequence of int
        Rows in each stratum.
    fraction : float in [0, 1]
        Share of the rows.

    Returns
    -------
    list of int
        Rows to choose in each stratum.

    Examples
    --------
    >>> shares([3, 3], 0.5)
    [2, 1]
    """
    exact = [size * fraction for size in sizes]
    counts = [int(value) for value in exact]
    total = int(sum(sizes) * fraction + 0.5)
    by_remainder = sorted(range(len(sizes)), key=lambda index: (counts[index] - exact[index], index))
    for index in by_remainder[: max(0, total - sum(counts))]:
        counts[index] += 1
    return counts


def fold_numbers(
    groups: Sequence[numpy.ndarray],
    rows: int,
    proportions: Sequence[float],
    random: numpy.random.Generator | None,
) -> Any:
    """Give each row the number of a fold, from 1; sizes follow the proportions.

    Rows of a stratum are dealt out in turn, so each fold has its share of every stratum. Without chance and
    strata, each fold is one block of rows in the order of the table.

    Parameters
    ----------
    groups : sequence of numpy.ndarray
        From ``strata``.
    rows : int
        Number of rows.
    proportions : sequence of float
        Shares of the folds; their sum is 1.
    random : numpy.random.Generator or None
        None takes rows in the order of the table.

    Returns
    -------
    numpy.ndarray
        Fold numbers of shape (rows,).
    """
    import numpy

    folds = numpy.zeros(rows, dtype=numpy.int64)
    if not rows:
        return folds
    total = sum(proportions)
    exact = [rows * share / total for share in proportions]
    counts = [int(value) for value in exact]
    by_remainder = sorted(range(len(counts)), key=lambda index: (counts[index] - exact[index], index))
    for index in by_remainder[: rows - sum(counts)]:
        counts[index] += 1
    dealt = numpy.repeat(numpy.arange(1, len(counts) + 1), counts)
    if len(groups) > 1 or random is not None:
        times = numpy.concatenate([(numpy.arange(count) + 0.5) / max(count, 1) for count in counts])
        dealt = dealt[numpy.argsort(times, kind="stable")]
    order = numpy.concatenate([group if random is None else random.permutation(group) for group in groups])
    folds[order] = dealt
    return folds
