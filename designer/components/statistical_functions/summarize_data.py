"""One row of statistics for each column."""

from typing import Annotated

from designer import reporting
from designer.component import DROP, component
from designer.parameters import Title
from designer.schema import TableSchema
from designer.types import Table, dtype_word

_QUANTILES = {
    "P0.5": 0.005, "P1": 0.01, "P5": 0.05, "1st Quartile": 0.25, "Median": 0.5, "3rd Quartile": 0.75, "P95": 0.95,
    "P99": 0.99, "P99.5": 0.995,
}  # fmt: skip
_COLUMNS = {
    "Feature": "string", "Type": "string", "Count": "integer", "Unique Value Count": "integer",
    "Missing Value Count": "integer", "Min": "float", "Max": "float", "Mean": "float", "Mean Deviation": "float",
    "1st Quartile": "float", "Median": "float", "3rd Quartile": "float", "Mode": "string", "Range": "float",
    "Sample Variance": "float", "Sample Standard Deviation": "float", "Sample Skewness": "float",
    "Sample Kurtosis": "float", "P0.5": "float", "P1": "float", "P5": "float", "P95": "float", "P99": "float",
    "P99.5": "float",
}  # fmt: skip


@component(
    family="Statistical functions",
    title="Summarize Data",
    in_inference=DROP,
    synonyms=("describe", "profile", "statistics", "mean", "quantiles", "skewness", "kurtosis"),
)
def summarize_data(dataset: Table) -> Annotated[Table, Title("Results dataset")]:
    """Describe each column by its statistics.

    Missing values and not-a-number are counted and left out of everything else. Columns that are not numeric have
    counts and a mode only. Of several values that are equally frequent, the mode is the smallest.

    Parameters
    ----------
    dataset : Table
        Table to describe, of shape (n_rows, n_columns).

    Returns
    -------
    dataset : Table
        One row per column: counts; for numeric columns extremes, mean, mean deviation from the mean, quartiles, range,
        sample variance, standard deviation, skewness and kurtosis (excess, corrected for bias) and percentiles with
        linear interpolation.

    Raises
    ------
    StepFailed
        Never for a table that can be read.
    """
    import polars

    types = {"string": polars.String, "integer": polars.Int64, "float": polars.Float64}
    rows = []
    for number, name in enumerate(dataset.frame.columns):
        reporting.progress(number / dataset.frame.width, f"Column {number + 1} of {dataset.frame.width}")
        rows.append(_describe(dataset.frame.get_column(name)))
    return Table(polars.DataFrame(rows, schema={name: types[dtype] for name, dtype in _COLUMNS.items()}))


def _describe(column):
    if column.dtype.is_float():
        column = column.fill_nan(None)
    present = column.drop_nulls()
    row = dict.fromkeys(_COLUMNS)
    row |= {
        "Feature": column.name,
        "Type": dtype_word(column.dtype),
        "Count": present.len(),
        "Missing Value Count": column.null_count(),
    }
    if row["Type"] != "other":
        row["Unique Value Count"] = present.n_unique()
        row["Mode"] = _mode(present)
    if row["Type"] in ("integer", "float") and present.len():
        row |= _numeric(present)
    return row


def _mode(present):
    import polars

    if present.is_empty():
        return None
    if present.dtype in (polars.Categorical, polars.Enum):
        present = present.cast(polars.String)
    smallest = present.mode().sort().head(1)
    if present.dtype == polars.Duration:
        return str(smallest[0])
    return smallest.cast(polars.String)[0]


def _numeric(present):
    import numpy
    import polars

    values = present.cast(polars.Float64).sort().to_numpy()
    count = len(values)
    with numpy.errstate(all="ignore"):
        mean = values.mean()
        row = {"Min": values[0], "Max": values[-1], "Range": values[-1] - values[0], "Mean": mean}
        row["Mean Deviation"] = numpy.abs(values - mean).mean()
        row |= dict(zip(_QUANTILES, numpy.quantile(values, list(_QUANTILES.values())), strict=True))
        if count > 1:
            row["Sample Variance"] = values.var(ddof=1)
            row["Sample Standard Deviation"] = values.std(ddof=1)
        # Equal numbers have no shape; and rounding would invent one for them.
        if count > 2 and row["Range"] > 0:
            row["Sample Skewness"], row["Sample Kurtosis"] = _shape(values)
    return {name: float(value) if value is not None and numpy.isfinite(value) else None for name, value in row.items()}


def _shape(values):
    from scipy import stats

    skewness = stats.skew(values, bias=False)
    return skewness, stats.kurtosis(values, bias=False) if len(values) > 3 else None


@summarize_data.schema
def _(dataset: TableSchema | None) -> TableSchema:
    return TableSchema.of(**_COLUMNS)
