"""Put the columns of two tables side by side where their keys agree."""

from typing import Annotated, Literal, NamedTuple

from designer.component import SchemaFault, component
from designer.errors import StepFailed
from designer.parameters import Choices, ColumnName, ColumnsOf, RowsOf, ShownWhen, Title
from designer.picking import free_names, require_columns
from designer.schema import NUMERIC, TableSchema
from designer.types import Table, dtype_word
from designer.widening import common_word


class Key(NamedTuple):
    """One pair of columns that must agree.

    Parameters
    ----------
    left : str
        A column of the left table.
    right : str
        The column of the right table that holds the same thing.
    """

    left: Annotated[ColumnName, ColumnsOf("left"), Title("Left column")]
    right: Annotated[ColumnName, ColumnsOf("right"), Title("Right column")]


@component(
    family="Data transformation",
    synonyms=("merge", "lookup", "inner join", "left join", "outer join", "anti join", "combine"),
)
def join_data(
    left: Annotated[Table, Title("Left dataset")],
    right: Annotated[Table, Title("Right dataset")],
    *,
    keys: Annotated[list, RowsOf(Key), Title("Key columns")] = [],  # noqa: B006
    match_case: Annotated[bool, Title("Match case")] = True,
    how: Annotated[
        Literal["inner", "left", "full", "semi", "anti"],
        Title("Join type"),
        Choices(inner="Inner", left="Left outer", full="Full outer", semi="Left semi", anti="Left anti"),
    ] = "inner",
    keep_right_keys: Annotated[bool, ShownWhen(how=("inner", "left", "full")), Title("Keep right key columns")] = False,
    suffix: Annotated[str, ShownWhen(how=("inner", "left", "full")), Title("Suffix for repeated names")] = "_right",
) -> Annotated[Table, Title("Joined dataset")]:
    """Join the rows of two tables whose key columns agree.

    A missing key never matches, and neither does not-a-number. Rows keep the order of the left table, then
    that of the right one; the rows of a full outer join that only the right table has come last. Roles stay with
    their columns.

    Parameters
    ----------
    left : Table
        Left table, of shape (n_rows, n_columns).
    right : Table
        Right table.
    keys : list of Key
        Pairs of columns that must be equal. Whole and decimal numbers may be compared with each other, texts
        with categories.
    match_case : bool
        Tell upper case from lower case in texts.
    how : {"inner", "left", "full", "semi", "anti"}
        Inner keeps matching pairs; left outer all left rows as well; full outer all rows of both tables. Left semi
        keeps the left rows that have a match, left anti those that have none, with the left columns only.
    keep_right_keys : bool
        Keep the key columns of the right table too. When off, a full outer join fills the left key from the right
        one where there is no left row.
    suffix : str
        Put behind the name of a right column that the left table has too.

    Returns
    -------
    dataset : Table
        The joined rows.

    Raises
    ------
    StepFailed
        When a key column does not exist, or two key columns hold things that cannot be compared.
    """
    import polars

    require_columns(left, [key["left"] for key in keys], parameter="keys", port="left")
    require_columns(right, [key["right"] for key in keys], parameter="keys", port="right")
    if fault := _incomparable(left.schema, right.schema, keys):
        raise StepFailed("key_types", fault[0], fix=fault[1], parameter="keys", columns=fault[2])
    one, other, names = _with_keys(left.frame, right.frame, keys, match_case)
    if how in ("semi", "anti"):
        joined = one.join(other.select(names), on=names, how=how, maintain_order="left")
        return left.with_frame(joined.drop(names))
    own = [key["right"] for key in keys]
    kept = right.frame.columns if keep_right_keys else [name for name in right.frame.columns if name not in own]
    renamed = free_names(kept, left.frame.columns, suffix)
    fill = how == "full" and not keep_right_keys
    spare = {key["right"]: f"{name}-spare" for key, name in zip(keys, names, strict=True)} if fill else {}
    other = other.select(
        *names,
        *(polars.col(name).alias(new) for name, new in renamed.items()),
        *(polars.col(name).alias(new) for name, new in spare.items()),
    )
    order = "left_right" if how == "full" else "left"
    joined = one.join(other, on=names, how=how, maintain_order=order, coalesce=True)
    if fill:
        joined = joined.with_columns(_filled(joined, key["left"], spare[key["right"]]) for key in keys)
    joined = joined.select(*left.frame.columns, *renamed.values())
    roles = {renamed[name]: role for name, role in right.roles.items() if name in renamed}
    categorical = {renamed[name] for name in right.categorical if name in renamed}
    return Table(joined, {**left.roles, **roles}, left.categorical | categorical, left.notes)


def _with_keys(left, right, keys, match_case):
    """Add to both frames the columns by which they are joined; the keys themselves stay as they are."""
    import polars

    taken = {*left.columns, *right.columns}
    names, ours, theirs = [], [], []
    for number, key in enumerate(keys):
        name = f"key-{number}"
        while name in taken:
            name = f"{name}-"
        names.append(name)
        for expressions, column in zip(
            (ours, theirs), _comparable(left.schema[key["left"]], right.schema[key["right"]], match_case), strict=True
        ):
            source = key["left"] if expressions is ours else key["right"]
            expressions.append(column(polars.col(source)).alias(name))
    return left.with_columns(ours), right.with_columns(theirs), names


def _comparable(first, second, match_case):
    """Return how to make the keys of either side comparable, for two data types that can be."""
    import polars

    word = dtype_word(first)
    if word in ("string", "categorical"):
        if match_case:
            return (lambda column: column.cast(polars.String),) * 2
        return (lambda column: column.cast(polars.String).str.to_lowercase(),) * 2
    if first.is_integer() and second.is_integer():
        dtype = first if first == second else polars.Int128
        return (lambda column: column.cast(dtype),) * 2
    if first.is_numeric():
        return tuple(_whole if first.is_integer() or second.is_integer() else _decimal for _ in range(2))
    if word in ("datetime", "duration"):
        finer = max((first, second), key=lambda dtype: ("ms", "us", "ns").index(dtype.time_unit))
        return (lambda column: column.cast(finer),) * 2
    return (lambda column: column,) * 2


def _whole(column):
    """Compare whole numbers with decimal ones by whole numbers: beyond 2^53 decimals would mix up neighbors."""
    import polars

    return polars.when(column == column.floor()).then(column.cast(polars.Int128, strict=False))


def _decimal(column):
    import polars

    return column.cast(polars.Float64).fill_nan(None)


def _filled(joined, name, spare):
    """Fill the left key from the right one; the type stays that of the left, or is decimal when one is."""
    import polars

    ours, theirs = joined.schema[name], joined.schema[spare]
    word = common_word(dtype_word(ours), dtype_word(theirs))
    dtype = polars.Float64 if word == "float" and ours != theirs else polars.String if word == "string" else ours
    try:
        column = joined.get_column(name).cast(dtype)
        return column.fill_null(joined.get_column(spare).cast(dtype))
    except polars.exceptions.InvalidOperationError as error:
        raise StepFailed(
            "key_types",
            f"The key {name!r} cannot hold every value of the right key: {error}",
            fix="Give both key columns the same data type with Edit Metadata, or keep the right key columns.",
            parameter="keys",
            columns=[name],
        ) from error


def _incomparable(left, right, keys):
    """Return message, fix and columns when two keys cannot be compared, else None."""
    for key in keys:
        ours, theirs = left[key["left"]], right[key["right"]]
        if "other" in (ours.dtype, theirs.dtype):
            column = ours if ours.dtype == "other" else theirs
            return (
                f"The key column {column.name!r} holds lists or structures, which cannot be compared.",
                "Choose another key column.",
                [column.name],
            )
        if common_word(ours.dtype, theirs.dtype) is None or {ours.dtype, theirs.dtype} == {"date", "datetime"}:
            return (
                f"The key columns {ours.name!r} ({ours.dtype}) and {theirs.name!r} ({theirs.dtype}) "
                "cannot be compared.",
                "Choose columns of the same data type, or change one with Edit Metadata.",
                [ours.name, theirs.name],
            )
    return None


@join_data.schema
def _(left: TableSchema | None, right: TableSchema | None, *, keys, how, keep_right_keys, suffix, **_):
    if left is None or right is None:
        return left if how in ("semi", "anti") else None
    known = [key for key in keys if "other" not in (left[key["left"]].dtype, right[key["right"]].dtype)]
    if fault := _incomparable(left, right, known):
        raise SchemaFault("invalid_parameter", fault[0], fix=fault[1], parameter="keys")
    if how in ("semi", "anti"):
        return left
    own = {key["right"] for key in keys}
    kept = right.names if keep_right_keys else [name for name in right.names if name not in own]
    joined = left
    for key in keys if how == "full" and not keep_right_keys else ():
        ours, theirs = joined[key["left"]], right[key["right"]]
        wide = common_word(ours.dtype, theirs.dtype)
        if wide in (*NUMERIC, "string"):
            joined = joined.with_column(ours.name, wide, role=ours.role, categorical=ours.categorical)
    for name, new in free_names(kept, left.names, suffix).items():
        column = right[name]
        joined = joined.with_column(new, column.dtype, role=column.role, categorical=column.categorical)
    return joined
