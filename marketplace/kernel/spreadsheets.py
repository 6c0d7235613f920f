"""Files as spreadsheets here read and write them: what a download makes harmless, an upload takes back as it was typed."""

import csv
import io
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.utils.timezone import localtime
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")  # and the wide ones of East Asia


def csv_response(name: str, rows: Iterable[Iterable[Any]], *, delimiter: str = ";") -> StreamingHttpResponse:
    """A file of rows, sent as they come; with a byte order mark and semicolons, as spreadsheets here expect."""
    writer = csv.writer(_Echo(), delimiter=delimiter)
    lines = (writer.writerow([harmless(value) for value in row]) for row in rows)
    response = StreamingHttpResponse(chain(["\ufeff"], lines), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def workbook_response(name: str, rows: Iterable[Iterable[Any]]) -> HttpResponse:
    """A workbook with one sheet of rows."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(Path(name).stem[:31])
    for row in rows:
        sheet.append([literal(sheet, value) for value in row])
    return book_response(name, book)


def book_response(name: str, book: Workbook) -> HttpResponse:
    file = io.BytesIO()
    book.save(file)
    response = HttpResponse(file.getvalue(), content_type=WORKBOOK_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def literal(sheet: Any, value: Any) -> WriteOnlyCell:
    """A cell that shows its value: numbers count and days sort; a text stays one, whatever it begins with.

    So codes keep their zeros.
    """
    if isinstance(value, datetime):
        value = localtime(value).replace(tzinfo=None, microsecond=0)
    if value is None or isinstance(value, int | Decimal | date):
        return WriteOnlyCell(sheet, value)
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", str(value)))
    cell.data_type = "s"
    return cell


class _Echo:
    """A file that answers each line instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def harmless(value: Any) -> Any:
    """A text that a spreadsheet would run as a formula gets a leading quote; an instant is told in the hour of here.

    A number has a decimal comma: beside semicolons a spreadsheet of here reads 1.048 as a thousand and 48.
    """
    if isinstance(value, datetime):
        return localtime(value).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, Decimal):
        return f"{value:f}".replace(".", ",")
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return value


def as_typed(cell: str) -> str:
    """Downloads write «'-12» (`harmless`); uploaded again it is «-12»."""
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(FORMULA_STARTS) else cell
