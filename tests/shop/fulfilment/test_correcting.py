from decimal import Decimal

import pytest

from marketplace.kernel.errors import RuleBroken
from marketplace.shop.fulfilment.correcting import delivery_void, order_close_short
from marketplace.shop.fulfilment.facts import Brought
from marketplace.shop.fulfilment.selectors import accepted_quantities
from marketplace.shop.order.ending import order_cancel

from .conftest import DAY


def limits_of(order):
    line = order.lines.order_by("pk").first()
    return order.requisition.certificate.amount, line.stockrecord.stock, line.lot.ceiling


def refused(call) -> list[str]:
    with pytest.raises(RuleBroken) as refusal:
        call()
    return refusal.value.codes


@pytest.mark.feature("OR-2")
@pytest.mark.feature("OR-5")
def test_closing_short_frees_what_was_not_delivered(taken_on, receive, administrator, noon, left):
    order = taken_on(10)  # 20.00 and 3.00 VAT
    receive(order, Brought(1, accepted=6))  # 12.00 and 1.80

    order_close_short(order_id=order.pk, reason=" Ya no hace falta ", actor=administrator, at=noon)

    order.refresh_from_db()
    assert (order.status, order.closing_reason, order.closed_short_at) == ("received", "Ya no hace falta", noon)
    assert [left(limit) for limit in limits_of(order)] == [Decimal("99986.20"), 94, Decimal("999986.20")]


def test_closing_short_needs_a_reason_and_a_part(taken_on, receive, administrator, noon):
    order = taken_on(10)
    close = {"order_id": order.pk, "actor": administrator, "at": noon}
    assert refused(lambda: order_close_short(reason="Sí", **close)) == ["nothing_accepted_yet"]
    receive(order, Brought(1, accepted=6))
    assert refused(lambda: order_close_short(reason=" ", **close)) == ["closing_reason_missing"]
    receive(order, Brought(1, accepted=4))
    assert refused(lambda: order_close_short(reason="Sí", **close)) == ["not_partially_received"]
    assert order.status == "received"


@pytest.mark.feature("OR-5")
def test_cancelling_gives_everything_back(taken_on, administrator, noon, left):
    order = taken_on(10)

    order_cancel(order_id=order.pk, reason="Se compró por error", actor=administrator, at=noon)

    order.refresh_from_db()
    assert (order.status, order.cancel_cause, order.closing_reason) == ("cancelled", "by_entity", "Se compró por error")
    assert [left(limit) for limit in limits_of(order)] == [Decimal("100000.00"), 100, Decimal("1000000.00")]


def test_what_has_come_is_not_cancelled(taken_on, receive, administrator, noon, left):
    order = taken_on(10)
    cancel = {"order_id": order.pk, "actor": administrator, "at": noon}
    assert refused(lambda: order_cancel(reason="", **cancel)) == ["cancel_reason_missing"]
    receive(order, Brought(1, accepted=6))
    assert refused(lambda: order_cancel(reason="Sí", **cancel)) == ["order_not_cancellable"]
    assert left(limits_of(order)[1]) == 90


@pytest.mark.feature("PY-1")
def test_a_voided_act_stays_and_what_it_accepted_is_owed_again(taken_on, receive, administrator, noon):
    order = taken_on(10)
    first, second = receive(order, Brought(1, accepted=6)), receive(order, Brought(1, accepted=4))
    void = {"actor": administrator, "at": noon + DAY}

    delivery_void(delivery_id=second.pk, reason="Eran 3", **void)
    order.refresh_from_db()
    assert (order.status, list(accepted_quantities(order).values())) == ("partially_received", [6])
    delivery_void(delivery_id=first.pk, reason="Otra orden", **void)
    order.refresh_from_db()
    assert (order.status, list(accepted_quantities(order).values())) == ("in_delivery", [0])
    assert refused(lambda: delivery_void(delivery_id=first.pk, reason="Otra vez", **void)) == ["already_void"]
    assert order.deliveries.count() == 2


def test_nothing_is_voided_without_a_reason_or_once_it_is_closed(taken_on, receive, administrator, noon):
    order = taken_on(10)
    act = receive(order, Brought(1, accepted=6))
    assert refused(lambda: delivery_void(delivery_id=act.pk, reason="", actor=administrator, at=noon)) == ["void_reason_missing"]
    order_close_short(order_id=order.pk, reason="Basta", actor=administrator, at=noon)
    assert refused(lambda: delivery_void(delivery_id=act.pk, reason="No", actor=administrator, at=noon)) == ["too_late_to_void"]
    assert list(accepted_quantities(order).values()) == [6]
