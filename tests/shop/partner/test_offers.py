"""Offers that are read flat say what the models say."""

from decimal import Decimal

import pytest

from marketplace.shop.partner.models import StockRecord
from marketplace.shop.partner.offers import Offer, best_offers, offers_asked
from tests.shop.catalogue.test_sheet import LOJA, ZAMORA


@pytest.fixture
def sheet(product_factory, item_factory, listing_factory):
    """One with five offers: two alike, one of boxes, one that goes to Zamora alone, one withdrawn."""
    product = product_factory(base_unit="RM", title="Resma de papel bond")
    for values in (
        {"price": Decimal("3.00")},
        {"price": Decimal("3.00"), "lead_time_days": 1},
        {"price": Decimal("29.10"), "sales_unit": "XBX", "pack_factor": 10, "minimum_quantity": 2},
        {"price": Decimal("1.50"), "delivery_cantons": [ZAMORA]},
        {"price": Decimal("1.00"), "status": StockRecord.Status.WITHDRAWN},
    ):
        listing_factory(adjudicated_item=item_factory(product=product), **values)
    return product


def said_by_the_model(listing: StockRecord) -> dict:
    of_sheet = {name: getattr(listing.product, name) for name in ("title", "slug", "code", "cpc_code", "brand", "base_unit")}
    of_others = {"canton_code": listing.supplier.canton_code, "agreement_until": listing.agreement.valid_until}
    own = (name for name in Offer.__dataclass_fields__ if name not in of_sheet | of_others)
    return {name: getattr(listing, name) for name in own} | of_sheet | of_others


@pytest.mark.feature("SF-1")
@pytest.mark.parametrize("canton", ["", ZAMORA, LOJA])
def test_each_says_what_its_listing_says_in_the_order_of_the_rule(sheet, noon, canton):
    listings = StockRecord.objects.with_terms().with_refusal(noon.date()).with_coverage(canton or ZAMORA).best_first()

    offers = offers_asked(sheet.pk, on=noon.date(), canton=canton)

    assert [{name: getattr(offer, name) for name in Offer.__dataclass_fields__} for offer in offers] == [
        said_by_the_model(listing) for listing in listings
    ]
    assert [(offer.refusal, offer.left) for offer in offers] == [(each.refusal, each.stock.left) for each in listings]
    assert [offer.delivers for offer in offers] == [each.delivers or not canton for each in listings]


@pytest.mark.feature("SF-1")
@pytest.mark.parametrize(("canton", "price", "count"), [("", "1.50", 4), (ZAMORA, "1.50", 4), (LOJA, "29.10", 3)])
def test_the_best_is_the_first_that_is_on_sale_there(sheet, noon, canton, price, count):
    best = best_offers([sheet.pk], on=noon.date(), canton=canton)

    assert [(key, offer.price, offer.offer_count) for key, offer in best.items()] == [(sheet.pk, Decimal(price), count)]
