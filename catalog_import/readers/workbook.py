"""Excel workbooks (XLSX), read row by row.

The usual libraries build a whole sheet before they give its first row: a file of a few kilobytes that names a cell in the
last row, or one long text a million times, fills any memory. Here a row is all that is held besides the texts that cells
share; openpyxl still says what a number format means.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Context, Decimal
from itertools import chain, islice
from typing import BinaryIO
from zipfile import ZipFile

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, WINDOWS_EPOCH, from_excel

from marketplace.kernel.errors import Broken, refuse

from ..columns import Header, read_header
from .parts import Handler, open_parts, parse, too_large
from .table import (
    LONGEST_CELL,
    LONGEST_LINE,
    SAMPLE,
    Layout,
    Look,
    Table,
    decimal_mark_of,
    is_written,
    look_from,
    prices_among,
    rows_in_our_columns,
)

MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384  # of a sheet, in any spreadsheet
MOST_TEXTS = 2_000_000
MOST_SHEETS, MOST_STYLES = 50, 100_000
HEADER_WITHIN = 20  # rows; a title may stand above the header
WORKBOOK, RELATIONS, STYLES, TEXTS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml", "xl/sharedStrings.xml"
NO_RESULT = "#FORMULA!"  # a formula that was never computed
SIGNIFICANT = Context(prec=15)  # as many digits as a spreadsheet shows of a number
MOST_DIGITS = 15  # before or after the mark
MILLISECONDS = 86_400_000  # of a day
Cells = dict[int, "str | Decimal"]


@dataclass
class Part:
    """What of a sheet is read as a price list. `place`: of the header among its first rows."""

    sheet: "Sheet"
    head: list[tuple[int, Cells]]
    rest: Iterator[tuple[int, Cells]]
    place: int = 0

    @property
    def cells(self) -> list[str]:
        return _header_cells(self.head[self.place][1])

    @property
    def rows(self) -> Iterator[tuple[int, Cells]]:
        return chain(self.head[self.place + 1 :], self.rest)


def read_workbook(file: BinaryIO, size: int, layout: Layout) -> Table:
    """Raise RuleBroken, with one reason, for a workbook that cannot be read whole. The first sheet with our columns counts.

    Where somebody has named the columns, a sheet without ours will do.
    """
    found, is_known = _found(file)
    if found is None or not (is_known or layout.places):
        refuse([Broken("file_without_header")])
    return _table(found, layout)


def look_workbook(file: BinaryIO, layout: Layout) -> Look:
    """The first lines, whatever they are called. Raises RuleBroken as above."""
    found, _is_known = _found(file)
    if found is None:
        refuse([Broken("file_without_rows")])
    cells, sample = found.cells, list(islice(found.rows, SAMPLE))
    texts = [[_as_text(row.get(place)) for place in range(len(cells))] for _line, row in sample]
    mark = layout.decimal_mark or decimal_mark_of(prices_among(cells, texts), otherwise=".")
    records = (record for _line, record in _records(sample, len(cells), mark))
    return look_from("xlsx", "", mark, cells, [record for record in records if is_written(record)])


def _found(file: BinaryIO) -> tuple[Part | None, bool]:
    """Where the price list stands, and whether its header is one of ours; else the widest of the first rows heads it."""
    otherwise = None
    for sheet, rows in _sheets_of(file):
        part = Part(sheet, list(islice(rows, HEADER_WITHIN)), rows)
        place = _place_of_header(part.head)
        if place is not None:
            part.place = place
            return part, True
        if otherwise is None and part.head:
            part.place = _widest(part.head)
            otherwise = part
    return otherwise, False


def _widest(head: list[tuple[int, Cells]]) -> int:
    """The first row with most texts: titles above it are shorter, what stands below are numbers too."""
    counts = [sum(isinstance(value, str) and bool(value.strip()) for value in cells.values()) for _line, cells in head]
    return counts.index(max(counts))


def sheet_rows(file: BinaryIO, *, width: int) -> Iterator[tuple[int, list[str]]]:
    """Number and first cells of each row of the first visible sheet, for files without our header. Raises RuleBroken as above."""
    for _sheet, rows in islice(_sheets_of(file), 1):
        for line, cells in rows:
            yield line, [_written(cells.get(place, ""), ".") for place in range(width)]


def _sheets_of(file: BinaryIO) -> Iterator[tuple["Sheet", Iterator[tuple[int, Cells]]]]:
    archive = open_parts(file)
    look = _book_of(archive)
    texts = list(parse(archive, TEXTS, Texts())) if TEXTS in archive.namelist() else []
    sheets = ((name, Sheet(texts, look)) for name in look.sheets)
    return ((sheet, parse(archive, name, sheet)) for name, sheet in sheets)


def _place_of_header(head: list[tuple[int, Cells]]) -> int | None:
    """The row with most of our columns, of which there are at least two."""
    counts = [len(read_header(_header_cells(cells)).places) for _line, cells in head]
    most = max(counts, default=0)
    return counts.index(most) if most > 1 else None


def _header_cells(cells: Cells) -> list[str]:
    width = max((place for place, value in cells.items() if str(value).strip()), default=-1) + 1
    return [str(cells.get(place, "")) for place in range(width)]


def _table(part: Part, layout: Layout) -> Table:
    header = layout.header_of(part.cells)
    rows = part.rows
    sample = list(islice(rows, SAMPLE))
    mark = layout.decimal_mark or decimal_mark_of(_prices_as_text(sample, header), otherwise=".")
    records = _records(chain(sample, rows), header.width, mark)
    lines = rows_in_our_columns(records, header)
    first = next(lines, None)
    if first is None:
        refuse([Broken("file_without_rows")])
    return Table("xlsx", "", mark, header, chain([first], lines), share=lambda: part.sheet.share)


def _prices_as_text(rows: list[tuple[int, Cells]], header: Header) -> Iterator[str]:
    """Numbers have no mark in a workbook; those that somebody typed as text do."""
    place = header.places.get("price")
    return (value for _line, cells in rows if isinstance(value := cells.get(place, ""), str))


def _as_text(value: "str | Decimal | None") -> str:
    return value if isinstance(value, str) else ""


def _records(rows: Iterable[tuple[int, Cells]], width: int, mark: str) -> Iterator[tuple[int, list[str]]]:
    for line, cells in rows:
        record = [_written(cells.get(place, ""), mark) for place in range(width)]
        beyond = [_written(value, mark) for place, value in cells.items() if place >= width]
        yield line, record + [value for value in beyond if value.strip()]


def _written(value: str | Decimal, mark: str) -> str:
    return value if isinstance(value, str) else f"{value:f}".replace(".", mark)


# ---------------------------------------------------------------- the book


@dataclass
class BookLook:
    """`sheets`: the parts of the visible sheets, in order. `formats`: number format of each style. `epoch`: day zero."""

    sheets: list[str]
    formats: list[str]
    epoch: datetime


def _book_of(archive: ZipFile) -> BookLook:
    names = set(archive.namelist())
    if not {WORKBOOK, RELATIONS} <= names:
        refuse([Broken("workbook_damaged")])
    book = Book()
    _run(archive, WORKBOOK, book)
    targets = Targets()
    _run(archive, RELATIONS, targets)
    styles = Styles()
    if STYLES in names:
        _run(archive, STYLES, styles)
    sheets = [part for key in book.sheets if (part := targets.parts.get(key)) in names]
    return BookLook(sheets, styles.formats, CALENDAR_MAC_1904 if book.is_1904 else WINDOWS_EPOCH)


def _run(archive: ZipFile, name: str, handler: Handler) -> None:
    for _nothing in parse(archive, name, handler):
        pass


class Book(Handler):
    """The visible sheets, and from which day dates count."""

    def __init__(self) -> None:
        self.sheets: list[str] = []
        self.is_1904 = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "workbookPr":
            self.is_1904 = attributes.get("date1904") in ("1", "true")
        elif name == "sheet" and attributes.get("state", "visible") == "visible" and len(self.sheets) < MOST_SHEETS:
            self.sheets += [value for key, value in attributes.items() if key.rpartition(":")[2] == "id" and ":" in key]


class Targets(Handler):
    """Which part each relation leads to."""

    def __init__(self) -> None:
        self.parts: dict[str, str] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship" and len(self.parts) < MOST_STYLES:
            target = attributes.get("Target", "")
            self.parts[attributes.get("Id", "")] = target[1:] if target.startswith("/") else f"xl/{target}"


class Styles(Handler):
    """The number format of each style that cells name."""

    def __init__(self) -> None:
        self.own: dict[str, str] = {}
        self.formats: list[str] = []
        self.is_within = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "numFmt" and len(self.own) < MOST_STYLES:
            self.own[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")[:200]
        elif name == "cellXfs":
            self.is_within = True
        elif name == "xf" and self.is_within and len(self.formats) < MOST_STYLES:
            self.formats.append(self._format(attributes.get("numFmtId", "0")))

    def end(self, name: str) -> None:
        self.is_within = self.is_within and name != "cellXfs"

    def _format(self, key: str) -> str:
        builtin = BUILTIN_FORMATS.get(int(key), "") if key.isascii() and key.isdigit() else ""
        return self.own.get(key, builtin)


class Texts(Handler):
    """The texts that cells share. Notes on how they are read aloud (`rPh`) are no part of them."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.count = 0
        self.pieces: list[str] = []
        self.length = 0
        self.is_text = self.is_aside = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "si":
            self.pieces, self.length = [], 0
        elif name == "rPh":
            self.is_aside = True
        self.is_text = name == "t" and not self.is_aside

    def end(self, name: str) -> None:
        self.is_text = False
        if name == "rPh":
            self.is_aside = False
        elif name == "si":
            self.count += 1
            if self.count > MOST_TEXTS:
                refuse([too_large()])
            self.done.append("".join(self.pieces))

    def text(self, text: str) -> None:
        """Of a text that is too long only so much is kept that the cell which shows it can be named."""
        if self.is_text and self.length <= LONGEST_CELL:
            self.length += len(text)
            self.pieces.append(text[: LONGEST_CELL + 1])

    def taken(self) -> Iterator[str]:
        done, self.done = self.done, []
        return iter(done)


# ---------------------------------------------------------------- a sheet


class Sheet(Handler):
    """Rows of a sheet: number and cells, by column. Raises RuleBroken with the line for a cell or row beyond all measure."""

    def __init__(self, texts: list[str], look: BookLook) -> None:
        self.texts, self.look = texts, look
        self.rows: list[tuple[int, Cells]] = []
        self.line, self.place, self.length = 0, -1, 0
        self.cells: Cells | None = None
        self.kind, self.style = "n", ""
        self.pieces: list[str] = []
        self.is_value = self.is_aside = self.is_formula = False
        self.cell_length = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            self._begin_cell(attributes)
        elif name == "row":
            self._begin_row(attributes)
        elif name in ("v", "t"):
            self.is_value = not self.is_aside
        elif name == "f":
            self.is_formula = True
        elif name == "rPh":
            self.is_aside = True

    def end(self, name: str) -> None:
        self.is_value = False
        if name == "c":
            self._end_cell()
        elif name == "row" and self.cells is not None:
            self.rows.append((self.line, self.cells))
            self.cells = None
        elif name == "rPh":
            self.is_aside = False

    def text(self, text: str) -> None:
        if not self.is_value:
            return
        self.cell_length += len(text)
        if self.cell_length > LONGEST_CELL:
            self._refuse_long()
        self.pieces.append(text)

    def taken(self) -> Iterator[tuple[int, Cells]]:
        rows, self.rows = self.rows, []
        return iter(rows)

    def _begin_row(self, attributes: dict[str, str]) -> None:
        line = _number(attributes.get("r"), self.line + 1)
        if not self.line < line <= MOST_ROWS:
            refuse([Broken("workbook_damaged")])
        self.line, self.place, self.length, self.cells = line, -1, 0, {}

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        self.place = _column(attributes.get("r", ""), self.place + 1)
        if self.cells is None or not 0 <= self.place < MOST_COLUMNS:
            refuse([Broken("workbook_damaged")])
        self.kind, self.style = attributes.get("t", "n"), attributes.get("s", "")
        self.pieces, self.cell_length, self.is_formula = [], 0, False

    def _end_cell(self) -> None:
        value = self._value("".join(self.pieces))
        if value == "":
            return
        self.length += len(value) if isinstance(value, str) else 1
        if (isinstance(value, str) and len(value) > LONGEST_CELL) or self.length > LONGEST_LINE:
            self._refuse_long()
        self.cells[self.place] = value

    def _value(self, text: str) -> str | Decimal:
        if not text:
            return NO_RESULT if self.is_formula else ""
        if self.kind == "s":
            return self._shared(text)
        if self.kind == "n":
            return self._number_or_day(text)
        return {"1": "TRUE", "0": "FALSE"}.get(text, text) if self.kind == "b" else text

    def _shared(self, text: str) -> str:
        key = _number(text.strip(), -1)
        if not 0 <= key < len(self.texts):
            refuse([Broken("workbook_damaged")])
        return self.texts[key]

    def _number_or_day(self, text: str) -> str | Decimal:
        try:
            number = SIGNIFICANT.create_decimal(text.strip()).normalize()
        except ArithmeticError:
            return text
        if not number.is_finite() or (number and abs(number.adjusted()) > MOST_DIGITS):
            return text
        key = _number(self.style, -1)
        shape = self.look.formats[key] if 0 <= key < len(self.look.formats) else ""
        return as_shown(number, shape, self.look.epoch)

    def _refuse_long(self) -> None:
        refuse([Broken("cell_too_long", line=self.line, longest=LONGEST_CELL)])


def as_shown(number: Decimal, shape: str, epoch: datetime) -> str | Decimal:
    """A number as its format shows it where that is another one: a day, a share in percent, zeros before a code."""
    if not shape or shape == "General":
        return number
    if is_date_format(shape):
        return _day(number, epoch)
    if shape.endswith("%"):
        return number * 100
    if not shape.strip("0") and number == number.to_integral_value() >= 0:
        return f"{number:f}".partition(".")[0].zfill(len(shape))
    return number


def _day(number: Decimal, epoch: datetime) -> str | Decimal:
    """«2026-05-01»; a spreadsheet makes days of what looks like one, for example of 1.5."""
    whole = int(number)
    if whole < 1:
        return number
    try:
        day = from_excel(whole, epoch) + timedelta(milliseconds=round((number - whole) * MILLISECONDS))
    except (ValueError, OverflowError):
        return number
    return day.date().isoformat() if day.time() == time() else day.isoformat(sep=" ")


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and len(text) < 10 and text.isascii() and text.isdigit() else otherwise


def _column(reference: str, otherwise: int) -> int:
    """«C7» → 2."""
    letters = reference.rstrip("0123456789")
    if not letters:
        return otherwise
    if len(letters) > 3 or not (letters.isascii() and letters.isalpha()):
        return -1
    place = 0
    for letter in letters.upper():
        place = place * 26 + ord(letter) - 64
    return place - 1
