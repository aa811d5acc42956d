"""Excel and OpenDocument: sheets, types, and what is refused."""

import datetime
import io
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from studio.datasets import detection, previews, readers, workbooks
from studio.datasets.options import FileRefused, ParseOptions


def workbook(path: Path, sheets: dict[str, list[list]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


@pytest.fixture
def sales(tmp_path) -> Path:
    return workbook(
        tmp_path / "sales.xlsx",
        {
            "Notes": [],
            "Sales": [
                ["id", "code", "price", "when", "at", "paid", "name"],
                [1, "01067", 1.5, datetime.date(2026, 1, 31), datetime.datetime(2026, 1, 31, 8, 30), True, "Ünï"],
                [2, "00001", None, datetime.date(2026, 2, 1), datetime.datetime(2026, 2, 1, 9, 0), False, 'a "b", c'],
            ],
            "Other": [["x"], [7]],
        },
    )


def table(path: Path, options: ParseOptions, folder: Path) -> pl.DataFrame:
    target = folder / "table.parquet"
    readers.convert(path, options, target, scratch=folder)
    return pl.read_parquet(target)


def test_the_first_sheet_with_rows_is_read_with_its_types(sales, tmp_path):
    found = detection.detect(sales, "sales.xlsx")
    assert (found.format, found.sheet, found.header) == ("excel", "Sales", True)
    frame = table(sales, found, tmp_path)
    assert {name: str(dtype) for name, dtype in frame.schema.items()} == {
        "id": "Int64",
        "code": "String",
        "price": "Float64",
        "when": "Date",
        "at": "Datetime(time_unit='us', time_zone=None)",
        "paid": "Boolean",
        "name": "String",
    }
    assert frame["code"].to_list() == ["01067", "00001"], "a leading zero is kept"
    assert frame["name"].to_list() == ["Ünï", 'a "b", c'] and frame["price"].to_list() == [1.5, None]


def test_another_sheet_can_be_chosen_and_previewed(sales, tmp_path):
    assert workbooks.sheet_names(sales) == ["Notes", "Sales", "Other"]
    other = replace(detection.detect(sales), sheet="Other")
    assert table(sales, other, tmp_path)["x"].to_list() == [7]
    shown = previews.preview(sales, other)
    assert shown["rows"] == [[7]] and shown["issues"] == []
    assert previews.preview(sales, replace(other, sheet="Nowhere"))["issues"][0]["code"] == "unknown_sheet"


def test_what_a_formula_last_showed_is_its_value(tmp_path):
    frame = pl.DataFrame({"a": [1, 2]})
    path = workbook(tmp_path / "formula.xlsx", {"S": [["a", "b"], [1, "=A2*2"], [2, "=A3*2"]]})
    read = table(path, detection.detect(path), tmp_path)
    assert read["a"].to_list() == frame["a"].to_list()
    assert read["b"].null_count() == 2, "nobody has computed it yet, so there is nothing to show"


def test_bad_workbooks_are_refused_by_name(tmp_path):
    plain_zip = tmp_path / "plain.zip"
    with zipfile.ZipFile(plain_zip, "w") as archive:
        archive.writestr("a.csv", "a\n1\n")
    broken = tmp_path / "broken.xlsx"
    with zipfile.ZipFile(broken, "w") as archive:
        archive.writestr("xl/workbook.xml", "<not-xml")
    empty = workbook(tmp_path / "empty.xlsx", {"S": []})
    for path, code in ((plain_zip, "unknown_format"), (broken, "broken_workbook"), (empty, "empty_file")):
        with pytest.raises(FileRefused) as refused:
            detection.detect(path, path.name)
        assert refused.value.issue.code == code and refused.value.issue.fix


def test_a_bomb_is_not_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr(workbooks, "MAX_UNPACKED_BYTES", 1024**2)
    bomb = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", io.BytesIO(b" " * 2 * 1024**2).getvalue())
    assert bomb.stat().st_size < 10_000
    with pytest.raises(FileRefused) as refused:
        detection.detect(bomb)
    assert refused.value.issue.code == "workbook_too_large"


def test_a_large_sheet_is_read_but_not_previewed(sales, monkeypatch):
    monkeypatch.setattr(workbooks, "MAX_PREVIEWED_BYTES", 10)
    shown = previews.preview(sales, detection.detect(sales))
    assert [issue["code"] for issue in shown["issues"]] == ["not_previewed"]
