"""Bring numeric columns to a common scale."""

from typing import Annotated, Literal, NamedTuple

from designer.component import SchemaFault, component
from designer.errors import StepFailed
from designer.features import listed
from designer.parameters import NUMERIC_COLUMNS, Choices, ColumnSelector, ColumnsOf, ShownWhen, Title
from designer.schema import NUMERIC, TableSchema, select_columns
from designer.transforms import apply, require
from designer.types import Table, Transformation


class Normalized(NamedTuple):
    """The table on its new scale, and the scale."""

    dataset: Annotated[Table, Title("Transformed dataset")]
    transformation: Annotated[Transformation, Title("Transformation function")]


@component(family="Data transformation", synonyms=("scale", "standardize", "z-score", "min max", "rescale"))
def normalize_data(
    dataset: Table,
    *,
    method: Annotated[
        Literal["zscore", "minmax", "logistic", "lognormal", "tanh"],
        Title("Transformation method"),
        Choices(zscore="ZScore", minmax="MinMax", logistic="Logistic", lognormal="LogNormal", tanh="Tanh"),
    ] = "zscore",
    constant_as_zero: Annotated[
        bool, ShownWhen(method=("zscore", "minmax", "lognormal")), Title("Use 0 for constant columns")
    ] = True,
    columns: Annotated[ColumnSelector, ColumnsOf("dataset"), Title("Columns to transform")] = NUMERIC_COLUMNS,
) -> Normalized:
    """Bring numeric columns to a common scale.

    Missing values stay missing and are left out when the scale is learned.

    Parameters
    ----------
    dataset : Table
        Table to transform, of shape (n_rows, n_columns).
    method : {"zscore", "minmax", "logistic", "lognormal", "tanh"}
        ZScore gives mean 0 and standard deviation 1. MinMax gives 0 to 1. Logistic is 1 / (1 + exp(-x)).
        LogNormal is the share of a fitted log-normal distribution below the value; values of 0 and less become
        missing. Tanh is the hyperbolic tangent.
    constant_as_zero : bool
        Columns with a single value become 0; when off they become missing, as no scale can be learned.
    columns : dict
        Numeric columns to transform; they become decimal numbers.

    Returns
    -------
    dataset : Table
        The table with the columns changed in their place.
    transformation : Transformation
        The same scale, for use on other rows.

    Raises
    ------
    StepFailed
        When a chosen column does not exist, is not numeric, or has infinite values.
    """
    selection = select_columns(dataset.schema, columns)
    require(dataset, selection.names + selection.unknown_included, numeric=True)
    fitted = {name: _fit(dataset.frame.get_column(name), name, method) for name in selection.names}
    transformation = Transformation(
        "normalize_data", {"method": method, "constant_as_zero": constant_as_zero, "columns": fitted}
    )
    return Normalized(apply(transformation, dataset), transformation)


def _fit(column, name, method):
    import numpy
    import polars

    if method in ("logistic", "tanh"):
        return {}
    values = column.cast(polars.Float64).fill_nan(None).drop_nulls().to_numpy()
    if not numpy.isfinite(values).all():
        raise StepFailed(
            "infinite_values",
            f"The column {name!r} has infinite values, so it has no scale.",
            fix="Replace or remove them first.",
            port="dataset",
            columns=[name],
            rows=column.cast(polars.Float64).is_infinite().fill_null(False).arg_true().head(5).to_list(),
        )
    if method == "lognormal":
        values = numpy.log(values[values > 0])
    if len(values) == 0:
        return {"constant": True}
    if values.min() == values.max():
        # The mean of equal numbers can differ from them in the last digit, which division would blow up.
        return {"constant": True}
    if method == "minmax":
        return {"min": float(values.min()), "max": float(values.max())}
    mean, sd = float(values.mean()), float(values.std())
    return {"mean": mean, "sd": sd} if method == "zscore" else {"mu": mean, "sigma": sd}


@normalize_data.schema
def _(dataset: TableSchema | None, *, columns, **_) -> tuple:
    if dataset is None:
        return None, None
    names = select_columns(dataset, columns).names
    if wrong := [name for name in names if dataset[name].dtype not in (*NUMERIC, "other")]:
        raise SchemaFault(
            "invalid_parameter",
            f"Only numeric columns can be normalized, but {listed(wrong, dataset)}.",
            fix="Choose numeric columns only, for example by type.",
            parameter="columns",
        )

    def rule(other: TableSchema) -> TableSchema:
        return other.with_dtype(names, "float")

    return rule(dataset), {"rule": rule}
