"""What an Excel workbook says: numbers, texts that look like numbers, codes with zeros, days, shares, formulas."""

import io
import zipfile
from datetime import date, datetime
from decimal import Decimal

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from catalog_import.columns import NAMES
from catalog_import.models import ImportRun
from catalog_import.readers import open_table
from marketplace.kernel.errors import RuleBroken
from marketplace.kernel.spreadsheets import workbook_response
from tests.catalog_import.conftest import ENGLISH, GOOD
from tests.catalog_import.test_real_files import assert_on_sale_as_written, counts, publish


def saved(book: Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def book_of(*rows: dict, above=(), sheet: str = "Catalogo", header=ENGLISH) -> Workbook:
    book = Workbook()
    book.active.title = sheet
    for line in [*above, header, *([(GOOD | row).get(name, "") for name in header] for row in rows)]:
        book.active.append(list(line))
    return book


def opened(content: bytes):
    return open_table(io.BytesIO(content), len(content))


def rows_in(content: bytes) -> list[tuple[int, dict[str, str]]]:
    return [(row.line, dict(zip(NAMES, row.cells, strict=True))) for row in opened(content).rows]


def why_not(content: bytes) -> tuple[str, dict]:
    with pytest.raises(RuleBroken) as refusal:
        list(opened(content).rows)
    (broken,) = refusal.value.broken
    return broken.code, broken.values


@pytest.mark.feature("CI-1")
def test_numbers_and_texts_are_as_typed():
    book = book_of({"price": 48.95, "stock": 7, "vat_percent": 15, "gtin": "0078610000000", "sku": "000123", "name": "=1+1"})
    book.active["B2"].data_type = "s"

    ((line, cells),) = rows_in(saved(book))

    assert line == 2
    assert [cells[name] for name in ("price", "stock", "vat_percent", "gtin", "sku", "name")] == [
        "48.95", "7", "15", "0078610000000", "000123", "=1+1",
    ]  # fmt: skip


def test_a_number_is_written_to_the_digits_that_a_spreadsheet_shows():
    prices = [0.1 + 0.2, 1e-6, 12345678.5, 100, 1e300, -0.0]
    book = book_of(*({"price": price} for price in prices))
    assert [cells["price"] for _line, cells in rows_in(saved(book))] == ["0.3", "0.000001", "12345678.5", "100", "1e+300", "-0"]


def test_prices_as_text_tell_the_decimal_mark_and_numbers_follow_it():
    book = book_of({"price": "1.048,95"}, {"price": 3.5})
    table = opened(saved(book))
    assert (table.decimal_mark, [row.cells[NAMES.index("price")] for row in table.rows]) == (",", ["1.048,95", "3,5"])


def test_formats_count_where_they_show_another_value():
    book = book_of({"gtin": 78610000000, "vat_percent": 0.15, "price": date(2026, 5, 1), "name": datetime(2026, 5, 1, 12, 30)})
    book.active["E2"].number_format = "0000000000000"
    book.active["J2"].number_format = "0%"

    ((_line, cells),) = rows_in(saved(book))

    assert cells["gtin"] == "0078610000000"
    assert Decimal(cells["vat_percent"]) == 15
    assert (cells["price"], cells["name"]) == ("2026-05-01", "2026-05-01 12:30:00")


def test_days_count_from_1904_where_the_workbook_says_so():
    book = book_of({"name": date(2026, 5, 1)})
    book.epoch = CALENDAR_MAC_1904
    assert rows_in(saved(book))[0][1]["name"] == "2026-05-01"


def test_a_title_above_the_header_other_sheets_and_blank_rows():
    book = book_of({}, above=[["Lista de precios 2026"], []], sheet="Lista")
    book.create_sheet("Instrucciones", 0).append(["Lea esto"])
    book.active["A9"].value = None
    book.worksheets[1].append([])
    book.worksheets[1].append(["B", *list(GOOD.values())[1:]])

    assert [(line, cells["sku"]) for line, cells in rows_in(saved(book))] == [(4, "RZ-1"), (6, "B")]


def test_a_hidden_sheet_is_not_read():
    book = book_of({})
    book.active.sheet_state = "hidden"
    book.create_sheet("Vacía")
    assert why_not(saved(book))[0] == "file_without_header"


def test_a_formula_counts_by_its_result_and_without_one_is_named():
    content = saved(book_of({"price": "=1+2"}))
    computed = with_part(content, "xl/worksheets/sheet1.xml", lambda part: part.replace(b"<v />", b"<v>3</v>"))

    assert [rows_in(each)[0][1]["price"] for each in (content, computed)] == ["#FORMULA!", "3"]


def with_part(content: bytes, name: str, change) -> bytes:
    """The workbook with one part changed."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w") as new:
        for part in old.namelist():
            new.writestr(part, change(old.read(part)) if part == name else old.read(part))
    return file.getvalue()


def test_the_error_of_a_formula_is_refused_in_its_cell(read):
    book = book_of({"name": "#N/A"}, {"sku": "B", "price": "=1+2"})
    book.active["B2"].data_type = "e"

    run = read(saved(book))

    assert [(issue.line, issue.column, issue.code, issue.value) for issue in run.issues.all()] == [
        (2, "name", "cell_with_error", "#N/A"), (3, "price", "number_malformed", "#FORMULA!"),
    ]  # fmt: skip


def test_a_column_more_and_cells_beyond_the_header():
    book = book_of({}, {"sku": "B"}, header=(*ENGLISH, "color"))
    book.active["R3"] = "suelto"
    table = opened(saved(book))
    assert table.header.unused == ["color"]
    assert [row.count for row in table.rows] == [16, 17]


def test_what_we_write_we_read_back_whatever_a_text_begins_with():
    texts = ["=1+1", "@x", "+5", "-1", "0012", "a\x02b"]

    content = workbook_response("x.xlsx", [["sku", "stock"], *([text, 7] for text in texts)]).content

    assert [(cells["sku"], cells["stock"]) for _line, cells in rows_in(content)] == [
        (text.replace("\x02", ""), "7") for text in texts
    ]
    rows = load_workbook(io.BytesIO(content)).active.iter_rows(min_row=2)
    assert {tuple(cell.data_type for cell in row) for row in rows} == {("s", "n")}


@pytest.mark.feature("CI-1")
def test_lexmark_150(supplier_catalogues, market, apply, noon):
    """Checked against what openpyxl reads."""
    path = supplier_catalogues / "lexmark_150.xlsx"
    lines = list(load_workbook(path)["Catalogo"].iter_rows(values_only=True))
    rows = [dict(zip(ENGLISH, ["" if value is None else str(value) for value in line], strict=True)) for line in lines[1:]]
    assert len(rows) == 150

    run = apply(path.read_bytes())

    assert (run.encoding, run.delimiter, run.decimal_mark, run.status) == ("xlsx", "", ".", ImportRun.Status.APPLIED)
    assert counts(run) == {"rows": 150, "proposed": 150}
    assert publish(run, noon) == 150
    assert_on_sale_as_written(rows, market.supplier, comma=False)


@pytest.mark.threat("I2")
def test_merged_cells_days_and_a_cell_far_away_are_named_by_line_and_column(read):
    book = book_of({}, {"sku": "B", "gtin": ""}, {"sku": "C", "gtin": "", "price": date(2026, 5, 1)}, {"sku": "D", "gtin": ""})
    book.active.merge_cells("H2:H3")
    book.active["XFD1048576"] = "suelto"

    run = read(saved(book))

    assert (run.rows, run.refused, run.proposed) == (5, 3, 2)
    assert [(issue.line, issue.column, issue.code, issue.value) for issue in run.issues.all()] == [
        (3, "price", "cell_empty", ""), (4, "price", "number_malformed", "2026-05-01"), (1_048_576, "", "cell_count", ""),
    ]  # fmt: skip
