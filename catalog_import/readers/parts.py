"""The parts of a workbook, opened with care: a ZIP file of XML, of which nothing is unpacked and no entity is followed.

Each part is read as a stream with a limit on what it may hold, so that a small file cannot become a large one in memory.
"""

import stat
import zipfile
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO
from xml.parsers import expat

from marketplace.kernel.errors import Broken, refuse

PIECE = 65_536
LARGEST_UNPACKED = 200_000_000  # bytes of all parts together
MOST_PARTS = 1_000
MOST_ELEMENTS = 30_000_000
DEEPEST = 50
LONGEST_TOKEN = 4_000_000  # bytes; a mark-up that goes on for longer is none
CONTENT_TYPES = "[Content_Types].xml"
MACROS = "vbaProject.bin"
NESTED = (".zip", ".7z", ".rar", ".gz", ".exe", ".js")
DAMAGED = (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, OSError, NotImplementedError, ValueError)


def open_parts(file: BinaryIO) -> zipfile.ZipFile:
    """Raise RuleBroken, with one reason, for a ZIP file that is no workbook or that no spreadsheet wrote."""
    try:
        archive = zipfile.ZipFile(file)
    except DAMAGED:
        refuse([Broken("workbook_damaged")])
    parts = archive.infolist()
    if CONTENT_TYPES not in archive.namelist():
        refuse([Broken("file_of_another_format", format=_other_format(archive))])
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        refuse([too_large()])
    for part in parts:
        refuse(_reasons_not_a_part(part))
    return archive


def _other_format(archive: zipfile.ZipFile) -> str:
    return "ods" if {"mimetype", "content.xml"} <= set(archive.namelist()) else "zip"


def _reasons_not_a_part(part: zipfile.ZipInfo) -> list[Broken]:
    if part.flag_bits & 1:
        return [Broken("workbook_protected")]
    if part.filename.endswith(MACROS):
        return [Broken("workbook_with_macros")]
    name = part.orig_filename.replace("\\", "/")
    leads_out = name.startswith("/") or ".." in name.split("/") or ":" in name
    if leads_out or stat.S_ISLNK(part.external_attr >> 16) or name.lower().endswith(NESTED):
        return [Broken("workbook_foreign_part", part=part.filename[:100])]
    return []


class Handler:
    """What is done with the elements of a part. Names come without their prefix. `share`: of the part, read so far, 0 to 1."""

    share = 0.0

    def start(self, name: str, attributes: dict[str, str]) -> None: ...

    def end(self, name: str) -> None: ...

    def text(self, text: str) -> None: ...

    def taken(self) -> Iterator[Any]:
        """What has come together since the last time."""
        return iter(())


def parse(archive: zipfile.ZipFile, name: str, handler: Handler) -> Iterator[Any]:
    """Read one part through, and give what the handler has taken from it. Raises RuleBroken for a part that is broken."""
    parser, fed = _parser(handler), 0
    try:
        size = archive.getinfo(name).file_size
        with archive.open(name) as part:
            while piece := part.read(PIECE):
                parser.Parse(piece)
                yield from handler.taken()
                fed += len(piece)
                handler.share = fed / max(size, fed)
                if fed - parser.CurrentByteIndex > LONGEST_TOKEN:
                    refuse([Broken("workbook_damaged")])
        parser.Parse(b"", True)
    except (*DAMAGED, KeyError, expat.ExpatError, zipfile.zlib.error):
        refuse([Broken("workbook_damaged")])
    yield from handler.taken()


def _parser(handler: Handler) -> Any:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = _counted(handler)
    parser.CharacterDataHandler = handler.text
    parser.StartDoctypeDeclHandler = _refuse_entities
    parser.EntityDeclHandler = _refuse_entities
    return parser


def _counted(handler: Handler) -> tuple[Callable, Callable]:
    """What the parser calls: the handler, within the limits of how many elements there are and how deep they stand."""
    left, depth = MOST_ELEMENTS, 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal left, depth
        left, depth = left - 1, depth + 1
        if not left or depth > DEEPEST:
            refuse([too_large()])
        handler.start(name.rpartition(":")[2], attributes)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        handler.end(name.rpartition(":")[2])

    return start, end


def too_large() -> Broken:
    return Broken("workbook_too_large", largest=f"{LARGEST_UNPACKED // 1_000_000} MB")


def _refuse_entities(*_declaration: Any) -> None:
    """No spreadsheet declares any; they can make a small file endless, or read others."""
    refuse([Broken("workbook_with_entities")])
