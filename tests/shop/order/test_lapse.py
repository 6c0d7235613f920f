"""The time-boxed answer, in simulated time."""

from datetime import timedelta
from decimal import Decimal

import pytest

from marketplace.kernel.errors import RuleBroken
from marketplace.kernel.events.models import Event
from marketplace.kernel.jobs.models import Job
from marketplace.shop.order.ending import order_lapse
from marketplace.shop.order.services import order_accept, order_reject
from marketplace.shop.requisition.approval import requisition_approve

HOURS = timedelta(hours=72)
MOMENT = timedelta(microseconds=1)


@pytest.fixture
def order(send, approver, listing_factory, noon):
    requisition = send((listing_factory(price=Decimal("2.00")), 5))
    return requisition_approve(requisition_id=requisition.pk, gross_seen=Decimal("11.50"), actor=approver, at=noon)[0]


@pytest.fixture
def seller(order, membership_factory):
    return membership_factory(role="supplier_manager", supplier=order.supplier)


def limits_of(order):
    line = order.lines.get()
    return order.requisition.certificate.amount, line.stockrecord.stock, line.lot.ceiling


@pytest.mark.feature("OR-6")
def test_the_alarm_is_written_with_the_order(order, noon):
    assert order.answer_until == noon + HOURS
    [alarm] = Job.objects.filter(task="marketplace.shop.order.jobs.answer_time_ends")
    assert (alarm.arguments, alarm.run_at) == ({"order_id": order.pk}, noon + HOURS)


@pytest.mark.feature("OR-6")
def test_an_unanswered_order_lapses_and_gives_everything_back(order, noon, left):
    order_lapse(order_id=order.pk, at=noon + HOURS - MOMENT)
    order.refresh_from_db()
    assert order.status == "issued"

    for _ in range(2):  # an alarm that rings twice
        order_lapse(order_id=order.pk, at=noon + HOURS)

    order.refresh_from_db()
    assert (order.status, order.cancel_cause) == ("cancelled", "unanswered")
    assert [left(limit) for limit in limits_of(order)] == [Decimal("100000.00"), 100, Decimal("1000000.00")]
    assert Event.objects.filter(kind="order.lapsed", subject_id=order.pk, actor_id=None).count() == 1


@pytest.mark.feature("OR-6")
def test_an_answered_order_does_not_lapse(order, seller, noon, left):
    order_accept(order_id=order.pk, actor=seller, at=noon + HOURS - MOMENT)

    order_lapse(order_id=order.pk, at=noon + 2 * HOURS)

    order.refresh_from_db()
    assert order.status == "accepted"
    assert left(limits_of(order)[1]) == 95


@pytest.mark.feature("OR-6")
def test_too_late_is_too_late_even_before_the_alarm(order, seller, cause_factory, noon):
    late = {"order_id": order.pk, "actor": seller, "at": noon + HOURS}
    cause = cause_factory(agreement=order.agreement)

    for answer in (lambda: order_accept(**late), lambda: order_reject(cause=cause, **late)):
        with pytest.raises(RuleBroken) as refusal:
            answer()
        assert refusal.value.codes == ["answer_too_late"]
    order.refresh_from_db()
    assert order.status == "issued"
