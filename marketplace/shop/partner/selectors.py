"""Reads over listings and their agreements."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Count, QuerySet, Window

from marketplace.registry.models import Membership

from .models import Price, StockRecord
from .querysets import AGREEMENT, BEST_FIRST, NOT_IN_A_LIST, SUPPLIER


def listings_on_sale(on: date) -> QuerySet[StockRecord]:
    return StockRecord.objects.on_sale(on).with_terms()


def offers_of(product_id: int, *, on: date) -> QuerySet[StockRecord]:
    """All offers of a sheet that are on sale, the best first."""
    return listings_on_sale(on).filter(product=product_id).best_first()


def best_offers(product_ids: Iterable[int], *, on: date, canton: str = "") -> dict[int, StockRecord]:
    """The best offer of each sheet (delivered in the canton, if one is given), in one query. `offer_count`: of how many.

    For lists: what is left in stock and where each is delivered are not read along.
    """
    offers = StockRecord.objects.on_sale(on).filter(product__in=list(product_ids)).select_related("product", SUPPLIER, AGREEMENT)
    if canton:
        offers = offers.delivering_to(canton)
    offers = offers.annotate(offer_count=Window(Count("pk"), partition_by="product_id")).defer(*NOT_IN_A_LIST)
    return {offer.product_id: offer for offer in offers.order_by("product_id", *BEST_FIRST).distinct("product_id")}


def listings_of(membership: Membership) -> QuerySet[StockRecord]:
    """The listings of the membership's supplier; nothing for anyone else."""
    return StockRecord.objects.with_terms().filter(partner__supplier=membership.supplier_id, partner__supplier__isnull=False)


def prices_in_force(listing_ids: Iterable[int], at: datetime) -> dict[int, Price]:
    """The newest price of each listing that holds at an instant, in one query."""
    standing = Price.objects.filter(listing__in=list(listing_ids), valid_from__lte=at).exclude(valid_until__lte=at)
    return {price.listing_id: price for price in standing.order_by("listing", "-valid_from", "-pk").distinct("listing")}
