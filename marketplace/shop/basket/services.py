"""Putting listings into the cart and taking them out. The price is never sent by the page: it is read from the listing."""

from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from marketplace.kernel.errors import Broken, refuse
from marketplace.registry.models import Membership
from marketplace.shop.partner.models import StockRecord
from marketplace.shop.partner.rules import Demand, reasons_not_orderable

from .models import Basket, Line


@transaction.atomic
def basket_add(*, listing: StockRecord, quantity: int, actor: Membership, at: datetime) -> Line:
    """Put a quantity of this very offer into the actor's cart, on top of what is there.

    Raises RuleBroken (a code of `partner.rules.reasons_not_orderable`, ``quantity_not_positive``).
    """
    basket = basket_open(actor)
    line = basket.lines.filter(stockrecord=listing).first()
    return _line_save(line or _new_line(basket, listing), listing, quantity + (line.quantity if line else 0), at)


@transaction.atomic
def basket_line_set(*, line: Line, quantity: int, at: datetime) -> Line:
    """Change the quantity of a line; it takes today's price as seen."""
    refuse_if_frozen(line.basket)
    listing = StockRecord.objects.with_terms().with_refusal(localdate(at)).get(pk=line.stockrecord_id)
    return _line_save(line, listing, quantity, at)


@transaction.atomic
def basket_line_remove(*, line: Line) -> None:
    refuse_if_frozen(line.basket)
    line.delete()


def basket_open(membership: Membership) -> Basket:
    """The cart that is open, or a new one."""
    basket, _ = Basket.objects.get_or_create(membership=membership, status=Basket.OPEN, defaults={"owner_id": membership.user_id})
    return basket


def refuse_if_frozen(basket: Basket) -> None:
    if not basket.can_be_edited:
        refuse([Broken("cart_is_frozen")])


def _new_line(basket: Basket, listing: StockRecord) -> Line:
    return Line(basket=basket, product_id=listing.product_id, stockrecord=listing, line_reference=str(listing.pk))


def _line_save(line: Line, listing: StockRecord, quantity: int, at: datetime) -> Line:
    if quantity < 1:
        refuse([Broken("quantity_not_positive")])
    refuse(reasons_not_orderable(listing, Demand(quantity)))
    line.quantity = quantity
    line.price_excl_tax, line.price_currency, line.tax_code = listing.price, listing.price_currency, listing.vat_category
    line.save()
    return line
