"""What people do between an order's acceptance and its invoice. Each owns its transaction and holds the order first."""

from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from marketplace.kernel.errors import Broken, refuse
from marketplace.kernel.events import record
from marketplace.kernel.failpoints import failpoint
from marketplace.kernel.numbers import next_number
from marketplace.registry.models import Membership
from marketplace.shop.order.ending import order_locked
from marketplace.shop.order.models import Line, Order
from marketplace.shop.order.services import verification_code

from .facts import Brought, reasons_not_recordable
from .models import Delivery, DeliveryLine, Dispatch
from .selectors import acts_count, last_act


@transaction.atomic
def order_dispatch(
    *, order_id: int, actor: Membership, at: datetime, guide_number: str = "", expected_on: date | None = None, note: str = ""
) -> Dispatch:
    """The supplier has sent goods off, all or a part of them.

    Raises RuleBroken (``order_awaits_nothing``, ``expected_in_the_past``).
    """
    order = _awaiting_goods(order_id)
    if expected_on and expected_on < localdate(at):
        refuse([Broken("expected_in_the_past")])
    dispatch = Dispatch.objects.create(
        order=order,
        guide_number=guide_number.strip(),
        expected_on=expected_on,
        note=note.strip(),
        dispatched_by=actor,
        dispatched_at=at,
    )
    if order.status == Order.Status.ACCEPTED:
        order.move_to(Order.Status.IN_DELIVERY, at=at)
    record("order.dispatched", order, actor=actor, at=at, number=dispatch.guide_number, comment=dispatch.note)
    return dispatch


@transaction.atomic
def delivery_record(
    *,
    order_id: int,
    brought: list[Brought],
    received_on: date,
    acts_seen: int,
    actor: Membership,
    at: datetime,
    note: str = "",
) -> Delivery:
    """Record what came, line by line, and what of it was refused: the acceptance act.

    `acts_seen`: `acts_count` of the page that the receiver filled in, so that two receivers do not record one delivery twice.
    Raises RuleBroken (``order_awaits_nothing``, ``received_meanwhile``, codes of `facts`) and then writes nothing.
    """
    order = _awaiting_goods(order_id)
    _refuse_if_recorded_meanwhile(order, acts_seen)
    lines, brought = list(order.lines.order_by("pk")), [each for each in brought if each.is_mentioned]
    refuse(reasons_not_recordable(order, lines, brought, received_on, localdate(at)))
    for each in brought:
        lines[each.line - 1].accepted_quantity += each.accepted
    is_complete = not any(line.pending_quantity for line in lines)
    delivery = Delivery.objects.create(
        number=next_number("AER", year=localdate(at).year),
        order=order,
        kind=Delivery.Kind.DEFINITIVE if is_complete else Delivery.Kind.PARTIAL,
        received_on=received_on,
        received_by=actor,
        receiver_id=actor.user_id,
        note=note.strip(),
        verification_code=verification_code(),
        recorded_at=at,
    )
    failpoint("reception.act_written")
    DeliveryLine.objects.bulk_create(_delivery_line(delivery, lines[each.line - 1], each) for each in brought)
    failpoint("reception.lines_written")
    Line.objects.bulk_update([lines[each.line - 1] for each in brought if each.accepted], ["accepted_quantity"])
    failpoint("reception.quantities_written")
    record("delivery.recorded", delivery, actor=actor, at=at, number=delivery.number, order=order.number)
    _move_on(order, lines, actor, at)
    failpoint("reception.told")
    return delivery


def _awaiting_goods(order_id: int) -> Order:
    order = order_locked(order_id)
    if not order.awaits_goods:
        refuse([Broken("order_awaits_nothing", number=order.number, status=order.get_status_display())])
    return order


def _refuse_if_recorded_meanwhile(order: Order, acts_seen: int) -> None:
    if acts_count(order) != acts_seen:
        last = last_act(order)
        refuse([Broken("received_meanwhile", number=last.number, who=str(last.receiver))])


def _delivery_line(delivery: Delivery, line: Line, brought: Brought) -> DeliveryLine:
    return DeliveryLine(
        delivery=delivery,
        order_line=line,
        accepted=brought.accepted,
        refused=brought.refused,
        reason=brought.reason,
        explanation=brought.explanation.strip(),
        photograph=brought.photograph or "",
    )


def _move_on(order: Order, lines: list[Line], actor: Membership, at: datetime) -> None:
    """To the state that the accepted quantities say; a delivery that was refused whole changes nothing."""
    if not any(line.pending_quantity for line in lines):
        order.move_to(Order.Status.RECEIVED, at=at)
        record("order.received", order, actor=actor, at=at)
    elif any(line.accepted_quantity for line in lines) and order.status != Order.Status.PARTIALLY_RECEIVED:
        order.move_to(Order.Status.PARTIALLY_RECEIVED, at=at)
