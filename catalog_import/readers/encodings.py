"""In which characters a file is written: UTF-8, with or without a mark, or what Windows writes here. Never guessed half way."""

import codecs
from collections.abc import Iterator
from typing import BinaryIO

from marketplace.kernel.errors import Broken, refuse

PIECE = 1_000_000
UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def encoding_of(file: BinaryIO) -> str:
    """`utf-8-sig`, `utf-8` or `cp1252`, after reading the file through; it stands at its beginning again.

    Raises RuleBroken: for UTF-16, for zero bytes, for a text that is UTF-8 up to a line and not there, for bytes that
    Windows-1252 does not have.
    """
    head = file.read(3)
    if head.startswith(UTF16_MARKS):
        refuse([Broken("file_in_utf16")])
    if _is_utf8(file):
        encoding = "utf-8-sig" if head == codecs.BOM_UTF8 else "utf-8"
    else:
        _check_decodes(file, "cp1252", "encoding_unknown")
        encoding = "cp1252"
    file.seek(0)
    return encoding


def checked_encoding(file: BinaryIO, encoding: str) -> str:
    """The encoding that somebody named, if the whole file can be read in it; as `encoding_of`.

    Raises RuleBroken (``encoding_not_this``, ``zero_bytes``).
    """
    _check_decodes(file, encoding, "encoding_not_this")
    file.seek(0)
    has_mark = encoding == "utf-8" and file.read(3) == codecs.BOM_UTF8
    file.seek(0)
    return "utf-8-sig" if has_mark else encoding


def _is_utf8(file: BinaryIO) -> bool:
    """Whether all of it is. A text that was UTF-8 with accents so far, and is not further on, is refused."""
    decoder, line, has_accents = codecs.getincrementaldecoder("utf-8")(), 1, False
    for piece, is_last in _pieces(file):
        _check_zero_bytes(piece, line)
        try:
            decoded = decoder.decode(piece, is_last)
        except UnicodeDecodeError as error:
            before = error.object[: error.start]
            if has_accents or not before.isascii():
                refuse([Broken("encoding_mixed", line=line + before.count(b"\n"))])
            return False
        has_accents = has_accents or not decoded.isascii()
        line += piece.count(b"\n")
    return True


def _check_decodes(file: BinaryIO, encoding: str, code: str) -> None:
    """Raise RuleBroken with this code, and the line, for bytes that the encoding does not have."""
    decoder, line = codecs.getincrementaldecoder(encoding)(), 1
    for piece, is_last in _pieces(file):
        _check_zero_bytes(piece, line)
        try:
            decoder.decode(piece, is_last)
        except UnicodeDecodeError as error:
            refuse([Broken(code, line=line + error.object[: error.start].count(b"\n"))])
        line += piece.count(b"\n")


def _check_zero_bytes(piece: bytes, line: int) -> None:
    if b"\0" in piece:
        refuse([Broken("zero_bytes", line=line + piece[: piece.index(b"\0")].count(b"\n"))])


def _pieces(file: BinaryIO) -> Iterator[tuple[bytes, bool]]:
    """The whole file, piece by piece, and whether a piece is the last."""
    file.seek(0)
    while piece := file.read(PIECE):
        yield piece, False
    yield b"", True
