"""How a file is understood before any row of it is judged: encoding, delimiter, decimal mark, columns, lines."""

import io
import tracemalloc
import zipfile
from collections.abc import Iterator

import pytest
from django.utils.translation import override

from catalog_import.columns import NAMES
from catalog_import.readers import LARGEST_FILE, Table, delimited, encodings, format_name, open_table
from catalog_import.readers.table import certain_mark, decimal_mark_of
from marketplace.kernel.errors import RuleBroken
from tests.catalog_import.conftest import ENGLISH, GOOD, SPANISH, text_of


def opened(content: str | bytes) -> Table:
    content = content.encode() if isinstance(content, str) else content
    return open_table(io.BytesIO(content), len(content))


def read(content: str | bytes) -> list[tuple[int, dict[str, str]]]:
    return [(row.line, dict(zip(NAMES, row.cells, strict=True))) for row in opened(content).rows]


def why_not(content: str | bytes, size: int | None = None) -> tuple[str, dict]:
    content = content.encode() if isinstance(content, str) else content
    with pytest.raises(RuleBroken) as refusal:
        list(open_table(io.BytesIO(content), len(content) if size is None else size).rows)
    assert len(refusal.value.broken) == 1
    return refusal.value.broken[0].code, refusal.value.broken[0].values


# ---------------------------------------------------------------- what is understood


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("header", [ENGLISH, SPANISH], ids=["English", "Spanish"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
def test_delimiter_header_and_line_ends(delimiter, header, end):
    table = opened(text_of({}, {"sku": "RZ-2"}, header=header, delimiter=delimiter, end=end))

    assert (table.delimiter, table.encoding, table.header.unused) == (delimiter, "utf-8", [])
    assert [(row.line, row.cells[0]) for row in table.rows] == [(2, "RZ-1"), (3, "RZ-2")]


@pytest.mark.parametrize(
    ("encoding", "found"), [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("cp1252", "cp1252"), ("latin-1", "cp1252")]
)
def test_encoding(encoding, found):
    table = opened(text_of({"name": "Pañal niño"}).encode(encoding))

    assert table.encoding == found
    assert next(table.rows).cells[1] == "Pañal niño"


def test_an_accent_that_falls_between_two_pieces_is_read(monkeypatch):
    monkeypatch.setattr(encodings, "PIECE", 7)
    assert read(text_of({"name": "ñ" * 50}))[0][1]["name"] == "ñ" * 50


def test_columns_in_any_order_spelling_and_language():
    header = [*reversed(ENGLISH[2:]), "CÓDIGO", " Nombre "]
    cells = [*reversed([GOOD[name] for name in ENGLISH[2:]]), "RZ-9", "Papel"]
    table = opened("\n".join(";".join(line) for line in (header, cells)))

    found = dict(zip(NAMES, next(table.rows).cells, strict=True))
    assert found == GOOD | {"sku": "RZ-9", "name": "Papel", "product_code": "", "pack_factor": ""}
    assert table.header.written["sku"] == "CÓDIGO"


def test_further_columns_are_named_and_left_out():
    table = opened(text_of({}, extra=("error", "color")))

    assert table.header.unused == ["error", "color"]
    assert next(table.rows).count == 17


def test_lines_are_those_of_the_file_where_each_row_begins():
    text = text_of({"description": "una\ndos\r\ntres"}, {"sku": "B"}) + "\n\n" + text_of({"sku": "C"}).split("\n", 1)[1]
    assert [(line, cells["sku"]) for line, cells in read(text)] == [(2, "RZ-1"), (5, "B"), (8, "C")]


def test_blank_rows_are_no_rows():
    assert [line for line, _cells in read(text_of({}) + ",,,,,,,,,,,,,,\n" + " \n" + text_of({}).split("\n")[1])] == [2, 5]


def test_a_blank_line_before_the_header_counts_as_a_line():
    assert [line for line, _cells in read("\n" + text_of({}))] == [3]


def test_empty_cells_beyond_the_header_do_not_count():
    table = opened(text_of({}).rstrip("\n") + ",,\n")
    assert next(table.rows).count == 15


def test_a_row_with_a_cell_too_few_keeps_none():
    first = next(opened(text_of({}).rstrip("\n").rpartition(",")[0] + "\n").rows)
    assert (first.count, set(first.cells)) == (14, {""})


def test_the_quote_before_a_formula_is_taken_off_again():
    cells = {"sku": "'-12", "name": "'=1+1", "brand": "'normal", "description": "'"}
    assert {name: read(text_of(cells))[0][1][name] for name in cells} == cells | {"sku": "-12", "name": "=1+1"}


@pytest.mark.parametrize(
    ("prices", "delimiter", "mark"),
    [
        (["48,95"], ";", ","),
        (["48.95"], ";", "."),
        (["48,95"], ",", ","),
        (["48,95"], "\t", ","),
        (["1.048,95", "12"], ",", ","),
        (["1,048.95", "12"], ";", "."),
        (["1.048"], ";", ","),
        (["1.048"], ",", "."),
        (["1,048"], "\t", "."),
        (["12", "7"], ";", ","),
        (["3.45", "3.46", "3,47"], ";", "."),
        (["3.45.00", "4,90"], ",", ","),
    ],
)
def test_decimal_mark(prices, delimiter, mark):
    table = opened(text_of(*({"price": price} for price in prices), delimiter=delimiter))
    assert table.decimal_mark == mark


def test_a_mark_before_three_digits_leaves_doubt():
    assert [certain_mark(text) for text in ("1.048", "1.04", "1.048.000", "1.048,5", "", "12")] == ["", ".", "", ",", "", ""]
    assert decimal_mark_of(["1.5", "1,5"], otherwise=",") == ","


# ---------------------------------------------------------------- what cannot be read


def zipped(name: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(name, "x" * 100)
    return file.getvalue()


HEAD = ",".join(ENGLISH)
WHOLE_FILES = {
    "empty": (b"", "file_empty", {}),
    "only blanks": (b" \r\n\n ", "file_empty", {}),
    "workbook without a sheet": (zipped("[Content_Types].xml"), "workbook_damaged", {}),
    "zip": (zipped("lista.csv"), "file_of_another_format", {}),
    "empty zip": (b"PK\x05\x06" + bytes(18), "file_of_another_format", {}),
    "gzip": (b"\x1f\x8b\x08\0" + bytes(20), "file_of_another_format", {}),
    "old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "file_of_another_format", {}),
    "PDF": (b"%PDF-1.7\n%\xe2\xe3", "file_of_another_format", {}),
    "PNG": (b"\x89PNG\r\n\x1a\n", "file_of_another_format", {}),
    "JPEG": (b"\xff\xd8\xff\xe0", "file_of_another_format", {}),
    "web page": (b"\n<!DOCTYPE html><html>", "file_of_another_format", {}),
    "XML": (b"<?xml version='1.0'?><a/>", "file_of_another_format", {}),
    "UTF-16": (text_of({}).encode("utf-16"), "file_in_utf16", {}),
    "UTF-16 without its mark": (text_of({}).encode("utf-16-le"), "zero_bytes", {"line": 1}),
    "zero byte": (text_of({}, {"name": "a\0b"}).encode(), "zero_bytes", {"line": 3}),
    "zero byte in Windows-1252": ((HEAD + "\nñ\n\0").encode("cp1252"), "zero_bytes", {"line": 3}),
    "UTF-8 cut within a letter": (text_of({"name": "Año"}).encode() + b"x\xc3", "encoding_mixed", {"line": 3}),
    "UTF-8 and then Windows-1252": (text_of({"name": "Año"}).encode() + "Peña".encode("cp1252"), "encoding_mixed", {"line": 3}),
    "bytes of neither": (text_of({}).encode() + b"x\x81", "encoding_unknown", {"line": 3}),
    "no header": (text_of({}).split("\n")[1], "file_without_header", {}),
    "words": (b"Hola\nmundo\n", "file_without_header", {}),
    "a column missing": (text_of({}, header=ENGLISH[:-1]), "columns_missing", {"columns": "image_url"}),
    "a column twice": (text_of({}).replace("sku", "sku,Código", 1), "columns_doubled", {"columns": "sku"}),
    "header alone": (HEAD + "\n", "file_without_rows", {}),
    "header and blank rows": (HEAD + "\n\n,,,,,,,,,,,,,,\n", "file_without_rows", {}),
    "open quotation mark": (text_of({}, {}) + '"RZ-9,Papel\n' + "x,y\n" * 3, "quotation_mark_open", {"line": 4}),
    "quotation mark in a quoted cell": (text_of({}) + '"12" largo",Papel\n', "quotation_mark_open", {"line": 3}),
    "endless cell": (text_of({"name": "x" * 20_001}), "cell_too_long", {"line": 2, "longest": 20_000}),
    "endless quoted cell": (text_of({}, {}) + '"' + "x\n" * 70_000, "cell_too_long", {"line": 4, "longest": 20_000}),
    "endless line": (text_of({}) + "x" * 500_001, "cell_too_long", {"line": 3, "longest": 20_000}),
}  # fmt: skip


@pytest.mark.feature("CI-1")
@pytest.mark.threat("I2")
@pytest.mark.parametrize("name", WHOLE_FILES)
def test_what_cannot_be_read_is_named(name):
    content, code, values = WHOLE_FILES[name]

    found, said = why_not(content)

    assert found == code
    assert {key: said[key] for key in values} == values


def test_a_foreign_format_is_known_by_its_first_bytes():
    foreign = ("zip", "empty zip", "gzip", "old workbook", "PDF", "PNG", "JPEG", "web page", "XML")
    assert [why_not(WHOLE_FILES[name][0])[1]["format"] for name in foreign] == [
        "zip", "zip", "gzip", "xls", "pdf", "picture", "picture", "markup", "markup",
    ]  # fmt: skip


def test_a_foreign_format_is_called_by_its_name_in_the_language_of_the_page():
    with override("en"):
        assert format_name("xlsx") == "an Excel workbook (XLSX)"


def test_a_file_that_is_too_large_is_not_even_opened():
    assert why_not(b"", LARGEST_FILE + 600_000) == ("file_too_large", {"size": "401 MB", "largest": "400 MB"})


# ---------------------------------------------------------------- memory


class Endless(io.RawIOBase):
    """A file of many rows that is nowhere as a whole."""

    def __init__(self, rows: int) -> None:
        self.head, self.line, self.rows = text_of().encode(), text_of({}).split("\n")[1].encode() + b"\n", rows
        self.seek(0)

    def seek(self, place: int, whence: int = 0) -> int:
        self.rest, self.left = self.head, self.rows
        return 0

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        while len(self.rest) < len(buffer) and self.left:
            portion = min(self.left, 1000)
            self.rest += self.line * portion
            self.left -= portion
        piece, self.rest = self.rest[: len(buffer)], self.rest[len(buffer) :]
        buffer[: len(piece)] = piece
        return len(piece)


def peak(rows: int) -> int:
    tracemalloc.start()
    read_rows: Iterator = open_table(io.BufferedReader(Endless(rows)), 1).rows
    assert sum(1 for _row in read_rows) == rows
    _size, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most


@pytest.mark.budget("P11")
def test_memory_does_not_grow_with_the_file():
    few, many = peak(15_000), peak(60_000)

    assert many < few * 1.2
    assert many < 12_000_000


def test_the_limits_are_of_one_mind():
    """A cell that is allowed fits into a line that is allowed, and into what the csv module takes."""
    assert delimited.LONGEST_CELL < delimited.LONGEST_LINE
    assert delimited.LONGEST_CELL < 131_072
