"""The layout of a supplier's file: fifteen columns, two more that may be there, each known in English and in Spanish.

A file without the columns that say what a product is (`DESCRIBES`) is a price update: it changes the terms that it names of
offers that stand, and a term that it does not name stays.
"""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from openpyxl.utils import get_column_letter

from marketplace.kernel.errors import Broken
from marketplace.kernel.text import fold


@dataclass(frozen=True)
class Column:
    """`name`: as issues and staged rows call it. `spanish`: its other name in files. `longest`: characters, if limited.

    `label`: as pages call it.
    """

    name: str
    spanish: str
    label: Any
    longest: int | None = None
    is_optional: bool = False


COLUMNS = (
    Column("sku", "codigo", _("Your code"), 128),
    Column("name", "nombre", _("Name"), 255),
    Column("description", "descripcion", _("Description"), 5000),
    Column("brand", "marca", _("Brand"), 120),
    Column("gtin", "gtin", _("GTIN")),
    Column("category", "categoria", _("Category"), 120),
    Column("unit", "unidad", _("Sales unit")),
    Column("price", "precio", _("Price")),
    Column("currency", "moneda", _("Currency")),
    Column("vat_percent", "iva_porcentaje", _("VAT percent")),
    Column("stock", "existencias", _("Stock")),
    Column("min_order_qty", "cantidad_minima", _("Minimum quantity")),
    Column("lead_time_days", "plazo_entrega_dias", _("Delivery time in days")),
    Column("warranty_months", "garantia_meses", _("Warranty in months")),
    Column("image_url", "url_imagen", _("Picture"), 500),
    Column("product_code", "ficha", _("Code of the sheet"), is_optional=True),
    Column("pack_factor", "contenido", _("Contents of the pack"), is_optional=True),
)
NAMES = tuple(column.name for column in COLUMNS)
REQUIRED = tuple(column.name for column in COLUMNS if not column.is_optional)
DESCRIBES = ("name", "description", "brand", "category", "unit")
LABELS = {column.name: column.label for column in COLUMNS}
UPDATES = ("price", "stock", "min_order_qty", "lead_time_days", "warranty_months", "vat_percent", "image_url")
LONGEST = {column.name: column.longest for column in COLUMNS if column.longest}

_known_as = {fold(written): column.name for column in COLUMNS for written in (column.name, column.spanish)}


@dataclass(frozen=True)
class Header:
    """The first line of a file. `places`: column → its place in a row. `written`: column → as the file writes it."""

    width: int
    places: dict[str, int]
    written: dict[str, str]
    unused: list[str]
    doubled: list[str]

    @property
    def is_update(self) -> bool:
        return updates(self.places)

    @property
    def missing(self) -> list[str]:
        """The columns without which the file cannot be read: of a price update none."""
        return [] if self.is_update else [name for name in REQUIRED if name not in self.places]


def updates(columns: Collection[str]) -> bool:
    """Whether a file with these columns is a price update."""
    describes, changes = (any(name in columns for name in names) for names in (DESCRIBES, UPDATES))
    return "sku" in columns and changes and not describes


def read_header(cells: list[str]) -> Header:
    """Find our columns among the first line's cells, in whatever order, language and spelling («Código», «CODIGO»)."""
    names = [_known_as.get(fold(cell)) for cell in cells]
    places = {name: place for place, name in enumerate(names) if name}
    return Header(
        width=len(cells),
        places=places,
        written={name: cells[place].strip() for name, place in places.items()},
        unused=[cell.strip() for cell, name in zip(cells, names, strict=True) if not name and cell.strip()],
        doubled=[cells[names.index(name)].strip() for name, count in Counter(names).items() if name and count > 1],
    )


def header_with(cells: list[str], places: dict[str, int]) -> Header:
    """A first line whose columns somebody has named. One that has no name in the file is called by its letter."""
    found = {name: place for name, place in places.items() if place < len(cells)}
    used = set(found.values())
    return Header(
        width=len(cells),
        places=found,
        written={name: cells[place].strip() or get_column_letter(place + 1) for name, place in found.items()},
        unused=[cell.strip() for place, cell in enumerate(cells) if place not in used and cell.strip()],
        doubled=[],
    )


def reasons_not_a_layout(places: dict[str, int]) -> list[Broken]:
    """Why a file cannot be read with these columns: one serves twice, or one is missing."""
    broken = []
    for name, place in places.items():
        first = next(other for other, taken in places.items() if taken == place)
        if first != name:
            letter = get_column_letter(place + 1)
            broken.append(Broken("column_used_twice", field=name, letter=letter, other=str(LABELS[first])))
    if not updates(places):
        broken += [Broken("column_not_said", field=name, column=str(LABELS[name])) for name in REQUIRED if name not in places]
    return broken
