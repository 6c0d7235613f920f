"""From families to sheets: as many as are asked for, named as people name them, the same for a seed."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import count, product, zip_longest
from math import prod
from random import Random

from stdnum import ean

from marketplace.registry.places import cantons

from .tables import Family, Group, Shelf, Word, shelves

BRAND_STARTS = ("Andi", "Kuri", "Lito", "Mira", "Nina", "Pacha", "Quin", "Rumi", "Samay", "Tupa", "Urku", "Wayra")
BRAND_ENDS = ("bel", "dor", "fer", "lux", "mar", "nova", "pac", "sol", "tec", "val", "ven", "zur")
SHARE_WITH_GTIN = 0.5


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet to be written. `words`: what its specifications say, by code; `factor`: their effect on the price."""

    family: Family
    title: str
    words: dict[str, str]
    factor: Decimal
    brand: str
    gtin: str | None

    @property
    def shelf(self) -> Shelf:
        return shelves()[self.family.shelf]


def sheets_of(group: Group, rng: Random, numbers: Iterator[int]) -> Iterator[Sheet]:
    """Without end: every combination once, then all of them again for each brand (a service: for each canton).

    `numbers`: running numbers for GTINs, which about half of the goods have; those are of a brand.
    """
    for edition in count():
        for family, words in _combinations(group):
            shelf = shelves()[family.shelf]
            has_gtin = bool(shelf.brands) and rng.random() < SHARE_WITH_GTIN
            brand, suffix = _edition(shelf, edition)
            if has_gtin and not brand:
                brand = rng.choice(shelf.brands)
            yield _sheet(family, words, suffix, brand, gtin(next(numbers)) if has_gtin else None)


def gtin(number: int) -> str:
    """A valid EAN-13 of the range that is kept for use within a house (200–299), with the leading zero of a GTIN-14."""
    digits = f"2{number:011d}"
    return f"0{digits}{ean.calc_check_digit(digits)}"


def _combinations(group: Group) -> Iterator[tuple[Family, dict[str, Word]]]:
    """The first sheet of each family, then the second of each …: a small catalogue has something of everything."""
    for round_ in zip_longest(*(family.combinations() for family in group.families)):
        yield from ((family, words) for family, words in zip(group.families, round_, strict=True) if words is not None)


def _edition(shelf: Shelf, edition: int) -> tuple[str, str]:
    """Brand and what is added to the name; nothing in the first edition."""
    if edition == 0:
        return "", ""
    names = _brands(shelf.brands) if shelf.brands else _cantons()
    series, place = divmod(edition - 1, len(names))
    name = f"{names[place]} {series + 1}" if series else names[place]
    return (name, f", marca {name}") if shelf.brands else ("", f", cantón {name}")


@cache
def _brands(first: tuple[str, ...]) -> list[str]:
    return [*first, *(start + end for start, end in product(BRAND_STARTS, BRAND_ENDS))]


@cache
def _cantons() -> list[str]:
    return [str(canton) for canton in cantons().values()]


def _sheet(family: Family, words: dict[str, Word], suffix: str, brand: str, number: str | None) -> Sheet:
    texts = {code: word.text for code, word in words.items()}
    factor = prod((word.factor for word in words.values()), start=Decimal(1))
    return Sheet(family, family.name.format(**texts) + suffix, texts, factor, brand, number)
