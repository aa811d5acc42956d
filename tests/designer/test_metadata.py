"""Edit Metadata: data types, categories, roles and names."""

from __future__ import annotations

from datetime import date, datetime

import polars as pl
import pytest

from designer.types import Table

ALL = {"rules": [{"action": "include", "by": "all", "values": []}]}


@pytest.mark.parametrize(
    ("dtype", "values", "expected"),
    [
        ("integer", ["1", " 2 ", "3.0", "1e3", None], [1, 2, 3, 1000, None]),
        ("integer", ["9007199254740993"], [9007199254740993]),
        ("integer", [1.0, None, float("nan")], [1, None, None]),
        ("float", ["1.5", "-2", None], [1.5, -2.0, None]),
        ("boolean", ["yes", "FALSE", "1", None], [True, False, True, None]),
        ("boolean", [1, 0, None], [True, False, None]),
        ("string", [1, None], ["1", None]),
        ("date", ["2020-02-29", None, "2021-01-01 10:00:00"], [date(2020, 2, 29), None, date(2021, 1, 1)]),
        (
            "datetime",
            ["2020-02-29", "2020-02-29T10:11:12.5", "2020-02-29 10:11"],
            [datetime(2020, 2, 29), datetime(2020, 2, 29, 10, 11, 12, 500000), datetime(2020, 2, 29, 10, 11)],
        ),
    ],
)
def test_data_types(bench, dtype, values, expected):
    """Values are read exactly, and what is missing stays missing."""
    got = bench.table("edit_metadata", {"dataset": pl.DataFrame({"a": values})}, columns=ALL, dtype=dtype)
    assert got["a"].to_list() == expected


def test_dates_by_format(bench):
    """A format of one's own, with and without a time of day."""
    frame = pl.DataFrame({"a": ["31/12/2020 23:59"], "b": ["01/02/2021 00:00"]})
    got = bench.table("edit_metadata", {"dataset": frame}, columns=ALL, dtype="datetime", format="%d/%m/%Y %H:%M")
    assert got.row(0) == (datetime(2020, 12, 31, 23, 59), datetime(2021, 2, 1))
    days = pl.DataFrame({"a": ["31/12/2020"]})
    got = bench.table("edit_metadata", {"dataset": days}, columns=ALL, dtype="datetime", format="%d/%m/%Y")
    assert got.row(0) == (datetime(2020, 12, 31),)


@pytest.mark.parametrize(
    ("dtype", "values"),
    [("integer", ["1", "1.5"]), ("float", ["1", "x"]), ("boolean", ["yes", "perhaps"]),
     ("date", ["2020-01-01", "2020-13-01"]),
     ("integer", [1.0, 2.5]), ("integer", [1.0, float("inf")])],
)  # fmt: skip
def test_values_that_do_not_fit(bench, dtype, values):
    """They are named with their rows, or become missing when that is wanted."""
    given = {"dataset": pl.DataFrame({"a": values})}
    error = bench.problem("edit_metadata", given, columns=ALL, dtype=dtype)
    assert (error["code"], error["columns"], error["rows"]) == ("does_not_fit", ["a"], [1])
    got = bench.table("edit_metadata", given, columns=ALL, dtype=dtype, unreadable="missing")
    assert got["a"].null_count() == 1


def test_roles_categories_and_names_travel(bench):
    """They are kept in the file of the table, and under the new name."""
    table = Table(pl.DataFrame({"a": [1, 2], "b": ["x", "y"]}), {"a": "feature"})
    columns = {"rules": [{"action": "include", "by": "names", "values": ["b"]}]}
    out = bench.outputs(
        "edit_metadata", {"dataset": table}, columns=columns, role="label", categorical="categorical",
        names=[{"column": "b", "name": "a"}, {"column": "a", "name": "b"}],
    )["dataset"]  # fmt: skip
    assert out.frame.columns == ["b", "a"] and out.frame["a"].to_list() == ["x", "y"]
    assert out.roles == {"a": "label", "b": "feature"} and out.categorical == {"a"}
    cleared = bench.outputs("edit_metadata", {"dataset": out}, columns=ALL, role="clear")["dataset"]
    assert cleared.roles == {} and cleared.categorical == {"a"}
    plain = bench.outputs(
        "edit_metadata", {"dataset": pl.DataFrame({"c": pl.Series(["x"], dtype=pl.Categorical)})}, columns=ALL,
        categorical="not_categorical",
    )["dataset"]  # fmt: skip
    assert plain.frame.schema["c"] == pl.String


def test_problems(bench):
    """Names used twice, columns renamed twice, types that cannot be read, formats that are none."""
    frame = pl.DataFrame({"a": ["x"], "b": [1], "d": [datetime(2020, 1, 1)]})

    def error(**parameters):
        found = bench.problem("edit_metadata", {"dataset": frame}, **parameters)
        return found["code"], found["parameter"]

    assert error(names=[{"column": "a", "name": "b"}]) == ("duplicate_column", "names")
    assert error(names=[{"column": "a", "name": "x"}, {"column": "a", "name": "y"}]) == ("duplicate_column", "names")
    assert error(names=[{"column": "a", "name": ""}]) == ("invalid_parameter", "names")
    assert error(columns=ALL, dtype="integer") == ("unsuitable_type", "columns")
