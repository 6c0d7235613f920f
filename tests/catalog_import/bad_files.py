"""More than three hundred files that no supplier should upload, each with the code that must answer it.

`python -m tests.catalog_import.bad_files [every]` reads each `every`-th of them in this process, and writes what came of it and
the most memory that it took, as JSON.
"""

import io
import json
import os
import stat
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

from tests.processes import most_memory

ENGLISH = (
    "sku", "name", "description", "brand", "gtin", "category", "unit", "price", "currency", "vat_percent", "stock", "min_order_qty",
    "lead_time_days", "warranty_months", "image_url",
)  # fmt: skip
SPANISH = {"sku": "codigo", "name": "nombre", "price": "precio", "stock": "existencias", "unit": "unidad"}
ROW = ("RZ-1", "Papel", "", "", "", "Paper and labels", "C62", "3.12", "USD", "15", "1", "1", "1", "1", "")
MEGABYTE = 1_000_000
UNDEFINED_IN_WINDOWS = b"\x81\x8d\x8f\x90\x9d"


class Bad(NamedTuple):
    """`content`: or what makes it, where that takes long."""

    name: str
    content: bytes | Callable[[], bytes]
    code: str


def text(header=ENGLISH, rows=3, delimiter=",", end="\n") -> str:
    lines = [header, *(tuple(f"{cell}{number}" if not place else cell for place, cell in enumerate(ROW)) for number in range(rows))]
    return "".join(delimiter.join(line) + end for line in lines)


# ---------------------------------------------------------------- delimited text


def all_files() -> Iterator[Bad]:
    for family in (characters, layouts, quotation_marks, other_formats, cut_workbooks, entities, containers, sheets, book_layouts):
        yield from family()


def characters() -> Iterator[Bad]:
    for encoding in ("utf-16", "utf-32-le", "utf-16-le", "utf-16-be", "utf-32-be"):
        marked = encoding in ("utf-16",)
        yield Bad(f"text in {encoding}", text().encode(encoding), "file_in_utf16" if marked else "zero_bytes")
    yield Bad("UTF-16 of the other order", b"\xfe\xff" + text().encode("utf-16-be"), "file_in_utf16")
    for byte in UNDEFINED_IN_WINDOWS:
        for rows in (1, 3, 50):
            yield Bad(f"byte {byte:x} in row {rows}", text(rows=rows).encode() + b"Pe\xf1a" + bytes([byte]), "encoding_unknown")
    for rows in (1, 2, 5, 40, 400):
        yield Bad(
            f"UTF-8 and Windows-1252 after {rows} rows", text(rows=rows).encode() + "Año".encode() + b"\xf1", "encoding_mixed"
        )
        yield Bad(f"NUL after {rows} rows", text(rows=rows).encode() + b"a\0b", "zero_bytes")
        yield Bad(f"NUL in Windows-1252 after {rows} rows", text(rows=rows).encode() + b"\xf1\0", "zero_bytes")
        yield Bad(f"UTF-8 cut in a letter after {rows} rows", text(rows=rows).encode() + "ñ".encode() + b"\xc3", "encoding_mixed")
    for name, content in (("nothing", b""), ("blanks", b"  \t "), ("line ends", b"\r\n" * 9), ("a mark", b"\n\n\t\n")):
        yield Bad(name, content, "file_empty")
    for size in (20_001, 100_000, MEGABYTE, 10 * MEGABYTE):
        yield Bad(f"cell of {size}", text().encode() + b"x" * size, "cell_too_long")
        yield Bad(f"quoted cell of {size}", text().encode() + b'"' + b"x\n" * (size // 2 + 1) + b'",', "cell_too_long")


def layouts() -> Iterator[Bad]:
    for delimiter in (",", ";", "\t"):
        for missing in ENGLISH:
            header = tuple(name for name in ENGLISH if name != missing)
            yield Bad(f"no {missing} between {delimiter!r}", text(header, delimiter=delimiter).encode(), "columns_missing")
        for end in ("\n", "\r\n", "\r"):
            yield Bad(f"no rows {delimiter!r} {end!r}", text(rows=0, delimiter=delimiter, end=end).encode(), "file_without_rows")
            blank = text(rows=0, delimiter=delimiter, end=end) + delimiter * 14 + end
            yield Bad(f"blank rows {delimiter!r} {end!r}", blank.encode(), "file_without_rows")
    for name in ENGLISH:
        yield Bad(f"{name} twice", text((*ENGLISH, name)).encode(), "columns_doubled")
    for english, spanish in SPANISH.items():
        yield Bad(f"{english} and {spanish}", text((*ENGLISH, spanish)).encode(), "columns_doubled")
    for number, words in enumerate(("Hola", "a,b,c", "1;2;3", "\ufeffprecio final", "=cmd()|'/c calc'!A0", "<b>sku</b>")):
        yield Bad(f"words {number}", f"{words}\n1,2\n".encode(), "file_without_header")


def quotation_marks() -> Iterator[Bad]:
    for rows in (0, 1, 2, 3, 5, 10, 100):
        yield Bad(f"open quotation mark after {rows} rows", text(rows=rows + 1).encode() + b'"RZ,x\n', "quotation_mark_open")
        yield Bad(f"mark within a cell after {rows} rows", text(rows=rows + 1).encode() + b'"12" largo",x\n', "quotation_mark_open")


def other_formats() -> Iterator[Bad]:
    heads = {
        "PDF": b"%PDF-1.7\n", "PNG": b"\x89PNG\r\n\x1a\n", "JPEG": b"\xff\xd8\xff\xe0", "GIF": b"GIF89a", "GZIP": b"\x1f\x8b\x08\0",
        "XLS": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "page": b"<!DOCTYPE html><p>sku</p>", "page of old": b"<HTML><body>sku",
        "XXE": b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r>&x;</r>',
        "laughs": b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><l>&b;</l>',
        "BMEcat": b'<?xml version="1.0"?><BMECAT/>', "empty ZIP": b"PK\x05\x06" + bytes(18),
    }  # fmt: skip
    for name, head in heads.items():
        yield Bad(name, head + bytes(64), "file_of_another_format")
    for name in ("lista.csv", "mimetype", "nested.zip", "../../etc/passwd"):
        yield Bad(f"ZIP with {name}", zipped({name: text().encode()}), "file_of_another_format")
    yield Bad(
        "ODS",
        zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<a/>"}),
        "file_of_another_format",
    )


# ---------------------------------------------------------------- workbooks

MAIN = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
LINKS = b'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
SHEET = "xl/worksheets/sheet1.xml"
PARTS = {
    "[Content_Types].xml": b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    "xl/workbook.xml": b"<workbook %s %s><sheets><sheet name='a' sheetId='1' r:id='r1'/></sheets></workbook>" % (MAIN, LINKS),
    "xl/_rels/workbook.xml.rels": b"<Relationships><Relationship Id='r1' Target='worksheets/sheet1.xml'/></Relationships>",
    "xl/styles.xml": b"<styleSheet><cellXfs><xf numFmtId='0'/></cellXfs></styleSheet>",
    "xl/sharedStrings.xml": b"<sst><si><t>Papel</t></si></sst>",
}


def zipped(parts: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def row(number: int, cells) -> bytes:
    written = b"".join(b"<c t='inlineStr'><is><t>%s</t></is></c>" % str(cell).encode() for cell in cells)
    return b"<row r='%d'>%s</row>" % (number, written)


def sheet(*more: bytes, header=ENGLISH) -> bytes:
    return b"<worksheet><sheetData>" + row(1, header) + row(2, ROW) + b"".join(more) + b"</sheetData></worksheet>"


def book(**changed: bytes | None) -> bytes:
    names = {"types": "[Content_Types].xml", "workbook": "xl/workbook.xml", "links": "xl/_rels/workbook.xml.rels",
             "styles": "xl/styles.xml", "texts": "xl/sharedStrings.xml", "sheet": SHEET}  # fmt: skip
    parts = PARTS | {SHEET: sheet()} | {names[key]: content for key, content in changed.items()}
    return zipped({name: content for name, content in parts.items() if content is not None})


def cut_workbooks() -> Iterator[Bad]:
    whole = book(sheet=sheet(*(row(number, ROW) for number in range(3, 400))))
    for part in range(1, 30):
        yield Bad(f"workbook cut at {part}/30", whole[: len(whole) * part // 30], "workbook_damaged")
    begin = whole.index(SHEET.encode()) + len(SHEET) + 20
    for part in range(20):
        place = begin + part * 11
        yield Bad(
            f"workbook with byte {part} changed",
            whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :],
            "workbook_damaged",
        )


def entities() -> Iterator[Bad]:
    laughs = b'<!DOCTYPE l [<!ENTITY a "ha">' + b"".join(
        b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9)
    ) + b"]>"  # fmt: skip
    declared = {
        "laughs": laughs, "a file": b'<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        "an address": b'<!DOCTYPE l SYSTEM "http://127.0.0.1:1/x.dtd">',
        "a long one": b'<!DOCTYPE l [<!ENTITY a "%s">]>' % (b"x" * 100_000),
        "a parameter": b'<!DOCTYPE l [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>',
    }  # fmt: skip
    parts = {"workbook": PARTS["xl/workbook.xml"], "links": PARTS["xl/_rels/workbook.xml.rels"], "styles": PARTS["xl/styles.xml"],
             "texts": PARTS["xl/sharedStrings.xml"], "sheet": sheet()}  # fmt: skip
    for name, content in parts.items():
        for kind, declaration in declared.items():
            yield Bad(f"{kind} in {name}", book(**{name: declaration + content}), "workbook_with_entities")
        yield Bad(f"{name} is no XML", book(**{name: b"<a><b></a>"}), "workbook_damaged")
        yield Bad(f"{name} ends early", book(**{name: content[: len(content) // 2]}), "workbook_damaged")
    for name in ("workbook", "links"):
        yield Bad(f"no {name}", book(**{name: None}), "workbook_damaged")
    yield Bad("no sheet", book(sheet=None), "file_without_header")
    yield Bad("no types", book(types=None), "file_of_another_format")


def containers() -> Iterator[Bad]:
    good = PARTS | {SHEET: sheet()}
    for name in ("../evil.xml", "/etc/passwd", "xl/../../a", "C:/a.xml", "..\\a.xml", "xl\\..\\..\\a", "a.zip", "xl/b.ZIP", "c.7z",
                 "d.rar", "e.exe", "f.js", "g.gz"):  # fmt: skip
        yield Bad(f"part {name}", zipped(good | {name: b"x"}), "workbook_foreign_part")
    for name in ("xl/vbaProject.bin", "vbaProject.bin", "word/vbaProject.bin"):
        yield Bad(f"macros {name}", zipped(good | {name: b"x"}), "workbook_with_macros")
    link = zipfile.ZipInfo("xl/media/link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    file = io.BytesIO(zipped(good))
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr(link, "/etc/passwd")
    yield Bad("symbolic link", file.getvalue(), "workbook_foreign_part")
    yield Bad("two thousand parts", zipped(good | {f"a{n}": b"" for n in range(2000)}), "workbook_too_large")
    for name in (SHEET, "xl/sharedStrings.xml", "xl/media/a.bin"):
        yield Bad(f"bomb {name}", partial(bomb, good, name, 250), "workbook_too_large")
    locked = zipped(good)
    yield Bad("password", locked.replace(b"PK\x01\x02\x14\x03\x14\0\0\0", b"PK\x01\x02\x14\x03\x14\0\x01\0"), "workbook_protected")


def bomb(good: dict[str, bytes], name: str, megabytes: int) -> bytes:
    file = io.BytesIO(zipped({each: content for each, content in good.items() if each != name}))
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive, archive.open(name, "w") as part:
        for _piece in range(megabytes):
            part.write(b" " * MEGABYTE)
    return file.getvalue()


def sheets() -> Iterator[Bad]:
    odd = {
        "row goes back": b"<row r='2'/>", "row zero": b"<row r='0'/>", "row beyond all": b"<row r='1048577'/>",
        "cell outside a row": b"<c r='A9'><v>1</v></c>", "column beyond all": b"<row r='3'><c r='XFE3'><v>1</v></c></row>",
        "column of four letters": b"<row r='3'><c r='AAAA3'><v>1</v></c></row>",
        "column of a sign": b"<row r='3'><c r='$3'/></row>",
        "no such text": b"<row r='3'><c t='s'><v>7</v></c></row>", "text of words": b"<row r='3'><c t='s'><v>x</v></c></row>",
        "text before the first": b"<row r='3'><c t='s'><v>-1</v></c></row>",
        "endless mark-up": b"<x a='%s'/>" % (b"y" * 9 * MEGABYTE),
        "wrong end": b"</row>", "unknown entity": b"<row r='3'><c><v>&x;</v></c></row>",
    }  # fmt: skip
    for name, more in odd.items():
        yield Bad(name, book(sheet=sheet(more)), "workbook_damaged")
    yield Bad("deep", book(sheet=sheet(b"<x>" * 3000 + b"</x>" * 3000)), "workbook_too_large")
    yield Bad("rows without end", lambda: book(sheet=sheet(b"<row/>" * 1_100_000)), "workbook_damaged")
    for size in (20_001, MEGABYTE, 10 * MEGABYTE):
        long = b"x" * size
        yield Bad(f"inline text of {size}", book(sheet=sheet(row(3, [long.decode()]))), "cell_too_long")
        yield Bad(f"value of {size}", book(sheet=sheet(b"<row r='3'><c><v>%s</v></c></row>" % long)), "cell_too_long")
        shown = sheet(b"<row r='3'><c t='s'><v>0</v></c></row>")
        yield Bad(f"shared text of {size}", book(texts=b"<sst><si><t>%s</t></si></sst>" % long, sheet=shown), "cell_too_long")
    many = b"".join(b"<row r='%d'>%s</row>" % (n, b"<c t='s'><v>0</v></c>" * 40) for n in range(3, 20_000))
    texts = b"<sst><si><t>%s</t></si></sst>" % (b"x" * 19_000)
    yield Bad("one long text shown without end", book(texts=texts, sheet=sheet(many)), "cell_too_long")


def book_layouts() -> Iterator[Bad]:
    for missing in ENGLISH:
        yield Bad(
            f"workbook without {missing}",
            book(sheet=sheet(header=[name for name in ENGLISH if name != missing])),
            "columns_missing",
        )
    for name in ENGLISH:
        yield Bad(f"workbook with {name} twice", book(sheet=sheet(header=(*ENGLISH, name))), "columns_doubled")
    empty = b"<worksheet><sheetData>%s</sheetData></worksheet>"
    yield Bad("workbook with nothing", book(sheet=empty % b""), "file_without_header")
    yield Bad("workbook with a title", book(sheet=empty % row(1, ["Lista"])), "file_without_header")
    yield Bad("workbook with its header", book(sheet=empty % row(1, ENGLISH)), "file_without_rows")
    yield Bad(
        "workbook with blank rows", book(sheet=empty % (row(1, ENGLISH) + row(2, [" "] * 15) + row(9, []))), "file_without_rows"
    )


# ---------------------------------------------------------------- reading them


def main(every: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings.test")
    import django

    django.setup()
    from django.utils.translation import activate

    activate("es")
    found = [outcome_of(bad) for number, bad in enumerate(all_files()) if number % every == every // 2]
    json.dump({"files": found, "kilobytes": most_memory()}, sys.stdout)


def outcome_of(bad: Bad) -> dict:
    """What the readers say to a file: its code, in which words, after how long; an exception of ours is a traceback there."""
    from catalog_import.readers import open_table
    from catalog_import.sentences import broken_rule
    from marketplace.kernel.errors import RuleBroken

    content = bad.content() if callable(bad.content) else bad.content
    begin = time.monotonic()
    try:
        rows = sum(1 for _row in open_table(io.BytesIO(content), len(content)).rows)
        code, sentence = f"read: {rows} rows", ""
    except RuleBroken as refusal:
        (broken,) = refusal.broken
        code, sentence = broken.code, broken_rule(broken.code, broken.values).sentence
    return {"name": bad.name, "expected": bad.code, "code": code, "sentence": sentence, "seconds": time.monotonic() - begin}


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 1)
