"""The sheets of a result page as they are shown, with the best offer of each: a handful of queries for any number."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from marketplace.kernel.screens.shown import amount_text, number_text
from marketplace.registry.places import cantons
from marketplace.shop.catalogue.models import DRAWINGS, ProductAttributeValue
from marketplace.shop.catalogue.selectors import drawings_of
from marketplace.shop.partner.offers import BestOffer, best_offers

SPECIFICATIONS = 3
ENDS_SOON = 30  # days before its end from which an agreement is marked
VALUES = {kind: f"value_{kind}" for kind in ("text", "integer", "float", "boolean")} | {"option": "value_option__option"}


@dataclass(frozen=True)
class Card:
    """`offer`: the best at the place asked for. `days_left`: of its agreement, when it ends soon."""

    offer: BestOffer
    specifications: str
    drawing: str
    note: str
    days_left: int | None

    @property
    def pack(self) -> str:
        """With its price, where it holds more than the unit that the price beside is for."""
        if self.offer.pack_factor == 1:
            return self.offer.pack
        price = amount_text(self.offer.price, is_unit_price=True)
        return _("{pack} at USD {price}").format(pack=self.offer.pack, price=price)

    @property
    def price_note(self) -> str:
        return _("per {unit}, without VAT").format(unit=self.offer.base_unit_name)

    @property
    def ends(self) -> str:
        """Empty while there is time."""
        days = self.days_left
        return "" if days is None else ngettext("Agreement ends in {n} day", "Agreement ends in {n} days", days).format(n=days)


def cards_of(product_ids: list[int], *, on: date, canton: str) -> list[Card]:
    """In the same order; without those that went off sale since they were indexed."""
    offers = best_offers(product_ids, on=on, canton=canton)
    drawings, specifications = drawings_of(product_ids), specifications_of(product_ids)
    return [
        Card(
            offer=offers[key],
            specifications=" · ".join(specifications[key]),
            drawing=drawings.get(key, DRAWINGS[0]),
            note=note_of(offers[key], canton),
            days_left=days_left(offers[key], on),
        )
        for key in product_ids
        if key in offers
    ]


def specifications_of(product_ids: Iterable[int]) -> dict[int, list[str]]:
    """The first attributes of each sheet in a word or two, in one query."""
    values = ProductAttributeValue.objects.filter(product__in=product_ids).order_by("product_id", "attribute_id")
    found = defaultdict(list)
    for product_id, kind, name, *value in values.values_list("product", "attribute__type", "attribute__name", *VALUES.values()):
        words = in_words(kind, name, dict(zip(VALUES, value, strict=True)).get(kind))
        if words and len(found[product_id]) < SPECIFICATIONS:
            found[product_id].append(words)
    return found


def in_words(kind: str, name: str, value: Any) -> str:
    """«acero» as it stands, «Páginas por minuto: 22» with its name; a yes is the name alone, a no is nothing."""
    if value is None or kind == "boolean":
        return name if value else ""
    if kind in ("text", "option"):
        return value
    return f"{name}: {number_text(Decimal(str(value)), 0 if value == int(value) else 2)}"


def note_of(offer: BestOffer, canton: str) -> str:
    """«7 ofertas · 3 días en Loja»."""
    offers = ngettext("{n} offer", "{n} offers", offer.offer_count).format(n=offer.offer_count)
    days = _("{days} to {canton}").format(days=offer.days, canton=cantons()[canton].name) if canton else offer.days
    return f"{offers} · {days}"


def days_left(offer: BestOffer, on: date) -> int | None:
    days = (offer.agreement_until - on).days
    return days if days < ENDS_SOON else None
