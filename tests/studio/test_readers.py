"""From a file to a typed table: what is found, what is kept, what is refused. DA-4, DA-5, DA-8."""

import csv
import gzip
import io
import json
from dataclasses import replace
from datetime import date, datetime

import polars
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.datasets import detection, previews, readers, tables
from studio.datasets.options import FileRefused, ParseOptions

LATIN = "name,town\ncafé,Malmö\nMüller,Zürich\nGarçon,Besançon\nPeña,Logroño\n"


def read(folder, data, name="a.csv", **options):
    """Detect and convert; the options found, the columns' types by name, and the rows."""
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    used = replace(detection.detect(path, name), **options)
    info = readers.convert(path, used, folder / "table.parquet", scratch=folder)
    table = polars.read_parquet(folder / "table.parquet")
    assert info.rows == table.height and [c["name"] for c in info.columns] == table.columns
    return used, {c["name"]: c["dtype"] for c in info.columns}, table.rows()


def refusal(folder, data, name="a.csv", **options):
    with pytest.raises(FileRefused) as refused:
        read(folder, data, name, **options)
    issue = refused.value.issue
    assert issue.message and issue.fix and str(folder) not in issue.message
    return issue


@pytest.mark.parametrize(
    ("name", "data", "found"),
    [
        ("a.csv", "a,b\n1,2\n", ("csv", ",", "utf-8", True)),
        ("a.csv", "a;b\n1;2\n3;4\n", ("csv", ";", "utf-8", True)),
        ("a.csv", "a|b\n1|2\n3|4\n", ("csv", "|", "utf-8", True)),
        ("a.txt", "a\tb\n1\t2\n", ("tsv", "\t", "utf-8", True)),
        ("a.tsv", "a\n1\n", ("tsv", "\t", "utf-8", True)),
        ("a.csv", "text;n\none, two;1\nthree, four;2\n", ("csv", ";", "utf-8", True)),
        ("a.csv", "1,2\n3,4\n", ("csv", ",", "utf-8", False)),
        ("a.csv", "x,y\nu,v\n", ("csv", ",", "utf-8", True)),
        ("a.csv", "a\n1\n", ("csv", ",", "utf-8", True)),
        ("a.csv", "a,b\nä,1\n".encode("utf-8-sig"), ("csv", ",", "utf-8-sig", True)),
        ("a.csv", "a,b\nä,1\n".encode("utf-16"), ("csv", ",", "utf-16", True)),
        ("a.csv", LATIN.encode("cp1252"), ("csv", ",", "cp1252", True)),
    ],
)
def test_format_delimiter_encoding_and_header_are_found_da_8(tmp_path, name, data, found):
    used, _, _ = read(tmp_path, data, name)
    assert (used.format, used.delimiter, used.encoding, used.header) == found


def test_json_lines_and_parquet_are_told_by_ending_and_first_bytes(tmp_path):
    used, types, rows = read(tmp_path, '{"a":1,"b":{"c":[1,2]}}\n\n{"a":2.5}\n', "a.jsonl")
    assert used.format == "jsonl" and types == {"a": "float", "b": "string"}
    assert rows == [(1.0, '{"c":[1,2]}'), (2.5, None)]
    polars.DataFrame({"x": [1, 2]}).write_parquet(tmp_path / "in.parquet")
    used, types, rows = read(tmp_path, (tmp_path / "in.parquet").read_bytes(), "oddly-named.csv")
    assert used.format == "parquet" and types == {"x": "integer"} and rows == [(1,), (2,)]


def test_json_lines_may_begin_with_a_byte_order_mark(tmp_path):
    used, types, rows = read(tmp_path, '{"a":"ä"}\n'.encode("utf-8-sig"), "a.jsonl")
    assert used.encoding == "utf-8-sig" and types == {"a": "string"} and rows == [("ä",)]


@pytest.mark.parametrize(
    ("text", "dtype", "values"),
    [
        ("1 -5", "integer", [1, -5]),
        ("01234 99999", "string", ["01234", "99999"]),
        ("1.5 2", "float", [1.5, 2.0]),
        ("1e3 .5", "float", [1000.0, 0.5]),
        ("infinity 1", "float", [float("inf"), 1.0]),
        ("true False", "boolean", [True, False]),
        ("2024-01-31 2024-02-01", "date", [date(2024, 1, 31), date(2024, 2, 1)]),
        ("2024-01-31T10:00:00 2024-02-01", "datetime", [datetime(2024, 1, 31, 10), datetime(2024, 2, 1)]),
        # a moment with an offset is kept, in UTC
        ("2024-01-31T10:00:00+02:00 2024-01-31T10:00:00Z", "datetime", [datetime(2024, 1, 31, h) for h in (8, 10)]),
        # what a narrower type would change stays text
        ("12345678901234567890 1", "string", ["12345678901234567890", "1"]),
        ("9999999999999999 1.5", "string", ["9999999999999999", "1.5"]),
        ("1_000 2_000", "string", ["1_000", "2_000"]),
        ("1e400 1", "string", ["1e400", "1"]),
        ("0x10 0x20", "string", ["0x10", "0x20"]),
        ("epoch epoch", "string", ["epoch", "epoch"]),
        ("1 x", "string", ["1", "x"]),
        ("NA null", "string", [None, None]),
    ],
)
def test_a_column_gets_the_narrowest_type_that_loses_nothing(tmp_path, text, dtype, values):
    data = "a,b\n" + "".join(f"{value},x\n" for value in text.split())
    _, types, rows = read(tmp_path, data)
    assert types["a"] == dtype and [row[0] for row in rows] == values


@pytest.mark.parametrize(
    ("text", "dtype", "first"),
    [
        ("1,5 2", "float", 1.5),
        ("1.234,5 1.000.000", "float", 1234.5),
        ("1.5 2,5", "string", "1.5"),
        ("11.02.2024 12.03.2024", "string", "11.02.2024"),
        ("10.0.0.1 10.0.0.2", "string", "10.0.0.1"),
    ],
)
def test_with_a_decimal_comma_points_only_group_thousands_da_8(tmp_path, text, dtype, first):
    data = "a;b\n" + "".join(f"{value};x\n" for value in text.split())
    _, types, rows = read(tmp_path, data, decimal=",", delimiter=";", format="csv", header=True)
    assert (types["a"], rows[0][0]) == (dtype, first)


def test_a_letter_in_row_30_001_makes_the_column_text(tmp_path):
    _, types, rows = read(tmp_path, "a,b\n" + "1,2\n" * 30_000 + "x,2\n")
    assert types == {"a": "string", "b": "integer"} and len(rows) == 30_001 and rows[-1] == ("x", 2)


def test_quotes_hold_delimiters_quotes_and_lines(tmp_path):
    _, _, rows = read(tmp_path, 'a,b\n"x, ""y""\nz",1\n')
    assert rows == [('x, "y"\nz', 1)]
    _, _, rows = read(tmp_path, "a,b\n'x, y',1\n", quote="'")
    assert rows == [("x, y", 1)]


def test_missing_marks_can_be_chosen_da_8(tmp_path):
    data = "a,b\n1,x\n-999,NA\n,y\n"
    _, types, rows = read(tmp_path, data)
    assert types["a"] == "integer" and rows == [(1, "x"), (-999, None), (None, "y")]
    _, _, rows = read(tmp_path, data, missing_values=("-999", ""))
    assert rows == [(1, "x"), (None, "NA"), (None, "y")]


def test_blank_repeated_and_unicode_names_become_unique_da_4(tmp_path):
    _, types, rows = read(tmp_path, "a,a,A, ,a_2,größe,名前,🙂\n" + "1,2,3,4,5,6,7,8\n")
    names = list(types)
    assert names[0] == "a" and names[3:] == ["column_4", "a_2", "größe", "名前", "🙂"]
    assert len({name.lower() for name in names}) == 8, "SQL tells no upper from lower case"
    assert rows == [(1, 2, 3, 4, 5, 6, 7, 8)]
    with tables.TableReader(tmp_path / "table.parquet") as table:
        assert table.page(offset=0, limit=1)["rows"] == [[1, 2, 3, 4, 5, 6, 7, 8]]


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", '=HYPERLINK("x")', "'; DROP TABLE t; --", '"; COPY', "x" * 5000]
)
def test_hostile_column_names_are_only_names(tmp_path, name):
    sheet = io.StringIO()
    csv.writer(sheet).writerows([[name, "b"], [1, 2]])
    _, types, rows = read(tmp_path, sheet.getvalue())
    assert next(iter(types)) == name[:1000] and rows == [(1, 2)]


def test_a_parquet_file_with_time_zones_decimals_and_bytes_opens(tmp_path):
    source = polars.DataFrame(
        {
            "at": polars.Series([datetime(2024, 1, 1, 12)]).dt.replace_time_zone("Europe/Berlin"),
            "price": polars.Series(["1.25"]).cast(polars.Decimal(10, 2)),
            "raw": [b"\x00\xff"],
            "list": [[1, 2]],
        }
    )
    source.write_parquet(tmp_path / "in.parquet")
    _, types, _ = read(tmp_path, (tmp_path / "in.parquet").read_bytes(), "a.parquet")
    assert types == {"at": "datetime", "price": "float", "raw": "string", "list": "string"}
    with tables.TableReader(tmp_path / "table.parquet") as table:
        assert table.page(offset=0, limit=1)["rows"] == [["2024-01-01T11:00:00", 1.25, "00FF", "[1,2]"]]


def test_header_only_and_all_missing_columns_are_tables_da_4(tmp_path):
    _, types, rows = read(tmp_path, "a,b\n")
    assert types == {"a": "string", "b": "string"} and rows == []
    _, types, rows = read(tmp_path, "a,b\n,1\n,2\n")
    assert types == {"a": "string", "b": "integer"} and rows == [(None, 1), (None, 2)]


def test_five_thousand_columns_are_read_da_4(tmp_path):
    _, types, rows = read(tmp_path, ",".join(f"c{i}" for i in range(5000)) + "\n" + ",".join("7" * 5000) + "\n")
    assert len(types) == 5000 and set(types.values()) == {"integer"} and rows == [(7,) * 5000]


@pytest.mark.parametrize(
    ("name", "data", "code", "line"),
    [
        ("a.csv", b"", "empty_file", None),
        ("a.csv", b" \n\n ", "empty_file", None),
        ("a.csv", b"\xef\xbb\xbf", "empty_file", None),
        ("a.csv", b"a,b\n1,2\n1,2,3\n", "wrong_width", 3),
        ("a.csv", b"a,b,c\n1,2,3\n1,2\n", "wrong_width", 3),
        ("a.csv", b'a,b\n1,"open\n4,5\n', "broken_quote", 2),
        ("a.csv", b"a,b\n1,2\r\n3,4\n", "mixed_line_ends", None),
        ("a.csv", b"a,b\n1,x\x00y\n", "null_bytes", 2),
        ("a.csv", b"a,b\n1," + b"x" * (33 * 1024 * 1024) + b"\n", "long_line", 2),
        ("a.csv", b",".join([b"c"] * 20_001) + b"\n", "too_many_columns", None),
        ("a.jsonl", b'{"a":1}\n\n{"a":\n{"a":2}\n', "broken_json", 3),
        ("a.jsonl", b'{"a":1}\nnot json\n', "broken_json", 2),
        ("a.jsonl", '{"a":1}\n'.encode("utf-16"), "wrong_encoding", None),
        ("a.parquet", b"PAR1" + b"zzzz" * 10, "broken_parquet", None),
        ("a.csv", b"PK\x03\x04" + b"x" * 99, "unknown_format", None),
        ("a.csv", gzip.compress(b"a,b\n1,2\n", mtime=0), "unknown_format", None),
        ("a.jsonl", gzip.compress(b'{"a":1}\n', mtime=0), "unknown_format", None),
        ("a.csv", b"%PDF-1.7 and so on\n", "unknown_format", None),
        ("a.csv", b"\xd0\xcf\x11\xe0" + b"x" * 99, "unknown_format", None),
    ],
)
def test_a_broken_file_is_one_issue_with_its_line_da_8(tmp_path, name, data, code, line):
    issue = refusal(tmp_path, data, name)
    assert (issue.code, issue.line) == (code, line)


def test_a_wrong_encoding_names_the_line_and_the_right_one_reads_da_8(tmp_path):
    data = LATIN.encode("cp1252")
    assert (refusal(tmp_path, data, encoding="utf-8").code, refusal(tmp_path, data, encoding="utf-8").line) == (
        "wrong_encoding",
        2,
    )
    assert refusal(tmp_path, data, encoding="shift_jis").code == "wrong_encoding"
    assert refusal(tmp_path, data, encoding="no-such").code == "unknown_encoding"
    assert refusal(tmp_path, "a,b\nä,1\n".encode("utf-16"), encoding="utf-8").code == "null_bytes"
    _, _, rows = read(tmp_path, data, encoding="cp1252")
    assert rows[0] == ("café", "Malmö") and rows[3] == ("Peña", "Logroño")


def test_a_type_that_a_person_chose_holds_or_says_which_value_does_not_fit_da_8(tmp_path):
    data = "a,b\n1.5,01\n2,02\n"
    _, types, rows = read(tmp_path, data, column_types={"a": "string", "b": "integer"})
    assert types == {"a": "string", "b": "integer"} and rows == [("1.5", 1), ("2", 2)]
    issue = refusal(tmp_path, data, column_types={"a": "integer"})
    assert (issue.code, issue.column) == ("wrong_type", "a") and "1.5" in issue.message
    assert refusal(tmp_path, "a,b\n1,x\n", column_types={"b": "date"}).column == "b"


def test_rows_above_the_header_can_be_skipped_da_8(tmp_path):
    _, types, rows = read(tmp_path, "made by hand\n\na,b\n1,2\n", delimiter=",", skip_rows=2)
    assert types == {"a": "integer", "b": "integer"} and rows == [(1, 2)]
    assert refusal(tmp_path, "a,b\n1,2\n", skip_rows=9).code == "empty_file"


def seen(folder, data, name="a.csv", **options):
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    found = previews.preview(path, replace(ParseOptions(), **options), rows=3)
    json.dumps(found)
    assert [entry.name for entry in folder.iterdir()] == [name], "nothing is left beside the file"
    return found


def test_a_preview_shows_rows_and_says_what_is_odd_da_8(tmp_path):
    found = seen(tmp_path, "a,a\n" + "1,x\n" * 10)
    assert [c["name"] for c in found["columns"]] == ["a", "a_2"] and found["rows"] == [[1, "x"]] * 3
    assert [issue["code"] for issue in found["issues"]] == ["renamed_columns"]
    assert [issue["code"] for issue in seen(tmp_path, "a,b\n")["issues"]] == ["no_rows"]


@pytest.mark.parametrize(
    ("data", "options", "code"),
    [
        ("a,b\n1,2,3\n", {}, "wrong_width"),
        (LATIN.encode("cp1252"), {}, "wrong_encoding"),
        (LATIN.encode("cp1252"), {"encoding": "nonsense"}, "unknown_encoding"),
        ("a,b\n1,2\n", {"format": "parquet"}, "broken_parquet"),
        ("a,b\n1,2\n", {"format": "jsonl"}, "broken_json"),
        ("a,b\n1,x\x00\n", {}, "null_bytes"),
    ],
)
def test_what_cannot_be_read_is_an_issue_of_the_preview_not_an_exception_da_8(tmp_path, data, options, code):
    assert code in [issue["code"] for issue in seen(tmp_path, data, **options)["issues"]]


def test_a_preview_of_a_large_file_ends_at_a_whole_line(tmp_path):
    line = "1," + "ä" * 500 + "\n"
    found = seen(tmp_path, "a,b\n" + line * 2000)
    assert found["issues"] == [] and found["rows"][0] == [1, "ä" * 500]


def test_tables_are_stacked_by_column_name_or_refused(tmp_path):
    made = []
    for index, data in enumerate(("a,b\n1,x\n", "b,a,c\ny,2,3\n")):
        (tmp_path / "in.csv").write_text(data)
        target = tmp_path / f"part-{index}.parquet"
        made.append((target, readers.convert(tmp_path / "in.csv", ParseOptions(), target, scratch=tmp_path)))
    info = readers.stack([p for p, _ in made], [i for _, i in made], tmp_path / "all.parquet", scratch=tmp_path)
    assert info.rows == 2
    assert polars.read_parquet(tmp_path / "all.parquet").rows() == [(1, "x", None), (2, "y", 3)]


cells = st.one_of(
    st.none(),
    st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=12).map(lambda t: "t" + t),
)


@settings(max_examples=30, derandomize=True, deadline=None)
@given(
    numbers=st.lists(st.integers(-(2**53), 2**53), min_size=1, max_size=20),
    floats=st.floats(allow_nan=False, allow_infinity=False),
    texts=st.lists(cells, min_size=20, max_size=20),
)
def test_a_table_written_as_csv_reads_back_equal(tmp_path_factory, numbers, floats, texts):
    folder = tmp_path_factory.mktemp("round")
    rows = [(number, floats + 0.5, text) for number, text in zip(numbers, texts)]
    sheet = io.StringIO()
    writer = csv.writer(sheet, lineterminator="\n")
    writer.writerow(["n", "f", "t"])
    writer.writerows([n, repr(f), "" if t is None else t] for n, f, t in rows)
    options = ParseOptions(missing_values=("",))
    (folder / "a.csv").write_text(sheet.getvalue(), encoding="utf-8", newline="")
    info = readers.convert(folder / "a.csv", options, folder / "t.parquet", scratch=folder)
    assert polars.read_parquet(folder / "t.parquet").rows() == rows
    assert [c["dtype"] for c in info.columns[:2]] == ["integer", "float"]
