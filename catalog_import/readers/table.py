"""What every reader gives: the rows of a file in our columns, and how the file is written."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from marketplace.kernel.errors import Broken, refuse
from marketplace.kernel.spreadsheets import as_typed

from ..columns import NAMES, Header, header_with, read_header


class Row(NamedTuple):
    """`line`: where the row begins in the file, the header being 1. `count`: its cells. `cells`: by `columns.NAMES`."""

    line: int
    count: int
    cells: list[str]


@dataclass(frozen=True)
class Layout:
    """How a file is to be read; what is empty is found out. `places`: column → its place in a row."""

    encoding: str = ""
    delimiter: str = ""
    decimal_mark: str = ""
    places: dict[str, int] = field(default_factory=dict)

    def header_of(self, cells: list[str]) -> Header:
        """Raise RuleBroken, with one reason, for a header that is neither a price list's nor a price update's."""
        return check_header(header_with(cells, self.places) if self.places else read_header(cells))


@dataclass(frozen=True)
class Look:
    """A file at first sight: how it seems to be written, its first line, and the rows after it, cut to what a page shows."""

    encoding: str
    delimiter: str
    decimal_mark: str
    cells: list[str]
    rows: list[list[str]]


@dataclass(frozen=True)
class Table:
    """`decimal_mark`: how the file writes 3,45. `rows`: to be read once; a file that breaks half way raises RuleBroken.

    `share`: how much of the file has been read, from 0 to 1.
    """

    encoding: str
    delimiter: str
    decimal_mark: str
    header: Header
    rows: Iterator[Row]
    share: Callable[[], float]


LONGEST_CELL = 20_000  # characters; a cell beyond it is an unclosed quotation mark, or no price list
LONGEST_LINE = 500_000
SAMPLE = 500  # rows that tell the decimal mark
FIRST_ROWS = 5
MOST_COLUMNS = 200  # that somebody may name
LONGEST_SHOWN = 60  # characters of a cell
NUMBER = re.compile(r"[+-]?[0-9][0-9.,]*")
EMPTY = [""] * len(NAMES)


def check_header(header: Header) -> Header:
    """Raise RuleBroken, with one reason, for a header that is neither a price list's nor a price update's."""
    if not header.places:
        refuse([Broken("file_without_header")])
    if header.doubled:
        refuse([Broken("columns_doubled", columns=", ".join(header.doubled))])
    if header.missing:
        refuse([Broken("columns_missing", columns=", ".join(header.missing))])
    return header


def rows_in_our_columns(records: Iterable[tuple[int, list[str]]], header: Header) -> Iterator[Row]:
    """Leave out blank rows; a row with too few or too many cells keeps none: one cannot know which is which."""
    places = [header.places.get(name) for name in NAMES]
    for line, cells in records:
        count = len(cells) if any(cells[header.width :]) else min(len(cells), header.width)
        if not is_written(cells):
            continue
        is_whole = count == header.width
        yield Row(line, count, ["" if place is None else as_typed(cells[place]) for place in places] if is_whole else EMPTY)


def is_written(cells: list[str]) -> bool:
    return any(cell.strip() for cell in cells)


def decimal_mark_of(prices: Iterable[str], *, otherwise: str) -> str:
    """The mark that most of these prices leave no doubt about: 48,95 and 1.048,95 do, 1.048 does not."""
    votes = {".": 0, ",": 0}
    for price in prices:
        mark = certain_mark(price.strip())
        if mark:
            votes[mark] += 1
    if votes["."] == votes[","]:
        return otherwise
    return max(votes, key=lambda mark: votes[mark])


def certain_mark(text: str) -> str:
    """«48,95» → «,»; empty when the mark may as well group thousands, or there is none."""
    marks = [character for character in text if character in ".,"]
    if len(set(marks)) == 2:
        return marks[-1]
    if len(marks) == 1 and len(text.rpartition(marks[0])[2]) != 3:
        return marks[0]
    return ""


def look_from(encoding: str, delimiter: str, mark: str, cells: list[str], records: list[list[str]]) -> Look:
    """Raise RuleBroken for a file without rows, or with more columns than anybody could name."""
    if len(cells) > MOST_COLUMNS:
        refuse([Broken("columns_too_many", count=len(cells), most=MOST_COLUMNS)])
    if not records:
        refuse([Broken("file_without_rows")])
    rows = [[cut(cell) for cell in record[: len(cells)]] for record in records[:FIRST_ROWS]]
    return Look(encoding, delimiter, mark, [cut(cell) for cell in cells], rows)


def cut(cell: str) -> str:
    text = " ".join(cell.split())
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 1]}…"


def prices_among(cells: list[str], records: list[list[str]]) -> Iterator[str]:
    """Those of the price column; where none is known, every number."""
    place = read_header(cells).places.get("price")
    for record in records:
        of_row = record if place is None else record[place : place + 1]
        yield from (cell for cell in of_row if NUMBER.fullmatch(cell.strip()))
