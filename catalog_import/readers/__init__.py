"""Files become rows. One reader per format; each gives the same `Table`, and refuses a file that it cannot read whole.

A format is known by its first bytes. To read another one, write its reader and name it in `FORMATS`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, BinaryIO

from django.utils.translation import gettext_lazy as _

from marketplace.kernel.errors import Broken, refuse

from .delimited import read_delimited
from .table import Row, Table
from .workbook import read_workbook

__all__ = ["LARGEST_FILE", "WORKBOOK", "Row", "Table", "format_name", "open_table"]

LARGEST_FILE = 400_000_000  # bytes; about a million rows
HEAD = 4096
WORKBOOK = "xlsx"  # in the place of an encoding


@dataclass(frozen=True)
class Format:
    """`begins`: the first bytes; none of what is another one inside: what a ZIP file holds, its reader looks up."""

    key: str
    label: Any
    begins: tuple[bytes, ...]
    read: Callable[[BinaryIO], Table] | None = None

    def claims(self, head: bytes) -> bool:
        return head.lstrip().startswith(self.begins)


FORMATS = (
    Format("xlsx", _("an Excel workbook (XLSX)"), (b"PK\x03\x04",), read=read_workbook),
    Format("zip", _("a compressed file (ZIP)"), (b"PK\x05\x06", b"PK\x07\x08")),
    Format("ods", _("a LibreOffice workbook (ODS)"), ()),
    Format("gzip", _("a compressed file (GZIP)"), (b"\x1f\x8b",)),
    Format("xls", _("an old or protected Excel workbook (XLS)"), (b"\xd0\xcf\x11\xe0",)),
    Format("pdf", _("a PDF document"), (b"%PDF",)),
    Format("picture", _("a picture"), (b"\x89PNG", b"\xff\xd8\xff", b"GIF8")),
    Format("markup", _("a web page or XML"), (b"<?xml", b"<!DOCTYPE", b"<!doctype", b"<html", b"<HTML")),
    Format("csv", _("delimited text (CSV)"), (b"",), read=read_delimited),
)


def open_table(file: BinaryIO, size: int) -> Table:
    """Raise RuleBroken, with one reason, for a file that cannot be read. `size`: in bytes."""
    if size > LARGEST_FILE:
        refuse([Broken("file_too_large", size=megabytes(size), largest=megabytes(LARGEST_FILE))])
    head = file.read(HEAD)
    file.seek(0)
    if not head.strip():
        refuse([Broken("file_empty")])
    found = next(each for each in FORMATS if each.claims(head))
    if found.read is None:
        refuse([Broken("file_of_another_format", format=found.key)])
    return found.read(file)


def format_name(key: str) -> str:
    return str(next(each.label for each in FORMATS if each.key == key))


def megabytes(size: int) -> str:
    """«48 MB»; what is less than one counts as one."""
    return f"{max(1, round(size / 1_000_000))} MB"
