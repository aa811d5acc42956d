"""Statistics equal those computed directly, and pages say what the table holds. DA-4, DA-5."""

import json
import math

import numpy
import polars
import pytest

from studio.datasets import profiling, tables

RANDOM = numpy.random.default_rng(7)
NAN, INF = float("nan"), float("inf")


def parquet(folder, data, **more):
    path = folder / "table.parquet"
    polars.DataFrame(data, **more).write_parquet(path)
    return path


def profiled(folder, data, **more):
    """Profiles by column name; every one can be sent as JSON."""
    result = profiling.profile_table(parquet(folder, data, **more), scratch=folder)
    json.dumps(result, allow_nan=False)
    assert result["column_count"] == len(result["columns"])
    return {column["name"]: column for column in result["columns"]}


def assert_histogram(column, values):
    """Equal bins over the range that count every finite value."""
    edges, counts = column["histogram"]["edges"], column["histogram"]["counts"]
    assert len(edges) == len(counts) + 1 and sum(counts) == len(values)
    assert edges[0] <= min(values) and edges[-1] >= max(values) and edges == sorted(edges)
    return edges, counts


@pytest.mark.parametrize(
    "values",
    [
        RANDOM.normal(50, 12, 1000),
        RANDOM.exponential(3, 500),
        RANDOM.integers(-1000, 1000, 777),
        RANDOM.integers(0, 5, 100),
        numpy.array([1e-300, 2e-300, 5e-300]),
        numpy.array([2**60, 2**60 + 1, 2**61]),
        numpy.array([3.5]),
    ],
    ids=["normal", "exponential", "integers", "few", "tiny", "large", "one"],
)
def test_numbers_equal_numpy_to_1e_9_da_4(tmp_path, values):
    column = profiled(tmp_path, {"x": values})["x"]
    as_floats = values.astype(float)
    assert (column["count"], column["missing"]) == (len(values), 0)
    assert column["unique"] == len(set(values.tolist())) and not column["unique_is_estimate"]
    assert float(column["min"]) == values.min() and float(column["max"]) == values.max()
    assert column["mean"] == pytest.approx(as_floats.mean(), rel=1e-9)
    assert column["quartiles"] == pytest.approx(numpy.quantile(as_floats, [0.25, 0.5, 0.75]).tolist(), rel=1e-9)
    if len(values) > 1:
        assert column["sd"] == pytest.approx(as_floats.std(ddof=1), rel=1e-9)
    else:
        assert column["sd"] is None
    edges, counts = assert_histogram(column, as_floats.tolist())
    if len(values) > 1 and values.max() - values.min() > 20:
        expected, numpy_edges = numpy.histogram(as_floats, bins=20)
        assert edges == pytest.approx(numpy_edges.tolist(), rel=1e-9)
        assert abs(numpy.array(counts) - expected).sum() <= 2, "a value on an edge may round to either side"


def test_whole_numbers_in_a_short_range_get_a_bin_each(tmp_path):
    column = profiled(tmp_path, {"x": [1, 1, 2, 4, None]})["x"]
    assert column["histogram"] == {"edges": [0.5, 1.5, 2.5, 3.5, 4.5], "counts": [2, 1, 0, 1]}
    assert column["top"][0] == {"value": 1, "count": 2}


def test_nan_and_infinities_are_counted_apart_from_finite_values_da_4(tmp_path):
    column = profiled(tmp_path, {"x": [1.0, 2.0, NAN, INF, -INF, None]})["x"]
    assert (column["count"], column["missing"], column["not_finite"]) == (5, 1, 3)
    assert (column["min"], column["max"], column["mean"], column["quartiles"]) == (1.0, 2.0, 1.5, [1.25, 1.5, 1.75])
    assert "not_finite" in column["notes"]
    assert_histogram(column, [1.0, 2.0])


def test_nothing_finite_has_no_mean_and_no_histogram(tmp_path):
    column = profiled(tmp_path, {"x": [NAN, INF]})["x"]
    assert (column["min"], column["mean"], column["sd"], column["quartiles"], column["histogram"]) == (None,) * 5


def test_the_widest_range_of_doubles_does_not_overflow(tmp_path):
    column = profiled(tmp_path, {"x": [-1.7e308, 0.0, 1.7e308]})["x"]
    edges, counts = assert_histogram(column, [-1.7e308, 0.0, 1.7e308])
    assert all(math.isfinite(edge) for edge in edges) and counts[0] == counts[-1] == 1


def test_constant_and_all_missing_columns_are_noted_da_4(tmp_path):
    found = profiled(
        tmp_path,
        {"same": [3.0, 3.0], "none": [None, None], "id": ["a", "b"], "gap": ["a", None]},
        schema={"same": polars.Float64, "none": polars.Float64, "id": polars.String, "gap": polars.String},
    )
    assert found["same"]["notes"] == ["constant"] and found["same"]["sd"] == 0
    assert found["same"]["histogram"] == {"edges": [3.0, 3.0], "counts": [2]}
    assert found["none"]["notes"] == ["all_missing"] and found["none"]["count"] == 0
    assert found["none"]["histogram"] is None and found["none"]["top"] == []
    assert found["id"]["notes"] == ["unique"] and found["gap"]["notes"] == []


def test_no_rows_and_no_columns_have_a_profile_da_4(tmp_path):
    found = profiled(tmp_path, {"x": [], "t": []}, schema={"x": polars.Int64, "t": polars.String})
    assert (found["x"]["count"], found["x"]["missing"], found["x"]["notes"]) == (0, 0, [])
    result = profiling.profile_table(parquet(tmp_path, {}))
    assert (result["row_count"], result["columns"]) == (0, [])


def test_text_dates_and_booleans_have_ranges_and_top_values_da_4(tmp_path):
    frame = polars.DataFrame(
        {
            "t": ["b", "a", "b", "ü" * 500],
            "d": ["2024-01-01", "2023-01-01", "2024-01-01", None],
            "f": [True, False, True, True],
            "<b>": ["x\x00y", "x", "y", "z"],
        }
    ).with_columns(polars.col("d").str.to_date())
    found = profiled(tmp_path, frame)
    assert found["t"]["top"][0] == {"value": "b", "count": 2}
    assert (found["t"]["min"], found["t"]["max"]) == ("a", "ü" * 200), "long texts are cut"
    assert (found["d"]["min"], found["d"]["max"]) == ("2023-01-01", "2024-01-01")
    assert found["f"]["top"] == [{"value": True, "count": 3}, {"value": False, "count": 1}]
    assert "\x00" not in json.loads(json.dumps(found["<b>"]))["top"][0]["value"], "PostgreSQL stores no null byte"


def test_counts_equal_polars_for_mixed_missing_values(tmp_path):
    values = [None if n % 7 == 0 else n % 13 for n in range(500)]
    column = profiled(tmp_path, {"x": values})["x"]
    series = polars.Series(values)
    assert column["missing"] == series.null_count() and column["unique"] == series.drop_nulls().n_unique()
    counted = series.drop_nulls().value_counts(sort=True)
    assert [entry["count"] for entry in column["top"]] == counted["count"].to_list()[: profiling.TOP]
    assert_histogram(column, series.drop_nulls().to_list())


def test_a_table_of_many_columns_is_profiled_da_4(tmp_path):
    told = []
    path = parquet(tmp_path, {f"c{i}": [i, i + 1] for i in range(1000)})
    result = profiling.profile_table(path, progress=lambda value, phase: told.append(value))
    assert result["column_count"] == 1000 and result["columns"][999]["mean"] == 999.5
    assert told == sorted(told) and len(told) > 10 and told[-1] < 1


# pages


def page(path, **asked):
    with tables.TableReader(path) as table:
        found = table.page(**{"offset": 0, "limit": 100, **asked})
    json.dumps(found, allow_nan=False)
    return found


def test_a_page_is_a_part_of_the_table_in_its_order_da_5(tmp_path):
    path = parquet(tmp_path, {"n": range(10_000), "t": [f"row {n}" for n in range(10_000)]})
    found = page(path, offset=9_990, limit=5)
    assert found["rows"] == [[n, f"row {n}"] for n in range(9_990, 9_995)]
    assert (found["offset"], found["total_rows"], found["total_columns"]) == (9_990, 10_000, 2)
    assert page(path, offset=20_000)["rows"] == []


def test_sorting_keeps_ties_in_the_tables_order_page_after_page(tmp_path):
    path = parquet(tmp_path, {"key": [n % 3 for n in range(3000)], "n": range(3000)})
    pages = [page(path, offset=start, limit=250, sort="key")["rows"] for start in range(0, 3000, 250)]
    assert sum(pages, []) == sorted([[n % 3, n] for n in range(3000)], key=lambda row: row[0])
    descending = page(path, sort="key", descending=True, limit=2000)["rows"]
    assert descending == sorted([[n % 3, n] for n in range(3000)], key=lambda row: -row[0])[:2000]


def test_missing_values_come_last_either_way(tmp_path):
    path = parquet(tmp_path, {"x": [2, None, 1]})
    assert page(path, sort="x")["rows"] == [[1], [2], [None]]
    assert page(path, sort="x", descending=True)["rows"] == [[2], [1], [None]]


def test_searching_looks_into_every_column_and_counts_what_it_found(tmp_path):
    path = parquet(tmp_path, {"a": ["Apple", "pear", None], "b": [17, 217, 3]})
    assert page(path, search="APP")["rows"] == [["Apple", 17]]
    found = page(path, search="17", limit=1)
    assert found["total_rows"] == 2 and len(found["rows"]) == 1
    assert page(path, search="'; DROP TABLE x; --")["total_rows"] == 0
    assert page(path, search="%")["rows"] == [], "a percent sign is only a percent sign"
    assert page(path, search="pear", columns=["b"])["rows"] == [[217]], "columns that are not shown count too"


def test_columns_can_be_picked_and_unknown_ones_are_refused(tmp_path):
    path = parquet(tmp_path, {"a": [1], "b": [2], 'we"ird': [3]})
    found = page(path, columns=['we"ird', "a"])
    assert found["rows"] == [[3, 1]] and [c["name"] for c in found["columns"]] == ['we"ird', "a"]
    assert found["total_columns"] == 3
    for asked in ({"columns": ["a", "zzz"]}, {"sort": "zzz"}, {"sort": "a; DROP TABLE x"}):
        with pytest.raises(tables.UnknownColumns):
            page(path, **asked)


def test_json_says_what_the_table_holds_without_lying(tmp_path):
    path = parquet(tmp_path, {"f": [NAN, INF, -INF, None], "i": [2**53, 2**53 + 1, -(2**62), None]})
    assert page(path)["rows"] == [
        ["NaN", 2**53],
        ["Infinity", str(2**53 + 1)],
        ["-Infinity", str(-(2**62))],
        [None, None],
    ]


def test_an_empty_table_has_an_empty_page(tmp_path):
    assert page(parquet(tmp_path, {"a": []}, schema={"a": polars.Int64}))["rows"] == []
    found = page(parquet(tmp_path, {}))
    assert (found["rows"], found["columns"], found["total_rows"]) == ([], [], 0)
