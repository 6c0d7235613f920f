from decimal import Decimal

import pytest

from marketplace.kernel.errors import RuleBroken
from marketplace.shop.order.services import order_accept, order_reject
from marketplace.shop.requisition.approval import requisition_approve


@pytest.fixture
def order(send, approver, listing_factory, noon):
    requisition = send((listing_factory(price=Decimal("2.00")), 5))  # 10.00 + 1.50
    return requisition_approve(requisition_id=requisition.pk, gross_seen=Decimal("11.50"), actor=approver, at=noon)[0]


@pytest.fixture
def seller(order, membership_factory):
    return membership_factory(role="supplier_manager", supplier=order.supplier)


def limits_of(order):
    line = order.lines.get()
    return order.requisition.certificate.amount, line.stockrecord.stock, line.lot.ceiling


def test_accepting_keeps_what_was_taken(order, seller, noon, left):
    order_accept(order_id=order.pk, actor=seller, at=noon)

    order.refresh_from_db()
    assert order.status == "accepted"
    assert [left(limit) for limit in limits_of(order)] == [Decimal("99988.50"), 95, Decimal("999988.50")]


def test_rejecting_for_a_listed_cause_gives_everything_back(order, seller, cause_factory, noon, left):
    cause = cause_factory(agreement=order.agreement)

    order_reject(order_id=order.pk, cause=cause, actor=seller, at=noon)

    order.refresh_from_db()
    assert (order.status, order.rejection_cause) == ("rejected", cause)
    assert [left(limit) for limit in limits_of(order)] == [Decimal("100000.00"), 100, Decimal("1000000.00")]


def test_a_cause_of_another_agreement_is_refused(order, seller, cause_factory, noon):
    with pytest.raises(RuleBroken) as refusal:
        order_reject(order_id=order.pk, cause=cause_factory(), actor=seller, at=noon)

    assert refusal.value.codes == ["cause_elsewhere"]
    order.refresh_from_db()
    assert order.status == "issued"


def test_is_answered_once(order, seller, cause_factory, noon, left):
    order_accept(order_id=order.pk, actor=seller, at=noon)

    with pytest.raises(RuleBroken) as refusal:
        order_reject(order_id=order.pk, cause=cause_factory(agreement=order.agreement), actor=seller, at=noon)

    assert refusal.value.codes == ["order_already_answered"]
    assert left(limits_of(order)[1]) == 95
