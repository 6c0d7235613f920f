"""Reads over listings and their agreements."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import partial
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, DateTimeField, Field, QuerySet, UUIDField

from marketplace.kernel.prepared import Given, IsAnyOf, Prepared
from marketplace.registry.models import Membership

from .models import Price, StockRecord
from .querysets import NOT_IN_A_LIST, ON, THERE


def listings_on_sale(on: date) -> QuerySet[StockRecord]:
    return StockRecord.objects.on_sale(on).with_terms()


def offers_of(product_id: int, *, on: date) -> QuerySet[StockRecord]:
    """All offers of a sheet that are on sale, the best first."""
    return listings_on_sale(on).filter(product=product_id).best_first()


def listings_asked(keys: Iterable[int], *, on: date, canton: str = "") -> dict[int, StockRecord]:
    """Listings by key, with all that says whether they can be ordered: terms, `refusal` and, for a canton, `delivers`."""
    return {each.pk: each for each in _ASKED[bool(canton)].models(keys=list(keys), on=on, cantons=[canton])}


def listing_named(id_public: UUID, *, on: date) -> StockRecord | None:
    """As `listings_asked`, of a public id."""
    return next(iter(_NAMED.models(keys=[id_public], on=on)), None)


def _asked(column: str, kind: Field, is_somewhere: bool = False) -> QuerySet[StockRecord]:
    wanted = StockRecord.objects.filter(IsAnyOf(column, Given("keys", ArrayField(kind))))
    listings = wanted.with_terms().with_refusal(ON).defer(*NOT_IN_A_LIST).order_by()
    return listings.with_coverage(THERE) if is_somewhere else listings


_ASKED = {there: Prepared(partial(_asked, "pk", BigIntegerField(), there)) for there in (False, True)}
_NAMED = Prepared(partial(_asked, "id_public", UUIDField()))


def listings_of(membership: Membership) -> QuerySet[StockRecord]:
    """The listings of the membership's supplier; nothing for anyone else."""
    return StockRecord.objects.with_terms().filter(partner__supplier=membership.supplier_id, partner__supplier__isnull=False)


def prices_in_force(listing_ids: Iterable[int], at: datetime) -> dict[int, Price]:
    """The newest price of each listing that holds at an instant, in one query."""
    return {price.listing_id: price for price in _PRICES.models(listings=list(listing_ids), at=at)}


def _prices() -> QuerySet[Price]:
    at = Given("at", DateTimeField())
    of_these = IsAnyOf("listing", Given("listings", ArrayField(BigIntegerField())))
    standing = Price.objects.filter(of_these, valid_from__lte=at).exclude(valid_until__lte=at)
    return standing.order_by("listing", "-valid_from", "-pk").distinct("listing")


_PRICES = Prepared(_prices)
