"""What one column tells about another: the scores of feature selection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from designer.binning import bin_numbers, quantile_cuts
from designer.types import dtype_word

if TYPE_CHECKING:
    import numpy
    import polars


def score_feature(
    feature: polars.Series, target: polars.Series, method: str, bins: int
) -> tuple[float | None, float | None, int]:
    """Score a feature against a label.

    Parameters
    ----------
    feature, target : polars.Series
        Columns of shape (n_rows,).
    method : {"pearson", "chi_squared", "mutual_information", "anova_f"}
        How to score.
    bins : int
        Into how many bins decimal numbers go where categories are needed.

    Returns
    -------
    tuple of float or None, float or None, int
        Score, p-value and number of rows used; None where it is not defined.
    """
    import numpy

    kinds = dtype_word(feature.dtype), dtype_word(target.dtype)
    if "other" in kinds or (method in ("pearson", "anova_f") and kinds[0] not in ("integer", "float", "boolean")):
        return None, None, 0
    keep = _present(feature) & _present(target)
    feature, target = feature.filter(keep), target.filter(keep)
    if feature.n_unique() < 2 or target.n_unique() < 2:
        return None, None, feature.len()
    with numpy.errstate(all="ignore"):
        score, p_value = _SCORES[method](feature, target, bins)
    finite = [float(value) if value is not None and numpy.isfinite(value) else None for value in (score, p_value)]
    return finite[0], finite[1], feature.len()


def _present(column: polars.Series) -> polars.Series:
    # Infinite numbers have no place on a scale.
    return (column.is_finite() if column.dtype.is_float() else column.is_not_null()).fill_null(False)


def _numbers(column: polars.Series) -> numpy.ndarray:
    import polars

    return column.cast(polars.Float64).to_numpy()


def _codes(column: polars.Series, bins: int) -> numpy.ndarray:
    """Number the categories of a column; decimal numbers by the quantile bin they fall in."""
    if column.dtype.is_float():
        values = _numbers(column)
        return bin_numbers(values, quantile_cuts(values, bins))
    return column.rank("dense").to_numpy()


def _pearson(feature: polars.Series, target: polars.Series, _bins: int) -> tuple[Any, Any]:
    from scipy import stats

    if feature.len() < 3:
        return None, None
    found = stats.pearsonr(_numbers(feature), _numbers(target))
    return abs(found.statistic), found.pvalue


def _chi_squared(feature: polars.Series, target: polars.Series, bins: int) -> tuple[Any, Any]:
    from scipy import stats

    counts = stats.contingency.crosstab(_codes(feature, bins), _codes(target, bins)).count
    found = stats.chi2_contingency(counts, correction=False)
    return found.statistic, found.pvalue


def _mutual_information(feature: polars.Series, target: polars.Series, bins: int) -> tuple[Any, Any]:
    from sklearn.metrics import mutual_info_score

    return mutual_info_score(_codes(feature, bins), _codes(target, bins)), None


def _anova(feature: polars.Series, target: polars.Series, bins: int) -> tuple[Any, Any]:
    from sklearn.feature_selection import f_classif, f_regression

    values = _numbers(feature).reshape(-1, 1)
    if target.dtype.is_float():
        score, p_value = f_regression(values, _numbers(target))
    else:
        score, p_value = f_classif(values, _codes(target, bins))
    return score[0], p_value[0]


_SCORES = {
    "pearson": _pearson,
    "chi_squared": _chi_squared,
    "mutual_information": _mutual_information,
    "anova_f": _anova,
}
