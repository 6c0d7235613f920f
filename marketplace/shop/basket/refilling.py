"""Buying again: what a list, a cart put aside, a requisition or an order held, at the prices of now, with all that has changed.

Whoever buys again confirms what changed; the amount that was read is the one that goes into the cart, or nothing does.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.timezone import localdate

from marketplace.kernel.errors import Broken, refuse
from marketplace.kernel.money import line_net
from marketplace.registry.models import Membership
from marketplace.shop.partner.models import StockRecord
from marketplace.shop.partner.rules import Demand, reasons_not_orderable
from marketplace.shop.partner.selectors import listings_asked

from .services import Wish, basket_add_all

ZERO = Decimal("0.00")


@dataclass(frozen=True)
class Wanted:
    """A line to buy again. `quantity`: packs; `price_then`: USD per pack, net."""

    listing_id: int
    quantity: int
    price_then: Decimal


@dataclass(frozen=True)
class RefillLine:
    """A line at the price of now. `broken`: why it cannot be bought as it was."""

    listing: StockRecord
    quantity: int
    price_then: Decimal
    broken: list[Broken]

    @property
    def has_new_price(self) -> bool:
        return self.price_then != self.listing.price

    @property
    def net_then(self) -> Decimal:
        return line_net(self.price_then, self.quantity)

    @property
    def net(self) -> Decimal:
        return line_net(self.listing.price, self.quantity)

    @property
    def in_words(self) -> str:
        return self.listing.in_words(self.quantity)


@dataclass(frozen=True)
class Refill:
    lines: list[RefillLine]

    @property
    def buyable(self) -> list[RefillLine]:
        return [line for line in self.lines if not line.broken]

    @property
    def left_out(self) -> list[RefillLine]:
        return [line for line in self.lines if line.broken]

    @property
    def price_changes(self) -> list[RefillLine]:
        return [line for line in self.buyable if line.has_new_price]

    @property
    def has_changes(self) -> bool:
        return bool(self.left_out or self.price_changes)

    @property
    def net(self) -> Decimal:
        """USD, of what can be bought."""
        return sum((line.net for line in self.buyable), ZERO)

    @property
    def net_then(self) -> Decimal:
        """USD, of the same lines at their price of then."""
        return sum((line.net_then for line in self.buyable), ZERO)


def refill_of(wanted: Iterable[Wanted], *, on: date, canton: str) -> Refill:
    """One query, whatever the number of lines."""
    wanted = list(wanted)
    found = listings_asked((each.listing_id for each in wanted), on=on, canton=canton)
    return Refill([_line(found[each.listing_id], each, canton) for each in wanted])


def _line(listing: StockRecord, each: Wanted, canton: str) -> RefillLine:
    broken = reasons_not_orderable(listing, Demand(each.quantity, canton))
    return RefillLine(listing, each.quantity, each.price_then, broken)


@transaction.atomic
def basket_refill(*, wanted: Iterable[Wanted], net_seen: Decimal, canton: str, actor: Membership, at: datetime) -> Refill:
    """Put what can be bought into the actor's cart, on top of what is there.

    `net_seen`: USD, what the page said that it comes to. Raises RuleBroken (``nothing_to_add``, ``refill_changed``, codes of
    `partner.rules`) and then adds nothing.
    """
    refill = refill_of(wanted, on=localdate(at), canton=canton)
    if not refill.buyable:
        refuse([Broken("nothing_to_add")])
    if refill.net != net_seen:
        refuse([Broken("refill_changed", now=refill.net, seen=net_seen)])
    basket_add_all(wishes=[Wish(line.listing, line.quantity) for line in refill.buyable], actor=actor)
    return refill
