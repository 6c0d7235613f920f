"""Delimited text as spreadsheets write it: comma, semicolon or tab, in UTF-8 or Windows-1252, read as a stream."""

import csv
import io
from collections.abc import Iterator
from itertools import chain, islice
from typing import BinaryIO

from marketplace.kernel.errors import Broken, refuse

from ..columns import NAMES, read_header
from .encodings import checked_encoding, encoding_of
from .table import (
    LONGEST_CELL,
    LONGEST_LINE,
    SAMPLE,
    Layout,
    Look,
    Row,
    Table,
    decimal_mark_of,
    is_written,
    look_from,
    prices_among,
    rows_in_our_columns,
)

DELIMITERS = (",", ";", "\t")


def read_delimited(file: BinaryIO, size: int, layout: Layout) -> Table:
    """Raise RuleBroken, with one reason, for a file that cannot be read whole."""
    text, delimiter = _opened(file, layout)
    records = _records(text, delimiter)
    header = layout.header_of(_first(records))
    rows = rows_in_our_columns(records, header)
    sample = list(islice(rows, SAMPLE))
    if not sample:
        refuse([Broken("file_without_rows")])
    mark = layout.decimal_mark or decimal_mark_of(_prices(sample), otherwise=usual_mark(delimiter))
    return Table(text.encoding, delimiter, mark, header, chain(sample, rows), share=lambda: file.tell() / size)


def look_delimited(file: BinaryIO, layout: Layout) -> Look:
    """The first lines, whatever they are called. Raises RuleBroken as above."""
    text, delimiter = _opened(file, layout)
    records = _records(text, delimiter)
    cells = _first(records)
    sample = list(islice((record for _line, record in records if is_written(record)), SAMPLE))
    mark = layout.decimal_mark or decimal_mark_of(prices_among(cells, sample), otherwise=usual_mark(delimiter))
    return look_from(text.encoding, delimiter, mark, cells, sample)


def usual_mark(delimiter: str) -> str:
    """Where commas are decimal marks, spreadsheets part cells by semicolons."""
    return "," if delimiter == ";" else "."


def _opened(file: BinaryIO, layout: Layout) -> tuple[io.TextIOWrapper, str]:
    """The text from its beginning, and what parts its cells."""
    encoding = checked_encoding(file, layout.encoding) if layout.encoding else encoding_of(file)
    text = io.TextIOWrapper(file, encoding, newline="")
    delimiter = layout.delimiter or delimiter_of(text)
    text.seek(0)
    return text, delimiter


def delimiter_of(text: io.TextIOBase) -> str:
    """The one that finds most of our columns in the first line that is not blank; where it has none, most cells."""
    first = next((line for line in _lines(text) if line.strip()), "")
    return max(DELIMITERS, key=lambda delimiter: _columns_found(first, delimiter))


def _columns_found(line: str, delimiter: str) -> tuple[int, int]:
    try:
        cells = next(csv.reader([line], delimiter=delimiter))
    except csv.Error:  # a cell beyond all measure: the reading of the records says so, with its line
        return 0, 0
    return len(read_header(cells).places), len(cells)


def _first(records: Iterator[tuple[int, list[str]]]) -> list[str]:
    return next((cells for _line, cells in records if is_written(cells)), [])


def _prices(rows: list[Row]) -> Iterator[str]:
    place = NAMES.index("price")
    return (row.cells[place] for row in rows)


def _records(text: io.TextIOBase, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line where it begins: a quoted cell may go over several."""
    reader = csv.reader(_lines(text), delimiter=delimiter, strict=True)
    begins = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            refuse([_why_unreadable(error, begins)])
        if cells is None:
            return
        if any(len(cell) > LONGEST_CELL for cell in cells):
            refuse([Broken("cell_too_long", line=begins, longest=LONGEST_CELL)])
        yield begins, cells
        begins = reader.line_num + 1


def _why_unreadable(error: csv.Error, line: int) -> Broken:
    if "field limit" in str(error):
        return Broken("cell_too_long", line=line, longest=LONGEST_CELL)
    return Broken("quotation_mark_open", line=line)


def _lines(text: io.TextIOBase) -> Iterator[str]:
    """Lines as the file ends them. One that never ends is refused before it fills the memory."""
    number = 0
    while line := text.readline(LONGEST_LINE):
        number += 1
        if len(line) == LONGEST_LINE:
            refuse([Broken("cell_too_long", line=number, longest=LONGEST_CELL)])
        yield line
