from decimal import Decimal

import pytest

from marketplace.shop.basket.models import Basket, Line
from marketplace.shop.partner.strategy import Selector


@pytest.fixture
def strategy():
    return Selector().strategy()


@pytest.fixture
def two_offers(listing_factory, item_factory, product_factory):
    """The same sheet from two suppliers: 0.335 and 0.222222 a piece."""
    product = product_factory(base_unit="H87")
    dear, cheap = (
        listing_factory(price=Decimal(price), sales_unit="H87", adjudicated_item=item_factory(product=product))
        for price in ("0.335", "0.222222")
    )
    return product, dear, cheap


def test_the_best_offer_is_the_cheapest_per_base_unit(strategy, two_offers):
    product, _, cheap = two_offers

    info = strategy.fetch_for_product(product)

    assert (info.stockrecord, info.price.excl_tax) == (cheap, Decimal("0.222222"))


@pytest.mark.trap
def test_a_line_is_priced_from_the_offer_that_was_chosen(strategy, two_offers, requester):
    """Stock Oscar priced a line on offer B from offer A."""
    product, dear, _ = two_offers
    line = Line(basket=Basket(membership=requester), product=product, stockrecord=dear, quantity=3)

    info = strategy.fetch_for_line(line)

    assert (info.stockrecord, info.price.excl_tax) == (dear, Decimal("0.335"))


def test_a_bigger_pack_wins_when_its_base_unit_is_cheaper(strategy, product_factory, listing_factory, item_factory):
    product = product_factory(base_unit="RM")
    listing_factory(price=Decimal("3.20"), adjudicated_item=item_factory(product=product))
    box = listing_factory(price=Decimal("30.00"), sales_unit="XBX", pack_factor=10, adjudicated_item=item_factory(product=product))

    assert strategy.fetch_for_product(product).stockrecord == box


def test_nothing_is_available_of_a_suspended_supplier(strategy, listing_factory):
    listing = listing_factory(adjudicated_item__adjudication__supplier__status="suspended")

    assert strategy.fetch_for_product(listing.product).stockrecord is None
    assert not strategy.fetch_for_product(listing.product, listing).availability.is_available_to_buy


def test_no_more_is_available_than_is_left(strategy, listing_factory):
    listing = listing_factory(stock_left=Decimal(5))

    availability = strategy.fetch_for_product(listing.product).availability

    assert availability.is_purchase_permitted(5)[0]
    assert not availability.is_purchase_permitted(6)[0]
