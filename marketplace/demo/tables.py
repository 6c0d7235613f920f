"""The tables that the demonstration is made from (`data/`), typed. Written here, in the words that people use."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import product
from pathlib import Path

from marketplace.kernel.law import table_rows

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Attribute:
    """A specification. `type`: text, integer, float, boolean or option."""

    code: str
    name: str
    type: str

    def typed(self, words: str) -> str | int | Decimal | bool:
        """«15,6» as a number; «sí» as true."""
        if self.type == "integer":
            return int(words)
        if self.type == "float":
            return Decimal(words.replace(",", "."))
        return words == "sí" if self.type == "boolean" else words


@dataclass(frozen=True)
class Kind:
    """A kind of sheet with its attributes, those that matter most first."""

    code: str
    name: str
    attributes: dict[str, Attribute]


@dataclass(frozen=True)
class Word:
    """One of the things that a specification may say. `factor`: what it does to the family's price."""

    text: str
    factor: Decimal


@dataclass(frozen=True)
class Pack:
    """`unit`: code of the sales unit; `factor`: base units in it."""

    unit: str
    factor: int


@dataclass(frozen=True)
class Family:
    """Sheets that differ in a few words. `price`: USD per base unit, net, from–to, before the words' factors.

    A word whose name is no attribute of the kind only enters the sheet's name.
    """

    name: str
    kind: str
    shelf: str
    cpc: str
    unit: str
    packs: tuple[Pack, ...]
    price: tuple[Decimal, Decimal]
    words: dict[str, tuple[Word, ...]]
    about: str

    def combinations(self) -> Iterator[dict[str, Word]]:
        """Every sheet of the family; the word named first changes last."""
        return (dict(zip(self.words, combination, strict=True)) for combination in product(*self.words.values()))


@dataclass(frozen=True)
class Group:
    """A shelf of the first level. `share`: percent of all listings."""

    code: str
    name: str
    drawing: str
    agreement: str
    share: int
    families: tuple[Family, ...]


@dataclass(frozen=True)
class Shelf:
    """A shelf of the second level, and what its listings have in common. `brands`: none for services."""

    code: str
    group: str
    name: str
    drawing: str
    lot: int
    vat: str
    lead_days: tuple[int, int]
    warranty_months: int
    brands: tuple[str, ...]


@dataclass(frozen=True)
class Lot:
    """`ceiling`: USD with VAT; `cover`: ec (the whole country) or continent; `trade`: the suppliers who won it."""

    agreement: str
    number: int
    name: str
    ceiling: Decimal
    cover: str
    trade: str


@dataclass(frozen=True)
class SupplierRow:
    ruc: str
    name: str
    canton: str
    trades: tuple[str, ...]


@dataclass(frozen=True)
class EntityRow:
    """`person`: who administers the entity's people and its budget."""

    ruc: str
    name: str
    canton: str
    units: tuple[str, ...]
    person: str


@cache
def groups() -> tuple[Group, ...]:
    return tuple(
        Group(
            row["code"],
            row["name"],
            row["drawing"],
            row["agreement"],
            int(row["share"]),
            tuple(_family(each) for each in rows_of(f"families/{row['code']}")),
        )
        for row in rows_of("groups")
    )


@cache
def kinds() -> dict[str, Kind]:
    found: dict[str, Kind] = {}
    for row in rows_of("kinds"):
        kind = found.setdefault(row["kind"], Kind(row["kind"], row["kind_name"], {}))
        kind.attributes[row["attribute"]] = Attribute(row["attribute"], row["attribute_name"], row["type"])
    return found


@cache
def shelves() -> dict[str, Shelf]:
    return {
        row["code"]: Shelf(
            row["code"],
            row["group"],
            row["name"],
            row["drawing"],
            int(row["lot"]),
            row["vat"],
            _range(row["lead_days"], int),
            int(row["warranty_months"]),
            tuple(row["brands"].split("|")) if row["brands"] else (),
        )
        for row in rows_of("shelves")
    }


@cache
def lots() -> dict[tuple[str, int], Lot]:
    """By agreement and number."""
    found = (
        Lot(row["agreement"], int(row["number"]), row["name"], Decimal(row["ceiling"]), row["cover"], row["trade"])
        for row in rows_of("lots")
    )
    return {(lot.agreement, lot.number): lot for lot in found}


@cache
def suppliers() -> tuple[SupplierRow, ...]:
    return tuple(SupplierRow(row["ruc"], row["name"], row["canton"], tuple(row["trades"].split())) for row in rows_of("suppliers"))


@cache
def entities() -> tuple[EntityRow, ...]:
    return tuple(
        EntityRow(row["ruc"], row["name"], row["canton"], tuple(row["units"].split(";")), row["person"])
        for row in rows_of("entities")
    )


def winners_of(lot: Lot) -> list[SupplierRow]:
    """The suppliers to whom a lot is adjudicated."""
    return [supplier for supplier in suppliers() if lot.trade in supplier.trades]


def rows_of(name: str) -> list[dict[str, str]]:
    return table_rows(DATA / f"{name}.csv")


def _family(row: dict[str, str]) -> Family:
    """`packs`: «RM:1 XBX:10»; `price`: «2.90-4.10»; `specs`: «formato=A4|A3*1.95; color=blanco»."""
    packs = (pack.split(":") for pack in row["packs"].split())
    specs = (spec.strip().split("=") for spec in row["specs"].split(";"))
    return Family(
        row["name"],
        row["kind"],
        row["shelf"],
        row["cpc"],
        row["unit"],
        tuple(Pack(unit, int(factor)) for unit, factor in packs),
        _range(row["price"], Decimal),
        {code: tuple(map(_word, values.split("|"))) for code, values in specs},
        row["about"],
    )


def _word(written: str) -> Word:
    text, _, factor = written.partition("*")
    return Word(text, Decimal(factor or 1))


def _range(written: str, number: type) -> tuple:
    low, high = written.split("-")
    return number(low), number(high)
