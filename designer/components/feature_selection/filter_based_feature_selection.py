"""Keep the columns that tell most about the label."""

from typing import Annotated, Literal, NamedTuple

from designer import reporting
from designer.component import DROP, SchemaFault, component
from designer.errors import StepFailed
from designer.features import feature_names
from designer.parameters import Choices, ColumnName, ColumnsOf, Range, ShownWhen, Title
from designer.picking import require_columns
from designer.relevance import score_feature
from designer.schema import NUMERIC, TableSchema
from designer.types import Table

_SCORES = {"Feature": "string", "Score": "float", "P-value": "float", "Rows": "integer", "Selected": "boolean"}


class Selected(NamedTuple):
    """The table with the best features, and the scores of all."""

    dataset: Annotated[Table, Title("Filtered dataset")]
    scores: Annotated[Table, Title("Features")]


@component(
    family="Feature selection",
    title="Filter Based Feature Selection",
    in_inference=DROP,
    synonyms=("feature ranking", "correlation", "chi-squared", "mutual information", "anova", "importance"),
)
def filter_based_feature_selection(
    dataset: Table,
    *,
    method: Annotated[
        Literal["pearson", "chi_squared", "mutual_information", "anova_f"],
        Title("Feature scoring method"),
        Choices(
            pearson="Pearson correlation",
            chi_squared="Chi-squared",
            mutual_information="Mutual information",
            anova_f="ANOVA F value",
        ),
    ] = "pearson",
    target: Annotated[ColumnName, ColumnsOf("dataset"), Title("Target column")],
    count: Annotated[int, Range(1), Title("Number of desired features")] = 1,
    features_only: Annotated[bool, Title("Operate on feature columns only")] = True,
    bins: Annotated[
        int, Range(2, 1000), ShownWhen(method=("chi_squared", "mutual_information")), Title("Bins of decimal numbers")
    ] = 10,
) -> Selected:
    """Score each column by what it tells about the label, and keep the best.

    A score uses the rows in which both the column and the label are present. Columns that a method cannot score,
    such as texts by Pearson correlation, come last without a score.

    Parameters
    ----------
    dataset : Table
        Table with features and a label, of shape (n_rows, n_columns).
    method : {"pearson", "chi_squared", "mutual_information", "anova_f"}
        Pearson correlation is the absolute value of r, for numbers. Chi-squared and Mutual information (in nats)
        compare categories. The ANOVA F value compares the means of a number between classes; for a label of decimal
        numbers it is the F value of a linear fit.
    target : str
        The label.
    count : int
        How many features to keep.
    features_only : bool
        Score the columns with the role feature, where there are any. When off, score every other column.
    bins : int in [2, 1000]
        Decimal numbers are put in that many bins of equally many rows before they are compared as categories.

    Returns
    -------
    dataset : Table
        The best features in the order of the table, and the label at the end.
    scores : Table
        All scored columns, best first: score, p-value where there is one, rows used, whether it was selected.

    Raises
    ------
    StepFailed
        When the label does not exist or does not suit the method, or no column can be scored.
    """
    import polars

    target = str(target)
    require_columns(dataset, [target], parameter="target")
    if fault := _wrong_target(dataset.schema, target, method):
        raise StepFailed("unsuitable_type", fault[0], fix=fault[1], parameter="target", columns=[target])
    names = _candidates(dataset.schema, target, features_only)
    scored = []
    for number, name in enumerate(names):
        reporting.progress(number / len(names), f"Column {number + 1} of {len(names)}")
        found = score_feature(dataset.frame.get_column(name), dataset.frame.get_column(target), method, bins)
        scored.append((name, *found))
    # Without a score last; equal scores in the order of the table.
    scored.sort(key=lambda row: (row[1] is None, -(row[1] or 0)))
    best = [row[0] for row in scored if row[1] is not None][:count]
    if not best:
        raise StepFailed(
            "no_features",
            f"No column can be scored by this method against {target!r}.",
            fix="Choose another method, or give the table columns with at least two different values.",
            parameter="method",
        )
    kept = [name for name in dataset.frame.columns if name in best]
    rows = [(*row, row[0] in best) for row in scored]
    types = {"string": polars.String, "float": polars.Float64, "integer": polars.Int64, "boolean": polars.Boolean}
    scores = polars.DataFrame(rows, schema={name: types[dtype] for name, dtype in _SCORES.items()}, orient="row")
    return Selected(dataset.with_frame(dataset.frame.select(*kept, target)), Table(scores))


def _candidates(schema, target, features_only):
    if features_only:
        return feature_names(schema, target)
    return [name for name in schema.names if name != target]


def _wrong_target(schema, target, method):
    dtype = schema[target].dtype
    if method == "pearson" and dtype not in (*NUMERIC, "boolean"):
        return (
            f"Pearson correlation needs a numeric label, but {target!r} is {dtype}.",
            "Choose another method or label.",
        )
    if dtype == "other":
        return f"The label {target!r} holds lists or structures.", "Choose another label."
    return None


@filter_based_feature_selection.schema
def _(dataset: TableSchema | None, *, method, target, **_) -> tuple:
    scores = TableSchema.of(**_SCORES)
    if dataset is not None and dataset[target].dtype != "other" and (fault := _wrong_target(dataset, target, method)):
        raise SchemaFault("invalid_parameter", fault[0], fix=fault[1], parameter="target")
    # Which columns are best depends on the values.
    return None, scores
