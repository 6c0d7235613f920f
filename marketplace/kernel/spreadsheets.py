"""CSV as spreadsheets here read and write it: what a download makes harmless, an upload takes back as it was typed."""

import csv
from collections.abc import Iterable
from datetime import datetime
from itertools import chain
from typing import Any

from django.http import StreamingHttpResponse
from django.utils.timezone import localtime

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def csv_response(name: str, rows: Iterable[Iterable[Any]]) -> StreamingHttpResponse:
    """A file of rows, sent as they come; with a byte order mark and semicolons, as spreadsheets here expect."""
    writer = csv.writer(_Echo(), delimiter=";")
    lines = (writer.writerow([harmless(value) for value in row]) for row in rows)
    response = StreamingHttpResponse(chain(["\ufeff"], lines), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


class _Echo:
    """A file that answers each line instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def harmless(value: Any) -> Any:
    """A text that a spreadsheet would run as a formula gets a leading quote; an instant is told in the hour of here."""
    if isinstance(value, datetime):
        return localtime(value).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return value


def as_typed(cell: str) -> str:
    """Downloads write «'-12» (`harmless`); uploaded again it is «-12»."""
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(FORMULA_STARTS) else cell
