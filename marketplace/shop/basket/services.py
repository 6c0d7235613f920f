"""Putting listings into the cart and taking them out. The price is never sent by the page: it is read from the listing.

Each locks the cart first: two presses at once both count, and a cart that is being sent no longer changes.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.timezone import localdate

from marketplace.kernel.errors import Broken, refuse
from marketplace.kernel.sets import fetch
from marketplace.registry.models import Membership
from marketplace.shop.partner.models import StockRecord
from marketplace.shop.partner.rules import Demand, reasons_not_orderable
from marketplace.shop.partner.selectors import listings_asked

from .models import Basket, Line

OF_THE_OFFER = ["quantity", "price_excl_tax", "price_currency", "tax_code"]
ADD = """
INSERT INTO basket_line AS held (
    basket_id, line_reference, product_id, stockrecord_id, quantity, price_excl_tax, price_currency, tax_code,
    date_created, date_updated
)
SELECT %s, wished.id::text, product_id, wished.id, quantity, price, price_currency, vat_category, now(), now()
FROM unnest(%s::bigint[], %s::bigint[], %s::integer[], %s::numeric[], %s::text[], %s::text[])
    AS wished (id, product_id, quantity, price, price_currency, vat_category)
ORDER BY wished.id
ON CONFLICT (basket_id, line_reference) DO UPDATE SET
    quantity = held.quantity + excluded.quantity, price_excl_tax = excluded.price_excl_tax,
    price_currency = excluded.price_currency, tax_code = excluded.tax_code, date_updated = now()
RETURNING stockrecord_id, held.id, quantity
"""


@dataclass(frozen=True)
class Wish:
    """So many packs of this very offer. `listing`: with its terms and `refusal`."""

    listing: StockRecord
    quantity: int


def basket_add(*, listing: StockRecord, quantity: int, actor: Membership, at: datetime) -> Line:
    """Put a quantity of this very offer into the actor's cart, on top of what is there.

    Raises RuleBroken (a code of `partner.rules.reasons_not_orderable`, ``quantity_not_positive``) and then adds nothing.
    """
    [line] = basket_add_all(wishes=[Wish(listing, quantity)], actor=actor)
    return line


@transaction.atomic
def basket_add_all(*, wishes: list[Wish], actor: Membership) -> list[Line]:
    """Put several offers into the actor's cart, in one statement; each offer at most once.

    Raises RuleBroken, with every reason (codes of `partner.rules`, ``quantity_not_positive``), and then adds nothing.
    """
    if any(wish.quantity < 1 for wish in wishes):
        refuse([Broken("quantity_not_positive")])
    basket = basket_open(actor)
    columns = zip(*((w.listing.pk, w.listing.product_id, w.quantity, *_offer_of(w.listing)) for w in wishes), strict=True)
    held = {listing_id: rest for listing_id, *rest in fetch(ADD, (basket.pk, *map(list, columns)))}
    lines = [_line_of(basket, wish.listing, *held[wish.listing.pk]) for wish in wishes]
    refuse(broken for line in lines for broken in reasons_not_orderable(line.stockrecord, Demand(line.quantity)))
    return lines


def _line_of(basket: Basket, listing: StockRecord, key: int, quantity: int) -> Line:
    line = Line(pk=key, basket=basket, product_id=listing.product_id, stockrecord=listing, line_reference=str(listing.pk))
    _offer_into(line, listing, quantity)
    return line


@transaction.atomic
def basket_line_set(*, line: Line, quantity: int, at: datetime) -> Line:
    """Change the quantity of a line; it takes today's price as seen.

    Raises RuleBroken (``cart_is_frozen``, ``cart_line_gone``, ``quantity_not_positive``, codes of `partner.rules`).
    """
    line = _held(line)
    if quantity < 1:
        refuse([Broken("quantity_not_positive")])
    listing = listings_asked([line.stockrecord_id], on=localdate(at))[line.stockrecord_id]
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
    line.price_excl_tax, line.price_currency, line.tax_code = _offer_of(listing)


def _offer_of(listing: StockRecord) -> tuple[Decimal, str, str]:
    return listing.price, listing.price_currency, listing.vat_category
