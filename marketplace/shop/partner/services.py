"""What suppliers and officers do with listings. Each owns its transaction."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Max

from framework_agreements.models import AdjudicatedItem
from marketplace.kernel.errors import refuse
from marketplace.kernel.events import record
from marketplace.kernel.limits.models import Limit
from marketplace.registry.models import Membership, Supplier

from .models import Partner, Price, StockRecord
from .rules import reasons_not_a_new_price, reasons_not_at_this_price


def partner_of(supplier: Supplier) -> Partner:
    """Oscar's row beside the supplier; comes to be with its first listing."""
    partner, _ = Partner.objects.get_or_create(supplier=supplier, defaults={"name": supplier.name[:128], "code": supplier.ruc})
    return partner


@transaction.atomic
def listing_create(
    *, item: AdjudicatedItem, partner_sku: str, price: Decimal, stock: int, at: datetime, actor: Membership | None = None, **terms
) -> StockRecord:
    """Offer an adjudicated item, and put it on sale.

    `price`: USD per sales unit, net. `terms`: sales_unit, pack_factor, vat_category, minimum_quantity, lead_time_days,
    warranty_months, delivery_cantons, image_url.
    """
    listing = StockRecord.objects.create(
        adjudicated_item=item,
        product_id=item.product_id,
        partner=partner_of(item.adjudication.supplier),
        partner_sku=partner_sku,
        price=price,
        stock=Limit.objects.create(limit=stock),
        status=StockRecord.Status.PUBLISHED,
        status_at=at,
        **terms,
    )
    Price.objects.create(listing=listing, net=price, valid_from=at)
    record("listing.published", listing, actor=actor, at=at, products=[listing.product_id])
    return listing


@transaction.atomic
def listing_reprice(*, listing_id: int, price: Decimal, actor: Membership, at: datetime) -> StockRecord:
    """Lower a price. Raises RuleBroken (``price_same``, ``price_rise``, ``price_over_ceiling``) and then writes nothing."""
    listing = StockRecord.objects.with_terms().select_for_update(of=["self"]).get(pk=listing_id)
    refuse(reasons_not_a_new_price(price, listing))
    newest = listing.prices.aggregate(at=Max("valid_from"))["at"]
    Price.objects.create(listing=listing, net=price, valid_from=max(at, newest or at))  # `at` may have waited for the lock
    listing.price = price
    listing.save(update_fields=["price", "date_updated"])
    record("listing.price_changed", listing, actor=actor, at=at, products=[listing.product_id])
    return listing


@transaction.atomic
def listing_withdraw(*, listing_id: int, actor: Membership, at: datetime) -> StockRecord:
    """Take a listing off sale; orders in course go on."""
    return _listing_move(listing_id, StockRecord.Status.WITHDRAWN, "listing.withdrawn", actor, at)


@transaction.atomic
def listing_publish(*, listing_id: int, actor: Membership, at: datetime) -> StockRecord:
    """Put a listing on sale again. Raises RuleBroken (``price_over_ceiling``) when its ceiling has been lowered since."""
    listing = StockRecord.objects.with_terms().select_for_update(of=["self"]).get(pk=listing_id)
    refuse(reasons_not_at_this_price(listing.price, listing))
    return _listing_move(listing_id, StockRecord.Status.PUBLISHED, "listing.published", actor, at)


def _listing_move(listing_id: int, status: str, kind: str, actor: Membership, at: datetime) -> StockRecord:
    listing = StockRecord.objects.select_for_update().get(pk=listing_id)
    listing.move_to(status, at=at)
    record(kind, listing, actor=actor, at=at, products=[listing.product_id])
    return listing
