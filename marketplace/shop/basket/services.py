"""Putting listings into the cart and taking them out. The price is never sent by the page: it is read from the listing.

Each locks the cart first: two presses at once both count, and a cart that is being sent no longer changes.
"""

from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from marketplace.kernel.errors import Broken, refuse
from marketplace.kernel.sets import fetch
from marketplace.registry.models import Membership
from marketplace.shop.partner.models import StockRecord
from marketplace.shop.partner.rules import Demand, reasons_not_orderable

from .models import Basket, Line

OF_THE_OFFER = ["quantity", "price_excl_tax", "price_currency", "tax_code"]
ADD = """
INSERT INTO basket_line AS held (
    basket_id, line_reference, product_id, stockrecord_id, quantity, price_excl_tax, price_currency, tax_code,
    date_created, date_updated
) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, now(), now())
ON CONFLICT (basket_id, line_reference) DO UPDATE SET
    quantity = held.quantity + excluded.quantity, price_excl_tax = excluded.price_excl_tax,
    price_currency = excluded.price_currency, tax_code = excluded.tax_code, date_updated = now()
RETURNING id, quantity
"""


@transaction.atomic
def basket_add(*, listing: StockRecord, quantity: int, actor: Membership, at: datetime) -> Line:
    """Put a quantity of this very offer into the actor's cart, on top of what is there.

    Raises RuleBroken (a code of `partner.rules.reasons_not_orderable`, ``quantity_not_positive``) and then adds nothing.
    """
    if quantity < 1:
        refuse([Broken("quantity_not_positive")])
    basket = basket_open(actor)
    line = Line(basket=basket, product_id=listing.product_id, stockrecord=listing, line_reference=str(listing.pk))
    _offer_into(line, listing, quantity)
    values = (basket.pk, line.line_reference, line.product_id, listing.pk, *(getattr(line, name) for name in OF_THE_OFFER))
    [(line.pk, line.quantity)] = fetch(ADD, values)
    refuse(reasons_not_orderable(listing, Demand(line.quantity)))
    return line


@transaction.atomic
def basket_line_set(*, line: Line, quantity: int, at: datetime) -> Line:
    """Change the quantity of a line; it takes today's price as seen.

    Raises RuleBroken (``cart_is_frozen``, ``cart_line_gone``, ``quantity_not_positive``, codes of `partner.rules`).
    """
    line = _held(line)
    if quantity < 1:
        refuse([Broken("quantity_not_positive")])
    listing = StockRecord.objects.with_terms().with_refusal(localdate(at)).get(pk=line.stockrecord_id)
    refuse(reasons_not_orderable(listing, Demand(quantity)))
    _offer_into(line, listing, quantity)
    line.save(update_fields=OF_THE_OFFER)
    return line


@transaction.atomic
def basket_line_remove(*, line: Line) -> None:
    """Raises RuleBroken (``cart_is_frozen``, ``cart_line_gone``)."""
    _held(line).delete()


def basket_open(membership: Membership) -> Basket:
    """The cart that is open, or a new one, locked."""
    carts = Basket.objects.select_for_update()
    return carts.get_or_create(membership=membership, status=Basket.OPEN, defaults={"owner_id": membership.user_id})[0]


def _held(line: Line) -> Line:
    """The line as it stands once its cart is locked."""
    basket = Basket.objects.select_for_update().get(pk=line.basket_id)
    if not basket.can_be_edited:
        refuse([Broken("cart_is_frozen")])
    found = Line.objects.filter(pk=line.pk, basket=basket).first()
    if found is None:
        refuse([Broken("cart_line_gone")])
    found.basket = basket
    return found


def _offer_into(line: Line, listing: StockRecord, quantity: int) -> None:
    """Let the line ask for this quantity at the offer's price of now."""
    line.quantity = quantity
    line.price_excl_tax, line.price_currency, line.tax_code = listing.price, listing.price_currency, listing.vat_category
