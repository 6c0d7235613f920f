"""Sorted by price of the base unit, whatever the packs: on the sheet, in the index, as a slow twin sorts them (SF-2)."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from random import Random

import pytest
from django.utils.timezone import localdate

from marketplace.shop.catalogue.models import Product
from marketplace.shop.partner.quotes import offers_for_product
from marketplace.shop.partner.totals import price_per_base_unit
from search.port import Query, Sort
from search.services import search_rebuild

pytestmark = pytest.mark.feature("SF-2")

PACKS = (1, 1, 3, 6, 10, 12, 500)
SHEETS, OFFERS = 25, 60
MICRO = Decimal("0.000001")


def per_base_unit(listing) -> Decimal:
    """By whole numbers and their quotient, rounded once to the millionth."""
    exact = Fraction(listing.price) / listing.pack_factor
    return (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(MICRO, ROUND_HALF_UP)


@pytest.fixture
def market(listing_factory, item_factory, product_factory):
    """Sheets with a few offers each, in packs whose own prices mislead; some base prices are equal."""
    rng = Random(2026)
    sheets = [product_factory(title=f"Papel {number:02d}", base_unit="RM") for number in range(SHEETS)]
    listings = []
    for number in range(OFFERS):
        factor = rng.choice(PACKS)
        price = Decimal(rng.randrange(1, 40)) / rng.choice((1, 2, 3, 7)) * factor
        sheet = sheets[number % SHEETS]
        listings.append(
            listing_factory(
                adjudicated_item=item_factory(product=sheet),
                price=price.quantize(MICRO),
                pack_factor=factor,
                sales_unit="RM" if factor == 1 else "XBX",
                lead_time_days=rng.randrange(1, 4),
            )
        )
    return listings


def test_offers_of_a_sheet(market):
    for sheet in Product.objects.all():
        expected = sorted(
            (listing for listing in market if listing.product_id == sheet.pk),
            key=lambda listing: (per_base_unit(listing), listing.lead_time_days, listing.pk),
        )
        assert [quote.offer.pk for quote in offers_for_product(sheet, on=localdate()).open] == [listing.pk for listing in expected]


def test_sheets_of_a_result(market, tantivy_engine):
    search_rebuild(engine=tantivy_engine, on=localdate())
    best: dict[int, Decimal] = {}
    for listing in market:
        best[listing.product_id] = min(per_base_unit(listing), best.get(listing.product_id, Decimal(10**9)))

    found = tantivy_engine.search(Query(sort=Sort.PRICE, size=SHEETS))

    assert len(found.product_ids) == SHEETS
    assert [best[key] for key in found.product_ids] == sorted(best.values())
    by_pack = sorted(best, key=lambda key: min(listing.price for listing in market if listing.product_id == key))
    assert found.product_ids != by_pack


def test_what_people_read_is_what_is_sorted_by(market):
    """The price beside the pack is the one in the order, in the database as in the requisition."""
    for listing in market:
        listing.refresh_from_db()
        assert listing.base_price == per_base_unit(listing) == price_per_base_unit(listing.price, listing.pack_factor)
