"""Files become rows. One reader per format; each gives the same `Table`, and refuses a file that it cannot read whole.

A format is known by its first bytes. To read another one, write its reader and name it in `FORMATS`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, BinaryIO

from django.utils.translation import gettext_lazy as _

from marketplace.kernel.errors import Broken, refuse

from .delimited import look_delimited, read_delimited
from .table import Layout, Look, Row, Table
from .workbook import look_workbook, read_workbook

__all__ = ["LARGEST_FILE", "WORKBOOK", "Layout", "Look", "Row", "Table", "format_name", "look_at", "open_table"]

LARGEST_FILE = 400_000_000  # bytes; about a million rows
HEAD = 4096
WORKBOOK = "xlsx"  # in the place of an encoding


@dataclass(frozen=True)
class Format:
    """`begins`: the first bytes; none of what is another one inside: what a ZIP file holds, its reader looks up."""

    key: str
    label: Any
    begins: tuple[bytes, ...]
    read: Callable[[BinaryIO, int, Layout], Table] | None = None
    look: Callable[[BinaryIO, Layout], Look] | None = None

    def claims(self, head: bytes) -> bool:
        return head.lstrip().startswith(self.begins)


FORMATS = (
    Format("xlsx", _("an Excel workbook (XLSX)"), (b"PK\x03\x04",), read=read_workbook, look=look_workbook),
    Format("zip", _("a compressed file (ZIP)"), (b"PK\x05\x06", b"PK\x07\x08")),
    Format("ods", _("a LibreOffice workbook (ODS)"), ()),
    Format("gzip", _("a compressed file (GZIP)"), (b"\x1f\x8b",)),
    Format("xls", _("an old or protected Excel workbook (XLS)"), (b"\xd0\xcf\x11\xe0",)),
    Format("pdf", _("a PDF document"), (b"%PDF",)),
    Format("picture", _("a picture"), (b"\x89PNG", b"\xff\xd8\xff", b"GIF8")),
    Format("markup", _("a web page or XML"), (b"<?xml", b"<!DOCTYPE", b"<!doctype", b"<html", b"<HTML")),
    Format("csv", _("delimited text (CSV)"), (b"",), read=read_delimited, look=look_delimited),
)


def open_table(file: BinaryIO, size: int, layout: Layout | None = None) -> Table:
    """Raise RuleBroken, with one reason, for a file that cannot be read. `size`: in bytes."""
    read = _format_of(file, size).read
    assert read  # `_format_of` refuses the others
    return read(file, size, layout or Layout())


def look_at(file: BinaryIO, size: int, layout: Layout | None = None) -> Look:
    """The first lines of a file, before its columns are known. Raises RuleBroken as `open_table`."""
    look = _format_of(file, size).look
    assert look
    return look(file, layout or Layout())


def _format_of(file: BinaryIO, size: int) -> Format:
    """The format of a file that can be read."""
    if size > LARGEST_FILE:
        refuse([Broken("file_too_large", size=megabytes(size), largest=megabytes(LARGEST_FILE))])
    head = file.read(HEAD)
    file.seek(0)
    if not head.strip():
        refuse([Broken("file_empty")])
    found = next(each for each in FORMATS if each.claims(head))
    if found.read is None:
        refuse([Broken("file_of_another_format", format=found.key)])
    return found


def format_name(key: str) -> str:
    return str(next(each.label for each in FORMATS if each.key == key))


def megabytes(size: int) -> str:
    """«48 MB»; what is less than one counts as one."""
    return f"{max(1, round(size / 1_000_000))} MB"
