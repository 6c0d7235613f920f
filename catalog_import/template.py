"""The price list as a workbook to fill in: its columns, lists to choose from, what each column holds, and examples.

The examples stand on a sheet of their own, so that nobody uploads them by mistake; the first sheet alone is read.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from framework_agreements.models import FrameworkAgreement
from marketplace.kernel.spreadsheets import literal
from marketplace.shop.catalogue.units import units
from marketplace.shop.partner.vat import vat_rates_on

from .columns import COLUMNS, NAMES
from .rules import ROW_RULES
from .selectors import mappings_of

LAST_ROW = 1_048_576
WIDTH = 18  # characters
AS_TEXT = ("sku", "gtin", "product_code")  # a spreadsheet would take their zeros away
MUST = frozenset(rule.column for rule in ROW_RULES if rule.code == "cell_empty")
HOLDS = {
    "sku": gettext_lazy("Your own code of the product; once in the file."),
    "name": gettext_lazy("What the product is, as a buyer would ask for it."),
    "description": gettext_lazy("What else a buyer should know."),
    "brand": gettext_lazy("The brand, if it has one."),
    "gtin": gettext_lazy("The number under the bar code: 8, 12, 13 or 14 digits."),
    "category": gettext_lazy("One of the categories of this agreement. Choose it from the list."),
    "unit": gettext_lazy("The code of the unit in which you sell. Choose it from the list; the sheet of lists names each."),
    "price": gettext_lazy("Of one sales unit, without VAT; up to six decimals."),
    "currency": gettext_lazy("The currency of the price."),
    "vat_percent": gettext_lazy("Percent of VAT. Choose it from the list."),
    "stock": gettext_lazy("Sales units that you can sell from now on. 0: none is left."),
    "min_order_qty": gettext_lazy("The fewest sales units of one order."),
    "lead_time_days": gettext_lazy("Days from the order to the delivery."),
    "warranty_months": gettext_lazy("Months of warranty; 0 if there is none."),
    "image_url": gettext_lazy("The address of a picture; it begins with https://."),
    "product_code": gettext_lazy("The code of the product's sheet in the catalogue, if you know it."),
    "pack_factor": gettext_lazy("Units of the sheet in one sales unit, for example 10 in a box of ten reams. Empty: one."),
}
EXAMPLES: tuple[dict[str, Any], ...] = (
    {
        "sku": "0012", "name": gettext_lazy("Bond paper A4, 75 g, ream of 500 sheets"),
        "description": gettext_lazy("White, 210 × 297 mm."), "brand": "Andina", "gtin": "7861000000017", "unit": "RM",
        "price": Decimal("3.12"), "stock": 500, "min_order_qty": 10, "lead_time_days": 3, "warranty_months": 0,
        "image_url": "https://www.ejemplo.ec/0012.jpg", "pack_factor": 1,
    },
    {
        "sku": "0013", "name": gettext_lazy("Ballpoint pen, blue"), "unit": "C62", "price": Decimal("0.215"), "stock": 12000,
        "min_order_qty": 50, "lead_time_days": 2, "warranty_months": 0,
    },
    {
        "sku": "IMP-7", "name": gettext_lazy("Laser printer, 40 pages per minute"), "brand": "Andina", "unit": "C62",
        "price": Decimal("289.90"), "stock": 15, "min_order_qty": 1, "lead_time_days": 8, "warranty_months": 24,
    },
)  # fmt: skip


@dataclass(frozen=True)
class Choices:
    """What may stand in four of the columns, under this agreement, on this day."""

    category: list[str]
    unit: list[str]
    currency: list[str]
    vat_percent: list[Decimal]

    def items(self) -> list[tuple[str, list]]:
        return [(name, getattr(self, name)) for name in ("category", "unit", "currency", "vat_percent")]


def choices_of(agreement: FrameworkAgreement, on: date) -> Choices:
    categories = mappings_of(agreement).order_by("file_category").values_list("file_category", flat=True)
    return Choices(list(categories), list(units()), [settings.CURRENCY], sorted(vat_rates_on(on).values(), reverse=True))


def template_book(rows: Iterable[list], *, choices: Choices, in_spanish: bool) -> Workbook:
    """`rows`: what stands already, with all columns in their order."""
    header = [column.spanish if in_spanish else column.name for column in COLUMNS]
    lists = _("Lists")
    book = Workbook(write_only=True)
    catalogue = _sheet(book, "Catalogo", header, rows, is_typed_in=True)
    for place, (name, values) in enumerate(choices.items(), 1):
        letter = get_column_letter(place)
        catalogue.data_validations.append(_choose(name, f"'{lists}'!${letter}$2:${letter}${len(values) + 1}"))
    _sheet(book, _("Dictionary"), [_("Column"), _("What it holds"), _("Required"), _("Example")], _dictionary(header, choices))
    _sheet(book, _("Examples"), header, _examples(choices))
    _sheet(book, lists, [_("Category"), _("Unit"), _("Currency"), _("VAT percent"), _("Name of the unit")], _lists(choices))
    return book


def _sheet(book: Workbook, title: str, header: list[str], rows: Iterable[list], *, is_typed_in: bool = False):
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for place in range(1, len(header) + 1):
        sheet.column_dimensions[get_column_letter(place)].width = WIDTH
    if is_typed_in:
        for name in AS_TEXT:
            sheet.column_dimensions[_letter(name)].number_format = "@"
    head = [literal(sheet, cell) for cell in header]
    for cell in head:
        cell.font = Font(bold=True)
    sheet.append(head)
    for row in rows:
        sheet.append([literal(sheet, value) for value in row])
    return sheet


def _choose(name: str, values: str) -> DataValidation:
    letter = _letter(name)
    rule = DataValidation("list", formula1=values, allow_blank=True, showErrorMessage=True, sqref=f"{letter}2:{letter}{LAST_ROW}")
    rule.errorTitle, rule.error = _("Not in the list"), _("Choose a value from the list.")
    return rule


def _letter(name: str) -> str:
    return get_column_letter(NAMES.index(name) + 1)


def _dictionary(header: list[str], choices: Choices) -> Iterator[list]:
    example = next(_examples(choices))
    for name, written, shown in zip(NAMES, header, example, strict=True):
        yield [written, HOLDS[name], _("Yes") if name in MUST else _("No"), shown]


def _examples(choices: Choices) -> Iterator[list]:
    chosen = {"category": choices.category[0], "currency": choices.currency[0], "vat_percent": choices.vat_percent[0]}
    return ([(chosen | example).get(name, "") for name in NAMES] for example in EXAMPLES)


def _lists(choices: Choices) -> Iterator[list]:
    """As columns beside each other, and the units' names."""
    columns = [*(values for _name, values in choices.items()), [units()[code].name() for code in choices.unit]]
    for place in range(max(map(len, columns))):
        yield [values[place] if place < len(values) else "" for values in columns]
