"""What suppliers and officers do with listings. Each owns its transaction."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Max

from framework_agreements.models import AdjudicatedItem
from marketplace.kernel.errors import Broken, RuleBroken, refuse
from marketplace.kernel.events import record
from marketplace.kernel.limits.models import Limit
from marketplace.kernel.limits.services import set_limit
from marketplace.registry.models import Membership, Supplier

from .models import Partner, Price, StockRecord
from .rules import reasons_not_a_new_price, reasons_not_at_this_price, reasons_not_these_terms


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
def listing_terms_change(*, listing_id: int, actor: Membership, at: datetime, **terms: int) -> StockRecord:
    """Change what can be sold from now on, and how; price and orders in course stay.

    `terms`: stock (sales units that can be sold from now on, whatever has been sold before), minimum_quantity,
    lead_time_days, warranty_months; one that is not given, or is as it stands, stays and is not told.
    Raises RuleBroken (``number_too_small``, ``number_too_large``) and then writes nothing.
    """
    refuse(reasons_not_these_terms(terms))
    listing = StockRecord.objects.select_for_update().get(pk=listing_id)
    stock = Limit.objects.select_for_update().get(pk=listing.stock_id)
    standing = {term: stock.left if term == "stock" else getattr(listing, term) for term in terms}
    changed = {term: value for term, value in terms.items() if value != standing[term]}
    if changed:
        _write_terms(listing, stock, changed)
        record("listing.terms_changed", listing, actor=actor, at=at, products=[listing.product_id], terms=sorted(changed))
    return listing


@transaction.atomic
def listings_change(*, changes: Mapping[int, Mapping], actor: Membership, at: datetime) -> dict[int, list[Broken]]:
    """Change many listings, each whole or not at all. Answers why those that stay as they were do: listing → broken rules.

    `changes`: listing → its new price, if any, and `terms` as in `listing_terms_change`.
    """
    stocks = StockRecord.objects.select_for_update().filter(pk__in=changes).order_by("pk").values_list("stock_id", flat=True)
    list(Limit.objects.select_for_update().filter(pk__in=list(stocks)).order_by("pk"))
    refused = {}
    for key in sorted(changes):
        try:
            with transaction.atomic():
                _change(key, dict(changes[key]), actor, at)
        except RuleBroken as refusal:
            refused[key] = refusal.broken
    return refused


def _change(listing_id: int, changes: dict, actor: Membership, at: datetime) -> None:
    price = changes.pop("price", None)
    if price is not None:
        listing_reprice(listing_id=listing_id, price=price, actor=actor, at=at)
    listing_terms_change(listing_id=listing_id, actor=actor, at=at, **changes)


def _write_terms(listing: StockRecord, stock: Limit, terms: dict[str, int]) -> None:
    own = {term: value for term, value in terms.items() if term != "stock"}
    if "stock" in terms:
        set_limit(stock, stock.taken + terms["stock"])
    for term, value in own.items():
        setattr(listing, term, value)
    listing.save(update_fields=[*own, "date_updated"])


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
