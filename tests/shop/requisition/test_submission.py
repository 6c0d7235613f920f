from decimal import Decimal

import pytest

from marketplace.kernel.errors import RuleBroken
from marketplace.shop.basket.selectors import cart_of, open_basket_of
from marketplace.shop.requisition.models import Requisition
from marketplace.shop.requisition.services import requisition_return, requisition_submit
from tests.shop.conftest import a_need, put_in_cart


def refused(call) -> list[str]:
    with pytest.raises(RuleBroken) as refusal:
        call()
    return refusal.value.codes


def test_freezes_the_cart_and_reserves_the_total_with_vat(send, listing_factory, requester, certificate, left):
    requisition = send((listing_factory(price=Decimal("3.12")), 24))  # 74.88 + 11.23

    assert requisition.gross.amount == Decimal("86.11")
    assert left(certificate.amount) == Decimal("100000.00") - Decimal("86.11")
    assert requisition.basket.status == "Frozen"
    assert open_basket_of(requester) is None


def test_keeps_every_word_of_the_line(send, listing_factory):
    listing = listing_factory(sales_unit="XBX", pack_factor=10, price=Decimal("30.00"))
    line = send((listing, 2)).lines.get()

    listing.product.title = "Otro nombre"
    listing.product.save()
    line.refresh_from_db()

    assert line.product_title != "Otro nombre"
    assert (line.product_code, line.partner_sku, line.pack_factor) == (listing.product.code, listing.partner_sku, 10)
    assert (line.vat_category, line.vat_percent, line.price.net) == ("S", 15, Decimal("30.00"))


def test_an_empty_cart_is_refused(requester, approver, certificate, noon):
    assert refused(lambda: requisition_submit(need=a_need(certificate), actor=requester, at=noon)) == ["cart_is_empty"]


def test_a_certificate_of_another_entity_is_refused(send, listing_factory, certificate_factory, left):
    other = certificate_factory()

    assert refused(lambda: send((listing_factory(), 1), money=other)) == ["certificate_elsewhere"]
    assert left(other.amount) == Decimal("100000.00")


@pytest.mark.feature("OR-2")
def test_a_certificate_that_does_not_suffice_names_what_is_missing(send, listing_factory, certificate_factory, requester):
    small = certificate_factory(entity=requester.entity, money=Decimal("86.10"))

    with pytest.raises(RuleBroken) as refusal:
        send((listing_factory(price=Decimal("3.12")), 24), money=small)

    assert refusal.value.broken[0].values["missing"] == Decimal("0.01")
    assert not Requisition.objects.exists()


def test_without_another_person_to_approve_it_is_refused(requester, certificate, listing_factory, noon):
    put_in_cart((listing_factory(), 1), actor=requester, at=noon)

    assert refused(lambda: requisition_submit(need=a_need(certificate), actor=requester, at=noon)) == ["no_approver"]


def test_what_is_not_delivered_there_is_refused(send, listing_factory):
    listing = listing_factory(delivery_cantons=["0101"])

    assert refused(lambda: send((listing, 1), canton="1901")) == ["does_not_deliver"]


def test_a_return_frees_the_money_and_opens_the_cart(send, listing_factory, approver, requester, certificate, noon, left):
    listing = listing_factory()
    requisition = send((listing, 3))

    requisition_return(requisition_id=requisition.pk, comment="Adjunte el informe", actor=approver, at=noon)

    requisition.refresh_from_db()
    assert (requisition.status, requisition.comment) == ("returned", "Adjunte el informe")
    assert left(certificate.amount) == Decimal("100000.00")
    assert [line.line.quantity for line in cart_of(open_basket_of(requester), on=noon.date()).lines] == [3]


def test_a_return_without_a_word_is_refused(send, listing_factory, approver, noon):
    requisition = send((listing_factory(), 1))

    assert refused(lambda: requisition_return(requisition_id=requisition.pk, comment="  ", actor=approver, at=noon)) == [
        "comment_missing"
    ]


def test_sent_again_it_keeps_its_number(send, listing_factory, approver, requester, certificate, noon, left):
    first, second = listing_factory(price=Decimal("1.00")), listing_factory(price=Decimal("2.00"))
    sent = send((first, 10))
    requisition_return(requisition_id=sent.pk, comment="Falta uno", actor=approver, at=noon)

    again = send((second, 10))

    assert (again.pk, again.number, again.status) == (sent.pk, sent.number, "in_approval")
    assert again.net.amount == Decimal("30.00")
    assert again.lines.count() == 2
    assert left(certificate.amount) == Decimal("100000.00") - Decimal("34.50")


def test_a_cart_begun_meanwhile_joins_the_one_that_came_back(send, listing_factory, approver, requester, noon):
    listing = listing_factory()
    sent = send((listing, 3))
    put_in_cart((listing, 2), (listing_factory(), 1), actor=requester, at=noon)

    requisition_return(requisition_id=sent.pk, comment="Una sola compra", actor=approver, at=noon)

    cart = cart_of(open_basket_of(requester), on=noon.date())
    assert sorted(line.line.quantity for line in cart.lines) == [1, 5]
