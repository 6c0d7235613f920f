"""What can be counted and chosen beside the results, and how counts are read from what engines answer."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import pairwise

from .port import MICRO_DOLLARS, WHOLE_COUNTRY, Query

CATEGORY, SUPPLIER, BRAND, PRICE, CANTON = FACETS = ("category", "supplier", "brand", "price", "canton")

PRICE_STEPS = (1, 5, 20, 100, 500)  # USD per base unit: where one range ends and the next begins


def without(query: Query, facet: str) -> Query:
    """The query as if nothing were chosen in this facet: what its counts are counted over."""
    fields = {CATEGORY: "categories", SUPPLIER: "suppliers", BRAND: "brands", PRICE: "price_ranges", CANTON: "canton"}
    return replace(query, **{fields[facet]: "" if facet == CANTON else ()})


def price_ranges() -> dict[str, tuple[int | None, int | None]]:
    """«5-20» → from 5 on, below 20; «-1» and «500-» are open. In millionths of a dollar."""
    ends = (None, *PRICE_STEPS, None)
    pairs = pairwise(ends)
    return {f"{low or ''}-{high or ''}": (low and low * MICRO_DOLLARS, high and high * MICRO_DOLLARS) for low, high in pairs}


def most_first(counts: Mapping[str, int]) -> dict[str, int]:
    """The values that something has, in the order in which they are shown."""
    counted = ((value, count) for value, count in counts.items() if count)
    return dict(sorted(counted, key=lambda each: (-each[1], each[0])))


def by_canton(places: Mapping[str, int], cantons: Iterable[str]) -> dict[str, int]:
    """Entries by place → sheets by canton: what goes to the province or to the whole country goes to the canton."""
    everywhere = places.get(WHOLE_COUNTRY, 0)
    return {canton: everywhere + places.get(canton[:2], 0) + places.get(canton, 0) for canton in cantons}
