"""When a listing may be ordered, and at what price it may be offered. Facts in, broken rules out."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from marketplace.kernel.errors import Broken
from marketplace.registry.places import canton_name

from .models import StockRecord
from .offers import OfferAsked

STEEP_FALL = 20  # percent
LARGEST_WHOLE = 999_999_999
LARGEST_SMALL = 32_767


@dataclass(frozen=True)
class Bounds:
    least: int
    most: int


# of the terms that are whole numbers; the import judges its cells by the same
BOUNDS = {
    "stock": Bounds(0, LARGEST_WHOLE),
    "minimum_quantity": Bounds(1, LARGEST_WHOLE),
    "lead_time_days": Bounds(0, LARGEST_SMALL),
    "warranty_months": Bounds(0, LARGEST_SMALL),
}


@dataclass(frozen=True)
class Demand:
    """What someone wants of a listing. `canton`: where it is to be delivered, if known."""

    quantity: int
    canton: str = ""


def reasons_not_orderable(listing: StockRecord | OfferAsked, demand: Demand) -> list[Broken]:
    """Every reason at once. `listing`: with its terms, `refusal` and, if the canton is known, `delivers`."""
    found: list[tuple[str, dict[str, Any]]] = [(listing.refusal, {})] if listing.refusal else []
    if demand.canton and not listing.delivers:
        found.append(("does_not_deliver", {"canton": canton_name(demand.canton)}))
    if demand.quantity < listing.minimum_quantity:
        found.append(("below_minimum", {"minimum": listing.minimum_quantity}))
    if demand.quantity > listing.left:
        found.append(("not_enough_stock", {"left": int(listing.left), "asked": demand.quantity}))
    return [Broken(code, **facts, **words_about(listing)) for code, facts in found]


def words_about(listing: StockRecord | OfferAsked) -> dict[str, str]:
    return {
        "name": listing.title,
        "supplier": listing.supplier_name,
        "lot": listing.lot_name,
        "agreement": listing.agreement_code,
    }


def reasons_not_these_terms(terms: Mapping[str, int]) -> list[Broken]:
    """`terms`: those of `BOUNDS` that are to change. A minimum above the stock is none: stock is sold down to it every day."""
    broken = []
    for term, value in terms.items():
        if value < BOUNDS[term].least:
            broken.append(Broken("number_too_small", field=term, least=BOUNDS[term].least))
        if value > BOUNDS[term].most:
            broken.append(Broken("number_too_large", field=term, most=BOUNDS[term].most))
    return broken


# The price rules of an agreement, as SQL over a row that is offered (`price`, `pack_factor`), the listing that stands, if
# any, and its adjudicated item. The import judges whole files with them; `reasons_not_at_this_price` is a set of one.
PRICE_RULES = {
    "price_rise": "{listing}.price IS NOT NULL AND {row}.price > {listing}.price",
    "price_over_ceiling": "{item}.ceiling_price IS NOT NULL AND {row}.price / {row}.pack_factor > {item}.ceiling_price",
}


def reasons_not_a_new_price(price: Decimal, listing: StockRecord) -> list[Broken]:
    """`price`: USD per sales unit, net."""
    if price == listing.price:
        return [Broken("price_same", current=listing.price)]
    return reasons_not_at_this_price(price, listing)


def falls_steeply(price: Decimal, before: Decimal) -> bool:
    """So far that it may be a slip of the pen; a price that has fallen does not rise again."""
    return price < before * (100 - STEEP_FALL) / 100


def reasons_not_at_this_price(price: Decimal, listing: StockRecord) -> list[Broken]:
    """`price`: USD per sales unit, net."""
    broken = []
    if price > listing.price:
        broken.append(Broken("price_rise", current=listing.price))
    ceiling = listing.adjudicated_item.ceiling_price.amount
    if price / listing.pack_factor > ceiling:
        broken.append(Broken("price_over_ceiling", ceiling=ceiling, unit=listing.product.base_unit_name))
    return broken
