"""Units of measure, a code list of `law/` (UN/ECE Recommendations 20 and 21)."""

from dataclasses import dataclass
from functools import cache

from django.utils.translation import get_language

from marketplace.kernel.law import law_rows
from marketplace.kernel.screens.shown import number_text


@dataclass(frozen=True)
class Unit:
    """A code and its names; `names`: (singular, plural) by language."""

    code: str
    names: dict[str, tuple[str, str]]

    def name(self, count: int = 1) -> str:
        singular, plural = self.names.get((get_language() or "es")[:2], self.names["es"])
        return singular if count == 1 else plural


@cache
def units() -> dict[str, Unit]:
    languages = ("es", "en")
    return {
        row["code"]: Unit(row["code"], {each: (row[f"singular_{each}"], row[f"plural_{each}"]) for each in languages})
        for row in law_rows("units")
    }


def unit_name(code: str, count: int = 1) -> str:
    """«resma», «resmas»; the code itself when it is not in the list."""
    return units()[code].name(count) if code in units() else code


def pack_name(sales_unit: str, pack_factor: int, base_unit: str) -> str:
    """«caja × 10 resmas»; «resma» when the pack is the thing itself."""
    if pack_factor == 1:
        return unit_name(sales_unit)
    return f"{unit_name(sales_unit)} × {pack_factor} {unit_name(base_unit, pack_factor)}"


def quantity_in_words(quantity: int, sales_unit: str, pack_factor: int, base_unit: str) -> str:
    """«500 resmas»; «50 cajas × 10 resmas = 500 resmas». `quantity`: packs."""
    packs = f"{number_text(quantity)} {unit_name(sales_unit, quantity)}"
    if pack_factor == 1:
        return packs
    inside, all_of_it = (f"{number_text(n)} {unit_name(base_unit, n)}" for n in (pack_factor, quantity * pack_factor))
    return f"{packs} × {inside} = {all_of_it}"


def packs_for(base_units: int, pack_factor: int) -> int:
    """The fewest packs that hold so many base units."""
    return -(-base_units // pack_factor)
