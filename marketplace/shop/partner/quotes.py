"""The offers of a sheet for a place and a quantity: what each comes to there, and why the others cannot be had."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.kernel.errors import Broken
from marketplace.registry.places import canton_name
from marketplace.shop.catalogue.models import Product
from marketplace.shop.catalogue.units import packs_for

from .offers import OfferAsked, offers_asked
from .rules import Demand, reasons_not_orderable
from .totals import PricedLine, Totals, document_totals
from .vat import vat_rates_on

WHY_NOT = {
    "below_minimum": gettext_lazy("They are sold from a larger quantity on"),
    "not_enough_stock": gettext_lazy("Not enough is left"),
}


@dataclass(frozen=True)
class Quote:
    """An offer for a quantity of packs, delivered. Freight is in its price: no agreement prices it apart. `on`: the day."""

    offer: OfferAsked
    quantity: int
    on: date

    @cached_property
    def totals(self) -> Totals:
        category = self.offer.vat_category
        line = PricedLine(self.offer.price, self.quantity, category, vat_rates_on(self.on)[category])
        return document_totals([line])

    @property
    def in_words(self) -> str:
        return self.offer.in_words(self.quantity)

    @property
    def order_of_totals(self) -> tuple[Decimal, Decimal, int, int]:
        return self.totals.gross, self.offer.base_price, self.offer.lead_time_days, self.offer.pk


@dataclass(frozen=True)
class ClosedOffer:
    """An offer that cannot be had as it is asked for."""

    offer: OfferAsked
    why: Broken


@dataclass(frozen=True)
class Offers:
    """Offers of a sheet: `open`, the best first by the rule; `closed`, each with its reason.

    `base_units`: how many are wanted, if that was said. `canton`: where.
    """

    open: list[Quote]
    closed: list[ClosedOffer]
    canton: str = ""
    base_units: int | None = None

    @property
    def best(self) -> Quote | None:
        return self.open[0] if self.open else None

    @cached_property
    def lowest_total(self) -> Quote | None:
        """The offer that costs least for the quantity, when the rule puts another first: packs are sold whole."""
        if self.base_units is None or not self.open:
            return None
        lowest = min(self.open, key=lambda quote: quote.order_of_totals)
        return lowest if lowest.totals.gross < self.open[0].totals.gross else None

    @property
    def closed_groups(self) -> list[tuple[str, list[ClosedOffer]]]:
        """What cannot be had, by reason; first what does not go to the place."""
        groups: dict[str, list[ClosedOffer]] = {self._why_not("does_not_deliver"): []}
        for offer in self.closed:
            groups.setdefault(self._why_not(offer.why.code), []).append(offer)
        return [(title, offers) for title, offers in groups.items() if offers]

    def _why_not(self, code: str) -> str:
        if code == "does_not_deliver":
            return _("They do not deliver in {canton}").format(canton=canton_name(self.canton))
        return str(WHY_NOT.get(code) or _("They are not on sale now"))


def offers_for_product(product: Product, *, on: date, canton: str = "", base_units: int | None = None) -> Offers:
    """Every offer of a sheet, in one query: those that can be bought (for this place and quantity), and the others.

    The order is the rule's (`querysets.BEST_FIRST`), whatever the quantity. Without one, each is asked its own least.
    """
    open_, closed = [], []
    for offer in offers_asked(product.pk, on=on, canton=canton):
        quantity = packs_for(base_units, offer.pack_factor) if base_units else offer.minimum_quantity
        broken = reasons_not_orderable(offer, Demand(quantity, canton))
        if broken:
            closed.append(ClosedOffer(offer, broken[0]))
        else:
            open_.append(Quote(offer, quantity, on))
    return Offers(open_, closed, canton, base_units)
