"""Apply what was learned from one table to another."""

from typing import Annotated

from designer.component import component
from designer.parameters import Title
from designer.schema import TableSchema
from designer.transforms import apply
from designer.types import Table, Transformation


@component(family="Model scoring and evaluation", synonyms=("transform", "normalize test data", "impute test data"))
def apply_transformation(
    transformation: Transformation, dataset: Table
) -> Annotated[Table, Title("Transformed dataset")]:
    """Apply a fitted transformation to a table.

    Values learned from the training rows, such as means and categories, are used as they are; nothing is
    learned from this table.

    Parameters
    ----------
    transformation : Transformation
        From Clean Missing Data, Normalize Data, Convert to Indicator Values, Group Data into Bins or Clip Values.
    dataset : Table
        Table with the columns the transformation was fitted on.

    Returns
    -------
    dataset : Table
        The changed table.

    Raises
    ------
    StepFailed
        When a column it needs is missing or has another type.
    """
    return apply(transformation, dataset)


@apply_transformation.schema
def _(transformation, dataset: TableSchema | None) -> TableSchema | None:
    # Known where the rule of the fitting component told what it does to columns.
    rule = (transformation or {}).get("rule")
    return rule(dataset) if rule and dataset is not None else None
