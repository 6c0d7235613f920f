from decimal import Decimal

import pytest

from marketplace.kernel.errors import RuleBroken
from marketplace.shop.basket.selectors import cart_of, open_basket_of
from marketplace.shop.requisition.history import history_of
from marketplace.shop.requisition.models import Requisition
from marketplace.shop.requisition.services import (
    requisition_correct,
    requisition_return,
    requisition_submit,
    requisition_withdraw,
)
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


@pytest.fixture
def returned(send, listing_factory, approver, noon):
    """A requisition that came back, with another cart begun meanwhile."""

    def returned(*meanwhile) -> Requisition:
        sent = send((listing_factory(), 3))
        put_in_cart(*meanwhile, actor=sent.requested_by, at=noon)
        return requisition_return(requisition_id=sent.pk, comment="Falta el informe", actor=approver, at=noon)

    return returned


def quantities(requester, noon) -> list[int]:
    return sorted(line.line.quantity for line in cart_of(open_basket_of(requester), on=noon.date()).lines)


def test_a_cart_begun_meanwhile_stays_apart(returned, listing_factory, requester, noon):
    came_back = returned((listing_factory(), 2))
    assert quantities(requester, noon) == [2]

    assert refused(lambda: requisition_correct(requisition_id=came_back.pk, actor=requester)) == ["cart_in_use"]
    assert quantities(requester, noon) == [2]


def test_what_came_back_is_corrected_once_the_cart_is_free(returned, send, listing_factory, requester, noon):
    came_back = returned((listing_factory(), 2))
    send()

    requisition_correct(requisition_id=came_back.pk, actor=requester)

    assert quantities(requester, noon) == [3]
    assert send().pk == came_back.pk


def test_a_cart_that_is_open_and_empty_is_no_hindrance(returned, listing_factory, requester, noon):
    came_back = returned((listing_factory(), 2))
    open_basket_of(requester).lines.all().delete()

    requisition_correct(requisition_id=came_back.pk, actor=requester)

    assert quantities(requester, noon) == [3]


def test_only_what_came_back_is_corrected_and_only_by_its_requester(send, returned, listing_factory, membership_factory, requester):
    colleague = membership_factory(role="requester", entity=requester.entity)

    assert refused(lambda: requisition_correct(requisition_id=returned().pk, actor=colleague)) == ["not_yours"]
    sent = send((listing_factory(), 1))
    assert refused(lambda: requisition_correct(requisition_id=sent.pk, actor=requester)) == ["not_returned"]


@pytest.mark.parametrize("is_returned", [False, True])
def test_the_requester_gives_it_up(send, listing_factory, approver, requester, certificate, noon, left, is_returned):
    sent = send((listing_factory(), 3))
    if is_returned:
        requisition_return(requisition_id=sent.pk, comment="No hace falta", actor=approver, at=noon)

    requisition_withdraw(requisition_id=sent.pk, actor=requester, at=noon)

    sent.refresh_from_db()
    assert sent.status == "withdrawn"
    assert left(certificate.amount) == Decimal("100000.00")
    assert open_basket_of(requester) is None


def test_what_was_approved_or_given_up_is_not_given_up(send, listing_factory, approver, requester, noon):
    sent = send((listing_factory(), 1))
    requisition_withdraw(requisition_id=sent.pk, actor=requester, at=noon)

    assert refused(lambda: requisition_withdraw(requisition_id=sent.pk, actor=requester, at=noon)) == ["illegal_move"]


def test_the_history_tells_each_sending_and_each_return(send, returned, requester, approver, noon):
    again = send() if open_basket_of(returned().requested_by) else None

    acts = [(str(act.kind.title), act.who, act.comment) for act in history_of(again)]

    assert acts == [
        ("Enviada a aprobación", requester.user, ""),
        ("Devuelta", approver.user, "Falta el informe"),
        ("Enviada a aprobación", requester.user, ""),
    ]
