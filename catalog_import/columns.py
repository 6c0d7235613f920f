"""The layout of a supplier's file: fifteen columns, two more that may be there, each known in English and in Spanish.

A file without the columns that say what a product is (`DESCRIBES`) is a price update: it changes the terms that it names of
offers that stand, and a term that it does not name stays.
"""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from marketplace.kernel.text import fold


@dataclass(frozen=True)
class Column:
    """`name`: as issues and staged rows call it. `spanish`: its other name in files. `longest`: characters, if limited."""

    name: str
    spanish: str
    longest: int | None = None
    is_optional: bool = False


COLUMNS = (
    Column("sku", "codigo", 128),
    Column("name", "nombre", 255),
    Column("description", "descripcion", 5000),
    Column("brand", "marca", 120),
    Column("gtin", "gtin"),
    Column("category", "categoria", 120),
    Column("unit", "unidad"),
    Column("price", "precio"),
    Column("currency", "moneda"),
    Column("vat_percent", "iva_porcentaje"),
    Column("stock", "existencias"),
    Column("min_order_qty", "cantidad_minima"),
    Column("lead_time_days", "plazo_entrega_dias"),
    Column("warranty_months", "garantia_meses"),
    Column("image_url", "url_imagen", 500),
    Column("product_code", "ficha", is_optional=True),
    Column("pack_factor", "contenido", is_optional=True),
)
NAMES = tuple(column.name for column in COLUMNS)
REQUIRED = tuple(column.name for column in COLUMNS if not column.is_optional)
DESCRIBES = ("name", "description", "brand", "category", "unit")
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
