"""Putting listings into the cart and taking them out. The price is never sent by the page: it is read from the listing."""

from datetime import datetime

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.timezone import localdate

from marketplace.kernel.errors import Broken, refuse
from marketplace.registry.models import Membership
from marketplace.shop.partner.models import StockRecord
from marketplace.shop.partner.rules import Demand, reasons_not_orderable

from .models import Basket, Line

OF_THE_OFFER = ["quantity", "price_excl_tax", "price_currency", "tax_code"]


@transaction.atomic
def basket_add(*, listing: StockRecord, quantity: int, actor: Membership, at: datetime) -> Line:
    """Put a quantity of this very offer into the actor's cart, on top of what is there.

    Raises RuleBroken (a code of `partner.rules.reasons_not_orderable`, ``quantity_not_positive``).
    """
    basket = basket_open(actor, holding=listing)
    line = Line(basket=basket, product_id=listing.product_id, stockrecord=listing, line_reference=str(listing.pk))
    _offer_into(line, listing, basket.quantity_held + quantity)
    Line.objects.bulk_create([line], update_conflicts=True, unique_fields=["basket", "line_reference"], update_fields=OF_THE_OFFER)
    return line


@transaction.atomic
def basket_line_set(*, line: Line, quantity: int, at: datetime) -> Line:
    """Change the quantity of a line; it takes today's price as seen."""
    refuse_if_frozen(line.basket)
    listing = StockRecord.objects.with_terms().with_refusal(localdate(at)).get(pk=line.stockrecord_id)
    _offer_into(line, listing, quantity)
    line.save(update_fields=OF_THE_OFFER)
    return line


@transaction.atomic
def basket_line_remove(*, line: Line) -> None:
    refuse_if_frozen(line.basket)
    line.delete()


def basket_open(membership: Membership, *, holding: StockRecord) -> Basket:
    """The cart that is open, or a new one, locked; its `quantity_held` is what it holds of this listing."""
    held = Line.objects.filter(basket=OuterRef("pk"), stockrecord=holding).values("quantity")
    carts = Basket.objects.select_for_update(of=["self"]).annotate(quantity_held=Coalesce(Subquery(held), 0))
    basket, _ = carts.get_or_create(membership=membership, status=Basket.OPEN, defaults={"owner_id": membership.user_id})
    return basket


def refuse_if_frozen(basket: Basket) -> None:
    if not basket.can_be_edited:
        refuse([Broken("cart_is_frozen")])


def _offer_into(line: Line, listing: StockRecord, quantity: int) -> None:
    """Let the line ask for this quantity at the offer's price of now."""
    if quantity < 1:
        refuse([Broken("quantity_not_positive")])
    refuse(reasons_not_orderable(listing, Demand(quantity)))
    line.quantity = quantity
    line.price_excl_tax, line.price_currency, line.tax_code = listing.price, listing.price_currency, listing.vat_category
