"""Orders that end before anything came of them: nobody answered in time, or the entity cancels. Each owns its transaction."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.timezone import localdate

from marketplace.kernel.errors import Broken, refuse
from marketplace.kernel.events import record
from marketplace.kernel.law import Parameter, parameter_on
from marketplace.kernel.limits.services import give_back
from marketplace.registry.models import Membership

from .models import Order

CANCELLABLE = (Order.Status.ISSUED, Order.Status.ACCEPTED, Order.Status.IN_DELIVERY)


def order_locked(order_id: int) -> Order:
    """The order, held until the transaction ends: what two people do to it (and to its deliveries, invoices and
    payments), they do one after the other."""
    orders = Order.objects.select_for_update(of=["self"])
    return orders.select_related("agreement", "entity", "supplier", "requisition__certificate").get(pk=order_id)


def answer_parameter(issued_at: datetime) -> Parameter:
    """The hours that a supplier has to answer: those of the day on which the order was issued."""
    return parameter_on("order.answer_hours", localdate(issued_at))


def answer_deadline(issued_at: datetime) -> datetime:
    return issued_at + timedelta(hours=int(answer_parameter(issued_at).value))


@transaction.atomic
def order_lapse(*, order_id: int, at: datetime) -> Order:
    """End an order that its supplier has not answered in time; its budget, ceiling and stock are free again.

    Safe to run twice, early, or after the answer: then it does nothing.
    """
    order = order_locked(order_id)
    if order.status == Order.Status.ISSUED and order.answer_until and at >= order.answer_until:
        _end(order, Order.CancelCause.UNANSWERED, at)
        record("order.lapsed", order, at=at)
    return order


@transaction.atomic
def order_cancel(*, order_id: int, reason: str, actor: Membership, at: datetime) -> Order:
    """The entity gives up an order of which nothing was accepted; its budget, ceiling and stock are free again.

    Raises RuleBroken (``order_not_cancellable``, ``cancel_reason_missing``) and then writes nothing.
    """
    order = order_locked(order_id)
    if order.status not in CANCELLABLE:
        refuse([Broken("order_not_cancellable", number=order.number, status=order.get_status_display())])
    if not reason.strip():
        refuse([Broken("cancel_reason_missing")])
    order.closing_reason = reason.strip()
    _end(order, Order.CancelCause.BY_ENTITY, at)
    record("order.cancelled", order, actor=actor, at=at, comment=order.closing_reason)
    return order


def _end(order: Order, cause: str, at: datetime) -> None:
    give_back(order)
    order.cancel_cause = cause
    order.move_to(Order.Status.CANCELLED, at=at, also=("cancel_cause", "closing_reason"))
