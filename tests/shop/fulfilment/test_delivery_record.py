from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from marketplace.kernel.errors import RuleBroken
from marketplace.kernel.events.models import Event
from marketplace.shop.fulfilment.facts import Brought
from marketplace.shop.fulfilment.models import Delivery, DeliveryLine
from marketplace.shop.fulfilment.selectors import accepted_quantities
from marketplace.shop.fulfilment.services import delivery_record, order_dispatch
from marketplace.shop.order.models import Line, Order

from .conftest import DAY, a_photograph


def refused(order: Order, call) -> list[str]:
    """The codes; and nothing was written."""
    before = (Delivery.objects.count(), order.status, accepted_quantities(order))
    with pytest.raises(RuleBroken) as refusal:
        call()
    order.refresh_from_db()
    assert (Delivery.objects.count(), order.status, accepted_quantities(order)) == before
    return refusal.value.codes


def kinds_of(order: Order) -> list[str]:
    return list(Event.objects.filter(subject_type="order.order", subject_id=order.pk).order_by("pk").values_list("kind", flat=True))


@pytest.mark.feature("PY-1")
def test_a_part_is_accepted_and_the_rest_stays_owed(taken_on, receive):
    order = taken_on(10, 4)

    act = receive(order, Brought(1, accepted=6))

    assert order.status == "partially_received"
    assert [(line.accepted_quantity, line.pending_quantity) for line in order.lines.order_by("pk")] == [(6, 4), (0, 4)]
    assert (act.kind, act.lines.get().accepted) == ("partial", 6)
    assert kinds_of(order) == ["order.issued", "order.accepted"]


@pytest.mark.feature("PY-1")
def test_the_last_units_make_it_received(taken_on, receive):
    order = taken_on(10, 4)
    receive(order, Brought(1, accepted=6))

    act = receive(order, Brought(1, accepted=4), Brought(2, accepted=4))

    assert (order.status, act.kind) == ("received", "definitive")
    assert kinds_of(order) == ["order.issued", "order.accepted", "order.received"]
    assert [event.payload["number"] for event in Event.objects.filter(kind="delivery.recorded").order_by("pk")][-1] == act.number


@pytest.mark.feature("PY-1")
def test_what_is_refused_stays_owed_with_its_reason_and_photograph(taken_on, receive):
    order = taken_on(10)

    act = receive(order, Brought(1, 7, 3, "damaged", "Tres cajas mojadas", a_photograph()))

    line = act.lines.get()
    assert (line.accepted, line.refused, line.reason, line.explanation) == (7, 3, "damaged", "Tres cajas mojadas")
    assert line.photograph.read().startswith(b"\xff\xd8")
    assert order.lines.get().pending_quantity == 3


def test_a_delivery_that_is_refused_whole_changes_no_state(taken_on, receive, membership_factory, noon):
    order = taken_on(10)
    order_dispatch(order_id=order.pk, actor=membership_factory(role="supplier_manager", supplier=order.supplier), at=noon)

    receive(order, Brought(1, refused=10, reason="wrong"))

    assert (order.status, order.lines.get().pending_quantity) == ("in_delivery", 10)


@pytest.mark.parametrize(
    ("brought", "codes"),
    [
        ([], ["nothing_brought"]),
        ([Brought(1, accepted=11)], ["more_than_owed"]),
        ([Brought(1, accepted=-1)], ["quantity_impossible"]),
        ([Brought(1, accepted=5, refused=2)], ["refusal_without_reason"]),
        ([Brought(1, refused=2, reason="other")], ["refusal_unexplained"]),
        ([Brought(1, accepted=5, reason="damaged")], ["reason_without_refusal"]),
        ([Brought(1, photograph=a_photograph())], ["reason_without_refusal"]),
        ([Brought(1, accepted=11), Brought(2, refused=1)], ["more_than_owed", "refusal_without_reason"]),
    ],
)
def test_refuses_what_cannot_be(taken_on, receive, brought, codes):
    order = taken_on(10, 4)

    assert refused(order, lambda: receive(order, *brought)) == codes


def test_refuses_days_on_which_nothing_can_have_come(taken_on, receiver, noon):
    order = taken_on(10)

    def record_on(day: date) -> None:
        values = {"order_id": order.pk, "brought": [Brought(1, 1)], "acts_seen": 0, "actor": receiver, "at": noon}
        delivery_record(received_on=day, **values)

    assert refused(order, lambda: record_on(date(2026, 11, 24))) == ["received_in_the_future"]
    assert refused(order, lambda: record_on(date(2026, 11, 22))) == ["received_before_acceptance"]


@pytest.mark.parametrize("status", ["issued", "received"])
def test_refuses_an_order_that_awaits_nothing(place, taken_on, receive, status):
    order = place(2) if status == "issued" else taken_on(2)
    if status == "received":
        receive(order, Brought(1, 2))

    assert refused(order, lambda: receive(order, Brought(1, 1))) == ["order_awaits_nothing"]


def test_refuses_a_page_that_was_filled_in_before_another_act(taken_on, receive):
    order = taken_on(10)
    receive(order, Brought(1, 5))

    assert refused(order, lambda: receive(order, Brought(1, 5), seen=0)) == ["received_meanwhile"]


@pytest.mark.feature("PY-1")
def test_the_database_holds_it_too(taken_on, receive):
    order = taken_on(10)
    act = receive(order, Brought(1, 6))

    with pytest.raises(IntegrityError, match="order_line_accepted_within_ordered"), transaction.atomic():
        Line.objects.filter(order=order).update(accepted_quantity=11)
    for change in (
        lambda: DeliveryLine.objects.filter(delivery=act).update(accepted=1),
        lambda: Delivery.objects.filter(pk=act.pk).update(note="Otra"),
        lambda: DeliveryLine.objects.filter(delivery=act).delete(),
    ):
        with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
            change()


def test_a_dispatch_says_when_and_with_what(taken_on, membership_factory, noon):
    order = taken_on(10)
    seller = membership_factory(role="supplier_manager", supplier=order.supplier)

    sent = order_dispatch(order_id=order.pk, actor=seller, at=noon, guide_number=" 004-1187 ", expected_on=date(2026, 11, 25))

    order.refresh_from_db()
    assert (order.status, sent.guide_number, sent.expected_on) == ("in_delivery", "004-1187", date(2026, 11, 25))
    with pytest.raises(RuleBroken) as refusal:
        order_dispatch(order_id=order.pk, actor=seller, at=noon + 3 * DAY, expected_on=date(2026, 11, 25))
    assert refusal.value.codes == ["expected_in_the_past"]
    assert order.dispatches.count() == 1
