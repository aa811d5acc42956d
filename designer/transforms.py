"""Fitted transformations: plain JSON state, and how each is applied to a table.

A component fits by looking at a table and writing down a state; then it applies that state to the same table
with the functions here. *Apply Transformation* calls the same functions, so fit-then-apply on other rows is
the same arithmetic.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from designer.binning import bin_numbers, interval_words, numbers
from designer.errors import StepFailed
from designer.schema import NUMERIC
from designer.types import Table, Transformation

if TYPE_CHECKING:
    import polars


@dataclass(frozen=True)
class Kind:
    """How one kind of transformation is applied and described."""

    title: str
    apply: Callable[[Mapping[str, Any], Table], Table]
    describe: Callable[[Mapping[str, Any]], list[dict[str, str]]]


def apply(transformation: Transformation, table: Table) -> Table:
    """Apply a fitted transformation.

    Parameters
    ----------
    transformation : Transformation
        From a component that fits one.
    table : Table
        Table with the columns it was fitted on.

    Returns
    -------
    Table
        The changed table.

    Raises
    ------
    StepFailed
        When a column it needs is missing or has another type.
    """
    return KINDS[transformation.name].apply(transformation.state, table)


def describe(transformation: Transformation) -> dict[str, Any]:
    """Return the document that the browser draws."""
    kind = KINDS[transformation.name]
    return {"kind": "transformation", "name": kind.title, "columns": kind.describe(transformation.state)}


def require(table: Table, names: list[str], *, port: str = "dataset", numeric: bool = False) -> None:
    """Raise StepFailed when columns are missing, or not numeric where they must be."""
    if missing := [name for name in names if name not in table.schema]:
        raise StepFailed(
            "unknown_column",
            f"The table does not have {_listed(missing)}, which the transformation was fitted on.",
            fix="Apply it to a table with the same columns.",
            port=port,
            columns=missing,
        )
    if numeric and (wrong := [name for name in names if table.schema[name].dtype not in NUMERIC]):
        raise StepFailed(
            "not_numeric",
            f"Numbers are needed, but {_listed(wrong)} {'is' if len(wrong) == 1 else 'are'} not numeric.",
            fix="Choose numeric columns only, for example by type.",
            port=port,
            columns=wrong,
        )


def _listed(names: list[str]) -> str:
    shown = ", ".join(repr(name[:80]) for name in names[:5])
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return f"the column{'s' if len(names) > 1 else ''} {shown}{more}"


def missing_mask(name: str, dtype: polars.DataType) -> polars.Expr:
    """Return the condition that a value is missing: null, and not-a-number in float columns."""
    import polars

    column = polars.col(name)
    return column.is_null() | column.is_nan() if dtype.is_float() else column.is_null()


def _apply_clean(state: Mapping[str, Any], table: Table) -> Table:
    import polars

    frame, mode = table.frame, state["mode"]
    require(table, state["columns"])
    masks = {name: missing_mask(name, frame.schema[name]) for name in state["columns"]}
    extra = [mask.alias(f"{name}_IsMissing") for name, mask in masks.items()] if state["indicator"] else []
    if extra:
        _refuse_taken(frame.columns, [f"{name}_IsMissing" for name in masks], "Indicator columns")
    changed = []
    if mode in ("mean", "median"):
        # Also where nothing is missing: the type of a column must not depend on its values.
        whole = [name for name in state["columns"] if table.schema[name].dtype == "integer"]
        changed = [polars.col(name).cast(polars.Float64) for name in whole if name not in state["fills"]]
    for name, value in state["fills"].items():
        column = polars.col(name)
        if mode in ("mean", "median"):
            column = column.cast(polars.Float64)
        fill = polars.lit(value)
        if table.schema[name].dtype in ("datetime", "date", "time"):
            fill = fill.str.strptime(frame.schema[name])  # type: ignore[arg-type]
        elif mode not in ("mean", "median"):
            fill = fill.cast(frame.schema[name])
        changed.append(polars.when(masks[name]).then(fill).otherwise(column).alias(name))
    kept = frame.with_columns(*changed, *extra)
    if mode == "drop_row" and masks:
        keep = frame.select(~polars.any_horizontal(list(masks.values()))).to_series()
        kept = kept.filter(keep)
    return table.with_frame(kept.drop(state["dropped"], strict=False))


def _refuse_taken(existing: list[str], added: list[str], what: str) -> None:
    if taken := sorted(set(existing) & set(added)):
        raise StepFailed(
            "duplicate_column",
            f"{what} would be called like {_listed(taken)}, which the table already has.",
            fix="Rename or leave out that column first.",
            columns=taken,
        )


def _describe_clean(state: Mapping[str, Any]) -> list[dict[str, str]]:
    rows = [{"name": name, "action": "fill", "detail": str(value)} for name, value in state["fills"].items()]
    rows += [{"name": name, "action": "drop column", "detail": ""} for name in state["dropped"]]
    if state["mode"] == "drop_row":
        rows += [{"name": name, "action": "drop rows", "detail": "where it is missing"} for name in state["columns"]]
    rows += [{"name": name, "action": "left as it is", "detail": why} for name, why in state["left"].items()]
    return rows


def _apply_indicator(state: Mapping[str, Any], table: Table) -> Table:
    import polars

    names = list(state["categories"])
    require(table, names)
    added = []
    for name, categories in state["categories"].items():
        text = as_text(name, table.frame.schema[name])
        for category in categories:
            flag = text.eq(category["value"]) if category["value"] is not None else text.is_null()
            added.append(flag.fill_null(False).cast(polars.Int8).alias(category["column"]))
    base = table.frame.drop(names) if state["overwrite"] else table.frame
    _refuse_taken(
        base.columns, [c["column"] for group in state["categories"].values() for c in group], "Indicator columns"
    )
    return table.with_frame(base.hstack(table.frame.select(added)) if added else base)


def as_text(name: str, dtype: polars.DataType) -> polars.Expr:
    """Return a column's values as texts, as indicator columns name them; not-a-number counts as missing."""
    import polars

    column = polars.col(name)
    if dtype.is_float():
        column = column.fill_nan(None)
    return column.cast(polars.String)


def _describe_indicator(state: Mapping[str, Any]) -> list[dict[str, str]]:
    return [
        {"name": name, "action": "indicator columns", "detail": ", ".join(c["column"] for c in group[:20])}
        for name, group in state["categories"].items()
    ]


def _apply_normalize(state: Mapping[str, Any], table: Table) -> Table:
    import polars

    names = list(state["columns"])
    require(table, names, numeric=True)
    frame = table.frame
    changed: list[Any] = []
    for name, fitted in state["columns"].items():
        column = polars.col(name).cast(polars.Float64)
        if fitted.get("constant"):
            value = polars.lit(0.0 if state["constant_as_zero"] else None, dtype=polars.Float64)
            changed.append(polars.when(column.is_null()).then(None).otherwise(value).alias(name))
        elif state["method"] == "zscore":
            changed.append(((column - fitted["mean"]) / fitted["sd"]).alias(name))
        elif state["method"] == "minmax":
            changed.append(((column - fitted["min"]) / (fitted["max"] - fitted["min"])).alias(name))
        elif state["method"] == "logistic":
            changed.append((1 / (1 + (-column).exp())).alias(name))
        elif state["method"] == "tanh":
            changed.append(column.tanh().alias(name))
        else:
            from scipy.stats import norm

            values = frame.select(polars.when(column > 0).then(column).log().alias(name)).to_series()
            scores = norm.cdf(values.to_numpy(), loc=fitted["mu"], scale=fitted["sigma"])
            changed.append(polars.Series(name, scores).fill_nan(None))
    return table.with_frame(frame.with_columns(changed))


def _describe_normalize(state: Mapping[str, Any]) -> list[dict[str, str]]:
    return [
        {
            "name": name,
            "action": state["method"],
            "detail": ", ".join(f"{key} {value:g}" for key, value in fitted.items() if not isinstance(value, bool)),
        }
        for name, fitted in state["columns"].items()
    ]


def _apply_bins(state: Mapping[str, Any], table: Table) -> Table:
    import polars

    names = list(state["cuts"])
    require(table, names, numeric=True)
    added = []
    for name, cuts in state["cuts"].items():
        column = table.frame.get_column(name)
        values = numbers(column)
        index = polars.Series(bin_numbers(values, cuts), dtype=polars.Int64)
        bins = len(cuts) + 1
        if state["value"] == "interval":
            words = interval_words(cuts)
            # With its categories in the order of the bins, a chart does not sort them as texts.
            found = polars.Series(words, dtype=polars.Enum(words)).gather(index - 1)
        elif state["value"] == "index":
            found = index
        else:
            found = index * (100 if state["value"] == "percent" else 1) / bins
        missing = polars.Series(values).is_nan()
        new = name if state["output"] == "replace" else f"{name}_bin"
        added.append(found.zip_with(~missing, polars.Series([None], dtype=found.dtype)).alias(new))
    made = [column.name for column in added]
    if state["output"] == "append":
        _refuse_taken(table.frame.columns, made, "Bin columns")
    frame = polars.DataFrame(added) if state["output"] == "only" else table.frame.with_columns(added)
    roles = {**table.roles, **{f"{name}_bin": role for name, role in table.roles.items() if state["output"] == "only"}}
    categorical = (table.categorical - set(made)) | (set(made) if state["categorical"] else set())
    return Table(frame, roles, frozenset(categorical), table.notes).with_frame(frame)


def _describe_bins(state: Mapping[str, Any]) -> list[dict[str, str]]:
    return [
        {"name": name, "action": f"{len(cuts) + 1} bins", "detail": ", ".join(interval_words(cuts)[:20])}
        for name, cuts in state["cuts"].items()
    ]


def _apply_clip(state: Mapping[str, Any], table: Table) -> Table:
    import polars

    require(table, list(state["columns"]), numeric=True)
    changed, flags = [], []
    for name, fitted in state["columns"].items():
        column = polars.col(name).cast(polars.Float64).fill_nan(None)
        clipped, outside = column, polars.lit(False)
        for side, beyond in (("upper", column.gt), ("lower", column.lt)):
            if fitted[side] is not None:
                clipped = polars.when(beyond(fitted[side])).then(fitted[f"{side}_substitute"]).otherwise(clipped)
                outside = outside | beyond(fitted[side]).fill_null(False)
        changed.append(clipped.cast(polars.Float64).alias(name if state["overwrite"] else f"{name}_clipped"))
        flags.append(outside.alias(f"{name}_IsClipped"))
    added = [] if state["overwrite"] else [f"{name}_clipped" for name in state["columns"]]
    added += [f"{name}_IsClipped" for name in state["columns"]] if state["indicator"] else []
    _refuse_taken(table.frame.columns, added, "New columns")
    return table.with_frame(table.frame.with_columns(changed + (flags if state["indicator"] else [])))


def _describe_clip(state: Mapping[str, Any]) -> list[dict[str, str]]:
    return [
        {
            "name": name,
            "action": "clip",
            "detail": ", ".join(
                f"{word} {fitted[side]:g}"
                for side, word in (("lower", "below"), ("upper", "above"))
                if fitted[side] is not None
            ),
        }
        for name, fitted in state["columns"].items()
    ]


KINDS = {
    "clip_values": Kind("Clip Values", _apply_clip, _describe_clip),
    "group_data_into_bins": Kind("Group Data into Bins", _apply_bins, _describe_bins),
    "clean_missing_data": Kind("Clean Missing Data", _apply_clean, _describe_clean),
    "convert_to_indicator_values": Kind("Convert to Indicator Values", _apply_indicator, _describe_indicator),
    "normalize_data": Kind("Normalize Data", _apply_normalize, _describe_normalize),
}
