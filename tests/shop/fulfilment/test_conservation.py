"""Units are neither made nor lost, whatever receivers and administrators do; and two receivers at once are one after the other."""

from contextlib import suppress
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marketplace.kernel.errors import RuleBroken
from marketplace.kernel.limits.services import held_by
from marketplace.shop.fulfilment.correcting import delivery_void, order_close_short
from marketplace.shop.fulfilment.facts import Brought
from marketplace.shop.fulfilment.models import Delivery, DeliveryLine
from marketplace.shop.fulfilment.selectors import accepted_quantities
from marketplace.shop.fulfilment.services import delivery_record
from marketplace.shop.order.models import Order
from tests.races import together

UNITS = st.integers(0, 12)
RECEIVE = st.tuples(st.just("receive"), UNITS, UNITS, UNITS)
VOID = st.tuples(st.just("void"), st.integers(0, 5))
CLOSE = st.tuples(st.just("close"))
ORDERED = [10, 4]


def assert_conserved(order: Order) -> None:
    order.refresh_from_db()
    lines = list(order.lines.order_by("pk"))
    standing = DeliveryLine.objects.filter(delivery__order=order, delivery__void=None)
    sums = dict(standing.values_list("order_line").annotate(units=Sum("accepted")))
    assert accepted_quantities(order) == {line.pk: sums.get(line.pk, 0) for line in lines}
    assert all(0 <= line.accepted_quantity <= line.quantity for line in lines)
    total = sum(line.accepted_quantity for line in lines)
    is_closed = order.closed_short_at is not None
    if total == sum(ORDERED) or is_closed:
        assert order.status == "received"
    else:
        assert order.status in ({"partially_received"} if total else {"accepted", "in_delivery"})
    for line in lines:  # stock: what was given up is on sale again, and nothing else
        assert held_by(order).get(line.stockrecord.stock_id, 0) == (line.accepted_quantity if is_closed else line.quantity)


@pytest.mark.feature("PY-1")
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.one_of(RECEIVE, RECEIVE, VOID, CLOSE), max_size=8))
def test_quantities_conserve(taken_on, receive, administrator, noon, acts):
    with transaction.atomic():
        order = taken_on(*ORDERED)
        for act, *values in acts:
            with suppress(RuleBroken):
                _do(act, values, order, receive, administrator, noon)
            assert_conserved(order)
        transaction.set_rollback(True)


def _do(act, values, order, receive, administrator, noon) -> None:
    if act == "receive":
        first, second, refused = values
        receive(order, Brought(1, first, refused, "damaged" if refused else ""), Brought(2, second))
    elif act == "void":
        acts = list(order.deliveries.order_by("pk"))
        if acts:
            delivery_void(delivery_id=acts[values[0] % len(acts)].pk, reason="Error", actor=administrator, at=noon)
    else:
        order_close_short(order_id=order.pk, reason="Basta", actor=administrator, at=noon)


@pytest.mark.feature("PY-1")
@pytest.mark.threat("O3")
def test_two_receivers_of_one_delivery_record_it_once(own_database, taken_on, receiver, membership_factory, noon):
    order = taken_on(10, price="2.00")
    other = membership_factory(role="receiver", entity=receiver.entity)

    def record(actor) -> None:
        values = {"order_id": order.pk, "brought": [Brought(1, accepted=5)], "acts_seen": 0, "at": noon}
        delivery_record(received_on=noon.date(), actor=actor, **values)

    refused = together(*(lambda who=who: record(who) for who in (receiver, other, receiver, other)))

    assert refused == ["received_meanwhile"] * 3
    assert Delivery.objects.count() == 1
    assert list(accepted_quantities(order).values()) == [5]
    assert sum(held_by(order).values()) == 10 + 2 * Decimal("23.00")  # stock, certificate and ceiling, untouched
