"""A cart in two tabs, and in the hands of two people at once."""

from decimal import Decimal

import pytest

from marketplace.kernel.errors import RuleBroken
from marketplace.shop.basket.models import Basket, Line
from marketplace.shop.basket.services import basket_add, basket_line_remove, basket_line_set
from marketplace.shop.partner.models import StockRecord
from marketplace.shop.requisition.models import Requisition
from marketplace.shop.requisition.services import requisition_return, requisition_submit
from tests.races import together
from tests.shop.conftest import a_need, put_in_cart


@pytest.fixture
def offer(noon):
    """The listing as the page shows it."""
    return lambda listing: StockRecord.objects.with_terms().with_refusal(noon.date()).get(pk=listing.pk)


CHANGES = [lambda line, at: basket_line_set(line=line, quantity=9, at=at), lambda line, at: basket_line_remove(line=line)]


def test_every_press_counts(own_database, requester, offer, listing_factory, noon):
    listing = listing_factory()
    put_in_cart((listing, 1), actor=requester, at=noon)

    together(*(lambda n=n: basket_add(listing=offer(listing), quantity=n, actor=requester, at=noon) for n in range(1, 9)))

    assert Line.objects.get().quantity == 37


def test_presses_at_once_open_one_cart(own_database, requester, offer, listing_factory, noon):
    listings = [listing_factory() for _ in range(6)]

    together(*(lambda each=each: basket_add(listing=offer(each), quantity=1, actor=requester, at=noon) for each in listings))

    assert Basket.objects.get().lines.count() == 6


def test_more_than_there_is_leaves_the_cart_as_it_was(requester, listing_factory, noon):
    listing = listing_factory(stock_left=Decimal(5))
    put_in_cart((listing, 4), actor=requester, at=noon)

    with pytest.raises(RuleBroken) as refusal:
        put_in_cart((listing, 2), actor=requester, at=noon)

    assert refusal.value.codes == ["not_enough_stock"]
    assert Line.objects.get().quantity == 4


@pytest.mark.parametrize("change", CHANGES, ids=["set", "remove"])
def test_a_cart_that_was_sent_in_another_tab_does_not_change(send, requester, listing_factory, noon, change):
    send((listing_factory(), 2))
    line = Line.objects.get()
    line.basket.status = Basket.OPEN  # as this tab still believes

    with pytest.raises(RuleBroken) as refusal:
        change(line, noon)

    assert refusal.value.codes == ["cart_is_frozen"]
    assert Line.objects.get().quantity == 2


def test_a_line_taken_out_in_another_tab_is_said(requester, listing_factory, noon):
    put_in_cart((listing_factory(), 2), actor=requester, at=noon)
    line = Line.objects.get()
    Line.objects.all().delete()

    with pytest.raises(RuleBroken) as refusal:
        basket_line_set(line=line, quantity=3, at=noon)

    assert refusal.value.codes == ["cart_line_gone"]


@pytest.mark.parametrize("attempt", range(4))
def test_a_return_beside_the_next_sending_takes_nothing_from_it(
    own_database, send, requester, approver, listing_factory, certificate_factory, noon, attempt
):
    first = send((listing_factory(), 1))
    put_in_cart((listing_factory(), 2), actor=requester, at=noon)
    need = a_need(certificate_factory(entity=requester.entity))

    refused = together(
        lambda: requisition_return(requisition_id=first.pk, comment="Falta el informe.", actor=approver, at=noon),
        lambda: requisition_submit(need=need, actor=requester, at=noon),
    )

    for sent in Requisition.objects.filter(status=Requisition.Status.IN_APPROVAL):
        assert (sent.basket.status, sent.basket.lines.count()) == (Basket.FROZEN, sent.lines.count())
    assert refused == []
    assert Line.objects.exclude(basket__status__in=(Basket.OPEN, Basket.FROZEN)).count() == 0


@pytest.mark.parametrize("attempt", range(4))
def test_a_return_beside_a_new_cart_loses_neither(own_database, send, requester, approver, offer, listing_factory, noon, attempt):
    first, listing = send((listing_factory(), 1)), listing_factory()

    together(
        lambda: requisition_return(requisition_id=first.pk, comment="Falta el informe.", actor=approver, at=noon),
        lambda: basket_add(listing=offer(listing), quantity=1, actor=requester, at=noon),
    )

    first.basket.refresh_from_db()
    held = {basket.status: basket.lines.count() for basket in Basket.objects.exclude(status=Basket.MERGED)}
    assert held in ({Basket.OPEN: 2}, {Basket.OPEN: 1, Basket.FROZEN: 1})
    assert Line.objects.count() == 2
