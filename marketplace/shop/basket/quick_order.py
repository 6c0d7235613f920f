"""Many products at once, by code and quantity: reading what was pasted or uploaded, and finding which offer each line means.

A code is a supplier's (SKU): then the quantity counts its packs. Or it is a sheet's, or a GTIN: then it counts base units, and
the best offer that goes to the place sells as many whole packs as hold them.
"""

import csv
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice

from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q

from catalog_import.readers.encodings import encoding_of
from catalog_import.readers.workbook import sheet_rows
from marketplace.kernel.errors import Broken, RuleBroken, refuse
from marketplace.kernel.screens.fields import plain_number
from marketplace.kernel.spreadsheets import as_typed
from marketplace.shop.catalogue.models import Product
from marketplace.shop.catalogue.units import packs_for
from marketplace.shop.partner.models import StockRecord
from marketplace.shop.partner.querysets import NOT_IN_A_LIST
from marketplace.shop.partner.rules import Demand, reasons_not_orderable
from search.port import Query
from search.selectors import search

MOST_ROWS = 500
LARGEST_FILE = 1_000_000  # bytes
LONGEST_CODE, LONGEST_QUANTITY = 128, 20
MOST = 1_000_000  # of one product
SUGGESTED = 20  # lines for which a code is looked for that may have been meant
DELIMITERS = (";", "\t", ",")
WORKBOOK = b"PK\x03\x04"


# ---------------------------------------------------------------- reading


@dataclass(frozen=True)
class Row:
    """A line as it was typed. `number`: its place in what was pasted or uploaded, the first being 1."""

    number: int
    code: str
    quantity: str


def rows_of_text(text: str) -> list[Row]:
    """«código;cantidad», one a line; a tab or a comma separate as well. The names of the columns may stand above."""
    lines = text.replace("\0", "").splitlines()
    first = next((line for line in lines if line.strip()), "")
    delimiter = max(DELIMITERS, key=first.count)
    try:
        return _rows(enumerate(csv.reader(lines, delimiter=delimiter), start=1))
    except csv.Error:
        refuse([Broken("quick_file_unreadable")])


def rows_of_file(file: UploadedFile) -> list[Row]:
    """CSV, or the first sheet of an Excel workbook. Raises RuleBroken (``quick_file_large``, ``quick_file_unreadable``)."""
    if file.size is None or file.size > LARGEST_FILE:
        refuse([Broken("quick_file_large")])
    try:
        text, records = _opened(file)
    except RuleBroken:  # a price list's reader says it in the words of price lists
        refuse([Broken("quick_file_unreadable")])
    return rows_of_text(text) if text else _rows(records)


def _opened(file: UploadedFile) -> tuple[str, list[tuple[int, list[str]]]]:
    """The text of a CSV, or the rows of a workbook: one more than may be, and the names of the columns."""
    is_workbook = file.read(len(WORKBOOK)) == WORKBOOK
    file.seek(0)
    if is_workbook:
        return "", list(islice(sheet_rows(file, width=2), MOST_ROWS + 2))
    encoding = encoding_of(file)
    return file.read().decode(encoding), []


def _rows(records: Iterable[tuple[int, list[str]]]) -> list[Row]:
    rows = []
    for number, cells in records:
        code, quantity = (as_typed(cell.strip()) for cell in (*cells, "", "")[:2])
        is_head = not rows and bool(quantity) and not any(letter.isdigit() for letter in code + quantity)
        if (code or quantity) and not is_head:
            rows.append(Row(number, code[:LONGEST_CODE], quantity[:LONGEST_QUANTITY]))
        if len(rows) > MOST_ROWS:
            refuse([Broken("quick_too_many", most=MOST_ROWS)])
    return rows


# ---------------------------------------------------------------- finding


@dataclass(frozen=True)
class Suggestion:
    code: str
    title: str


@dataclass(frozen=True)
class ResolvedRow:
    """A line with the offer that it means; or `why` it means none, and what may have been meant.

    `packs`: of the offer, so many that hold what was asked for.
    """

    row: Row
    listing: StockRecord | None = None
    packs: int = 0
    why: Broken | None = None
    suggestion: Suggestion | None = None

    @property
    def in_words(self) -> str:
        return self.listing.in_words(self.packs) if self.listing else ""


def resolved(rows: list[Row], *, on: date, canton: str) -> list[ResolvedRow]:
    """Each line with its offer: four queries for any number."""
    offers = _Offers(rows, on, canton)
    return [offers.resolve(row) for row in rows]


def with_suggestions(found: list[ResolvedRow], canton: str) -> list[ResolvedRow]:
    """Beside each code that nobody knows, what may have been meant: a search for each."""
    unknown = [each for each in found if each.why and each.why.code == "code_unknown"][:SUGGESTED]
    suggestions = suggestions_for([each.row.code for each in unknown], canton)
    return [replace(each, suggestion=suggestions.get(each.row.code)) if each.why else each for each in found]


class _Offers:
    """All offers that these codes may mean."""

    def __init__(self, rows: list[Row], on: date, canton: str) -> None:
        self.canton = canton
        codes = {form for row in rows for form in _forms(row.code)}
        wanted = Q(pk__in=StockRecord.objects.filter(partner_sku__in=codes).values("pk"))
        sheets = Product.objects.filter(Q(code__in=codes) | Q(gtin__in=codes))
        wanted |= Q(product__in=list(sheets.values_list("pk", flat=True)))
        listings = StockRecord.objects.with_terms().with_refusal(on).filter(wanted).exclude(status=StockRecord.Status.DRAFT)
        if canton:
            listings = listings.with_coverage(canton)
        self.by_sku: dict[str, list[StockRecord]] = defaultdict(list)
        self.by_sheet: dict[str, list[StockRecord]] = defaultdict(list)
        for listing in listings.best_first().defer(*NOT_IN_A_LIST):
            self.by_sku[listing.partner_sku.upper()].append(listing)
            self.by_sheet[listing.product.code].append(listing)
            if listing.product.gtin:
                self.by_sheet[listing.product.gtin].append(listing)

    def resolve(self, row: Row) -> ResolvedRow:
        quantity = _quantity(row.quantity)
        if quantity is None:
            return ResolvedRow(row, why=Broken("quick_quantity"))
        forms = _forms(row.code)
        of_sheet = next((self.by_sheet[form] for form in forms if form in self.by_sheet), [])
        of_sku = self.by_sku.get(row.code.upper(), [])
        if not of_sheet and not of_sku:
            return ResolvedRow(row, why=Broken("code_unknown", code=row.code))
        if not of_sheet and len({listing.product_id for listing in of_sku}) > 1:
            return ResolvedRow(row, why=Broken("code_of_several", code=row.code, sheets=_sheets_of(of_sku)))
        candidates = [(each, packs_for(quantity, each.pack_factor)) for each in of_sheet] or [(each, quantity) for each in of_sku]
        return self._first_that_can(row, candidates)

    def _first_that_can(self, row: Row, candidates: list[tuple[StockRecord, int]]) -> ResolvedRow:
        """The best offer that can be bought so; if none can, why the best cannot."""
        judged = [(each, packs, reasons_not_orderable(each, Demand(packs, self.canton))) for each, packs in candidates]
        listing, packs, broken = next((each for each in judged if not each[2]), judged[0])
        return ResolvedRow(row, why=broken[0]) if broken else ResolvedRow(row, listing, packs)


def _forms(code: str) -> list[str]:
    """As typed, in capitals, and of digits alone the fourteen of a GTIN."""
    forms = [code, code.upper()]
    digits = code.replace(" ", "").replace("-", "")
    return [*forms, digits.zfill(14)] if digits.isascii() and digits.isdigit() and len(digits) <= 14 else forms


def _quantity(text: str) -> int | None:
    number = plain_number(text)
    if not number or not number.replace(".", "", 1).isdigit():
        return None
    whole, _, rest = number.partition(".")
    quantity = int(whole or 0)
    return quantity if not rest.strip("0") and 1 <= quantity <= MOST else None


def _sheets_of(listings: list[StockRecord]) -> str:
    return ", ".join(sorted({listing.product.code for listing in listings})[:3])


# ---------------------------------------------------------------- what may have been meant


def suggestions_for(codes: list[str], canton: str) -> dict[str, Suggestion]:
    """The sheet of the same number with its right check digit; else what the search finds first for these letters."""
    stems = {code: code.upper().rpartition("-")[0] for code in codes if code.upper().startswith("FN-")}
    near = Q(pk=None)
    for stem in stems.values():
        near |= Q(code__startswith=f"{stem}-") if stem.count("-") == 1 else Q(pk=None)
    sheets = {sheet.code.rpartition("-")[0]: sheet for sheet in Product.objects.filter(near, is_public=True)} if stems else {}
    found = {}
    for code in codes:
        sheet = sheets.get(stems.get(code, "-"))
        suggestion = Suggestion(sheet.code, sheet.title) if sheet else _found_first(code, canton)
        if suggestion:
            found[code] = suggestion
    return found


def _found_first(code: str, canton: str) -> Suggestion | None:
    if not code:
        return None
    hits = search(Query(words=code, canton=canton, size=1)).hits
    return Suggestion(hits[0].code, hits[0].title) if hits else None
