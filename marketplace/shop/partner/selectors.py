"""Reads over listings and their agreements."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import QuerySet

from marketplace.registry.models import Membership

from .models import Price, StockRecord


def listings_on_sale(on: date) -> QuerySet[StockRecord]:
    return StockRecord.objects.on_sale(on).with_terms()


def offers_of(product_id: int, *, on: date) -> QuerySet[StockRecord]:
    """All offers of a sheet that are on sale, the best first."""
    return listings_on_sale(on).filter(product=product_id).best_first()


def listings_of(membership: Membership) -> QuerySet[StockRecord]:
    """The listings of the membership's supplier; nothing for anyone else."""
    return StockRecord.objects.with_terms().filter(partner__supplier=membership.supplier_id, partner__supplier__isnull=False)


def prices_in_force(listing_ids: Iterable[int], at: datetime) -> dict[int, Price]:
    """The newest price of each listing that holds at an instant, in one query."""
    standing = Price.objects.filter(listing__in=list(listing_ids), valid_from__lte=at).exclude(valid_until__lte=at)
    return {price.listing_id: price for price in standing.order_by("listing", "-valid_from", "-pk").distinct("listing")}
