"""The slow twin of the import's rules: row by row, in plain Python, from the same documents and not from the same code.

`judge` answers what the set-based judging must answer: for each row its outcome and all its issues, in order.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from stdnum import ean

from catalog_import.models import CategoryMapping
from framework_agreements.models import AdjudicatedItem, Adjudication, AgreementLot, FrameworkAgreement
from marketplace.kernel.text import fold
from marketplace.registry.models import Supplier
from marketplace.shop.catalogue.models import Product
from marketplace.shop.catalogue.units import units
from marketplace.shop.partner.models import StockRecord
from marketplace.shop.partner.vat import vat_rates_on

WHITE = " \t\n\r\f\v\u00a0"
ONE_THING = {"C62", "H87", "EA"}
ISSUE_VALUE = 200


@dataclass
class Stand:
    """All that stands when a file is judged, read by the ORM."""

    supplier: Supplier
    agreement: FrameworkAgreement
    on: date
    mark: str

    def __post_init__(self) -> None:
        self.rates = {percent: category for category, percent in vat_rates_on(self.on).items()}
        self.lots = {lot.pk: lot for lot in AgreementLot.objects.filter(agreement=self.agreement)}
        awards = Adjudication.objects.filter(lot__in=self.lots, supplier=self.supplier)
        self.adjudications = {award.lot_id: award for award in awards}
        self.mappings = {each.file_category: each for each in CategoryMapping.objects.filter(agreement=self.agreement)}
        self.sheets = list(Product.objects.all())
        self.items = list(AdjudicatedItem.objects.filter(adjudication__in=awards).select_related("adjudication").order_by("pk"))
        listings = StockRecord.objects.filter(adjudicated_item__in=self.items).select_related("stock", "product")
        self.listings = {}
        for listing in sorted(listings, key=lambda each: (each.status != "published", each.pk)):
            self.listings.setdefault(listing.partner_sku, listing)

    def sheet(self, **wanted: Any) -> Product | None:
        return next((each for each in self.sheets if all(getattr(each, name) == value for name, value in wanted.items())), None)

    def is_open(self, lot_id: int) -> bool:
        award = self.adjudications.get(lot_id)
        return self.lots[lot_id].is_active and award is not None and award.is_in_force(self.on)


@dataclass
class Judged:
    outcome: str = ""
    issues: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)  # code, column, values


def judge(rows: list[tuple[int, int, dict[str, str]]], width: int, stand: Stand) -> dict[int, Judged]:
    """`rows`: (line, number of cells, cells by column). Line → what the row comes to."""
    first_lines: dict[str, int] = {}
    judged = {}
    for line, count, cells in rows:
        if count != width:
            judged[line] = Judged("refused", [("cell_count", "", {"found": count, "expected": width})])
            continue
        sku = one_line(cells["sku"])
        first_lines.setdefault(sku, line)
        judged[line] = Twin(line, cells, stand, first_lines[sku]).judged()
    return judged


def one_line(text: str) -> str:
    for white in WHITE:
        text = text.replace(white, " ")
    return " ".join(part for part in text.split(" ") if part)


def capitals(text: str) -> str:
    return "".join(letter.upper() if letter.isascii() else letter for letter in text.strip(WHITE))


def is_digits(text: str) -> bool:
    return text != "" and all(letter in "0123456789" for letter in text)


class Twin:
    """One row."""

    def __init__(self, line: int, cells: dict[str, str], stand: Stand, first_line: int) -> None:
        self.line, self.cells, self.stand, self.first_line = line, cells, stand, first_line
        self.issues: list[tuple[str, str, dict[str, Any]]] = []

    def judged(self) -> Judged:
        self.texts()
        self.gtin_cell()
        self.category_and_unit()
        self.price_cell()
        self.whole_numbers()
        self.last_cells()
        self.against_what_stands()
        if self.issues:
            return Judged("refused", self.issues)
        if self.item is None:
            return Judged("proposed")
        if self.listing is None:
            return Judged("added")
        return Judged("changed" if self.differs() else "unchanged")

    # ------------------------------------------------------------ cells

    def broken(self, code: str, column: str, **values: Any) -> None:
        self.issues.append((code, column, values))

    def text(self, column: str) -> str:
        return self.cells[column].strip(WHITE)

    def check_empty(self, column: str) -> bool:
        is_empty = not self.text(column)
        if is_empty:
            self.broken("cell_empty", column)
        return is_empty

    def check_text(self, column: str, text: str, longest: int) -> None:
        if len(text) > longest:
            self.broken("text_too_long", column, longest=longest, length=len(text))

    def check_characters(self, column: str) -> None:
        controls = [letter for letter in self.cells[column] if (ord(letter) < 32 and letter not in WHITE) or ord(letter) == 127]
        if controls:
            self.broken("control_character", column)

    def check_error(self, column: str, text: str) -> None:
        if text in ("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#FORMULA!"):
            self.broken("cell_with_error", column)

    def texts(self) -> None:
        self.sku, self.name, self.brand = one_line(self.cells["sku"]), one_line(self.cells["name"]), one_line(self.cells["brand"])
        self.check_empty("sku")
        self.check_text("sku", self.sku, 128)
        self.check_characters("sku")
        self.check_error("sku", self.sku)
        if self.sku and self.first_line != self.line:
            self.broken("sku_repeated", "sku", first_line=self.first_line)
        self.check_empty("name")
        self.check_text("name", self.name, 255)
        self.check_characters("name")
        self.check_error("name", self.name)
        self.check_text("description", self.text("description"), 5000)
        self.check_characters("description")
        self.check_error("description", self.text("description"))
        self.check_text("brand", self.brand, 120)
        self.check_characters("brand")
        self.check_error("brand", self.brand)

    def gtin_cell(self) -> None:
        text = self.text("gtin").replace(" ", "").replace("-", "")
        self.gtin = None
        if not text:
            return
        if not is_digits(text) or len(text) not in (8, 12, 13, 14):
            self.broken("gtin_malformed", "gtin")
            return
        self.gtin = text.zfill(14)
        if not ean.is_valid(self.gtin):
            self.broken("gtin_check_digit", "gtin")
        if int(text) == 0:
            self.broken("gtin_placeholder", "gtin")

    def category_and_unit(self) -> None:
        self.mapping = self.stand.mappings.get(fold(self.cells["category"]))
        if not self.check_empty("category") and self.mapping is None:
            self.broken("category_unmapped", "category")
        unit = capitals(self.cells["unit"])
        self.unit = unit if unit in units() else None
        if not self.check_empty("unit") and self.unit is None:
            self.broken("unit_unknown", "unit")

    def number(self, column: str, *, is_whole: bool) -> Decimal | None:
        """By the mark of the file; thousands may be grouped by the other mark, in threes and from the right."""
        text = self.text(column)
        unsigned = text[1:] if text[:1] in ("+", "-") else text
        whole, mark, decimals = unsigned.partition(self.stand.mark)
        if mark and (is_whole or not is_digits(decimals)):
            return None
        first, *groups = whole.split("." if self.stand.mark == "," else ",")
        if groups and not 1 <= len(first) <= 3:
            return None
        if not is_digits(first) or any(len(group) != 3 or not is_digits(group) for group in groups):
            return None
        value = Decimal(first + "".join(groups) + ("." + decimals if mark else ""))
        return -value if text.startswith("-") else value

    def price_cell(self) -> None:
        self.price = self.number("price", is_whole=False)
        if not self.check_empty("price") and self.price is None:
            self.broken("number_malformed", "price", mark=self.stand.mark)
        if self.price is not None:
            if self.price <= 0:
                self.broken("price_not_positive", "price")
            if self.price >= 10**8:
                self.broken("number_too_large", "price", most=10**8 - 1)
            if -self.price.normalize().as_tuple().exponent > 6:
                self.broken("price_too_precise", "price")
        currency = capitals(self.cells["currency"])
        if not self.check_empty("currency") and currency != "USD":
            self.broken("currency_refused", "currency", currency="USD")
        percent = self.number("vat_percent", is_whole=False)
        self.vat = self.stand.rates.get(percent)
        if not self.check_empty("vat_percent") and percent is None:
            self.broken("number_malformed", "vat_percent", mark=self.stand.mark)
        if percent is not None and self.vat is None:
            self.broken("vat_unknown", "vat_percent", known=", ".join(str(each) for each in self.stand.rates))

    def whole(self, column: str, least: int, most: int) -> Decimal | None:
        value = self.number(column, is_whole=True)
        if self.text(column) and value is None:
            self.broken("number_not_whole", column, mark=self.stand.mark)
        if value is not None and value < least:
            self.broken("number_too_small", column, least=least)
        if value is not None and value > most:
            self.broken("number_too_large", column, most=most)
        return value

    def whole_numbers(self) -> None:
        self.numbers = {}
        for column, least, most in (
            ("stock", 0, 999_999_999),
            ("min_order_qty", 1, 999_999_999),
            ("lead_time_days", 0, 32_767),
            ("warranty_months", 0, 32_767),
        ):
            self.check_empty(column)
            self.numbers[column] = self.whole(column, least, most)

    def last_cells(self) -> None:
        self.image = self.text("image_url")
        self.check_text("image_url", self.image, 500)
        if self.image:
            scheme, _slashes, rest = self.image.partition("://")
            if scheme.lower() not in ("http", "https") or not rest or any(letter in ' \t\n\r\f\v<>"' for letter in rest):
                self.broken("address_malformed", "image_url")
        code = capitals(self.cells["product_code"])
        self.named = self.stand.sheet(code=code) if code else None
        if code and self.named is None:
            self.broken("product_code_unknown", "product_code")
        self.has_pack = bool(self.text("pack_factor"))
        given = self.whole("pack_factor", 1, 999_999_999) if self.has_pack else Decimal(1)
        self.pack = given if given is not None and 1 <= given <= 999_999_999 else None

    # ------------------------------------------------------------ against what stands

    def against_what_stands(self) -> None:
        stand = self.stand
        self.listing = stand.listings.get(self.sku)
        said = self.named or (self.listing and self.listing.product)
        same = stand.sheet(gtin=self.gtin) if self.gtin else None
        self.product = said or same
        self.item = self.find_item()
        lot = self.find_lot()
        if self.named and self.listing and self.named != self.listing.product:
            self.broken("sku_of_another_sheet", "product_code", sku=self.sku)
        if self.gtin and said and ((same and same != said) or (said.gtin and said.gtin != self.gtin)):
            self.broken("gtin_of_another_sheet", "gtin", name=said.title, gtin=said.gtin or "")
        if self.product and not self.product.is_public:
            self.broken("sheet_withdrawn", "gtin", name=self.product.title)
        if lot and not lot.is_active:
            self.broken("lot_suspended_now", "category", lot=lot.name)
        award = lot and stand.adjudications.get(lot.pk)
        if award and not award.is_in_force(stand.on):
            self.broken("adjudication_not_in_force_now", "category", lot=lot.name)
        self.packs()
        self.prices()

    def find_item(self) -> AdjudicatedItem | None:
        """The listing's own; else one that is open, of the category's lot first, then of the lowest lot."""
        if self.listing:
            return next(each for each in self.stand.items if each.pk == self.listing.adjudicated_item_id)
        open_items = [
            each
            for each in self.stand.items
            if self.product and each.product_id == self.product.pk and self.stand.is_open(each.adjudication.lot_id)
        ]
        mapped = self.mapping and self.mapping.lot_id
        return min(open_items, key=lambda each: (each.adjudication.lot_id != mapped, each.adjudication.lot_id), default=None)

    def find_lot(self) -> AgreementLot | None:
        if self.item:
            return self.stand.lots[self.item.adjudication.lot_id]
        return self.stand.lots[self.mapping.lot_id] if self.mapping else None

    def packs(self) -> None:
        is_single = self.unit in ONE_THING
        if self.product:
            base = self.product.base_unit
            is_base = self.unit == base or (is_single and base in ONE_THING)
            if self.unit and not is_base and not self.has_pack:
                self.broken("pack_factor_needed", "unit", unit=self.unit, base=base)
        else:
            is_base = is_single
        if self.unit and is_base and self.pack and self.pack > 1:
            self.broken("pack_of_itself", "pack_factor", unit=self.unit, base=self.unit)
        if self.listing and self.pack and self.pack != self.listing.pack_factor:
            self.broken("pack_changed", "pack_factor", pack=self.listing.pack_factor, unit=self.listing.sales_unit)

    def prices(self) -> None:
        if self.price is None:
            return
        rises = self.listing and self.price > self.listing.price
        if rises:
            self.broken("price_rise", "price", current=self.listing.price)
        if not self.item or not self.pack:
            return
        ceiling = self.item.ceiling_price.amount
        says_all = rises and self.listing.price / self.listing.pack_factor <= ceiling
        if self.price / self.pack > ceiling and not says_all:
            self.broken("price_over_ceiling", "price", ceiling=ceiling, unit=self.product.base_unit)

    def differs(self) -> bool:
        standing = self.listing
        old = (
            standing.price, standing.sales_unit, standing.vat_category, standing.minimum_quantity, standing.lead_time_days,
            standing.warranty_months, standing.image_url, standing.stock.left, standing.status,
        )  # fmt: skip
        new = (
            self.price, self.unit, self.vat, self.numbers["min_order_qty"], self.numbers["lead_time_days"],
            self.numbers["warranty_months"], self.image, self.numbers["stock"], "published",
        )  # fmt: skip
        return old != new
