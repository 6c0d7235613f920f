"""What the order administrator decides: the rest is given up, or a reception was recorded in error."""

from collections import defaultdict
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from marketplace.kernel.errors import Broken, refuse
from marketplace.kernel.events import record
from marketplace.kernel.limits.services import Taking, held_by, take
from marketplace.registry.models import Membership
from marketplace.shop.invoicing.selectors import invoiced_quantities
from marketplace.shop.order.ending import order_locked
from marketplace.shop.order.models import Line, Order
from marketplace.shop.partner.totals import PricedLine, document_totals

from .models import Delivery, DeliveryVoid

VOIDABLE = (Order.Status.IN_DELIVERY, Order.Status.ACCEPTED, Order.Status.PARTIALLY_RECEIVED, Order.Status.RECEIVED)


@transaction.atomic
def order_close_short(*, order_id: int, reason: str, actor: Membership, at: datetime) -> Order:
    """Give up what was not accepted: the delay's clock stops, and budget, ceiling and stock of that part are free again.

    Raises RuleBroken (``nothing_accepted_yet``, ``not_partially_received``, ``closing_reason_missing``).
    """
    order = order_locked(order_id)
    refuse(_reasons_not_closable(order, reason))
    lines = list(order.lines.select_related("lot", "stockrecord").order_by("pk"))
    held, kept = held_by(order), kept_for_accepted(order, lines)
    take(Taking(limit_id, kept[limit_id] - quantity, order) for limit_id, quantity in held.items() if quantity > kept[limit_id])
    order.closed_short_at, order.closing_reason = at, reason.strip()
    order.move_to(Order.Status.RECEIVED, at=at, also=("closed_short_at", "closing_reason"))
    record("order.closed_short", order, actor=actor, at=at, comment=order.closing_reason)
    record("order.received", order, actor=actor, at=at)
    return order


def _reasons_not_closable(order: Order, reason: str) -> list[Broken]:
    if order.status in (Order.Status.ACCEPTED, Order.Status.IN_DELIVERY):
        return [Broken("nothing_accepted_yet", number=order.number)]
    if order.status != Order.Status.PARTIALLY_RECEIVED:
        return [Broken("not_partially_received", number=order.number, status=order.get_status_display())]
    return [] if reason.strip() else [Broken("closing_reason_missing")]


def kept_for_accepted(order: Order, lines: list[Line]) -> dict[int, Decimal]:
    """What each limit still has to bear, by its key, if only what was accepted is paid: rounded as the order itself was."""
    kept: dict[int, Decimal] = defaultdict(Decimal)
    by_ceiling: dict[int, list[PricedLine]] = defaultdict(list)
    for line in lines:
        kept[line.stockrecord.stock_id] += line.accepted_quantity
        by_ceiling[line.lot.ceiling_id].append(line.priced_as_accepted)
    for ceiling_id, priced in by_ceiling.items():
        kept[ceiling_id] = document_totals(priced).gross
    kept[order.requisition.certificate.amount_id] = document_totals(line.priced_as_accepted for line in lines).gross
    return kept


@transaction.atomic
def delivery_void(*, delivery_id: int, reason: str, actor: Membership, at: datetime) -> DeliveryVoid:
    """Take back a reception that was recorded in error: what it accepted is owed again. The act stays, marked as void.

    Raises RuleBroken (``already_void``, ``too_late_to_void``, ``void_reason_missing``) and then writes nothing.
    """
    delivery = Delivery.objects.get(pk=delivery_id)
    order = order_locked(delivery.order_id)
    refuse(_reasons_not_voidable(delivery, order, reason))
    void = DeliveryVoid.objects.create(delivery=delivery, reason=reason.strip(), voided_by=actor, voided_at=at)
    accepted = dict(delivery.lines.values_list("order_line_id", "accepted"))
    lines = list(order.lines.order_by("pk"))
    for line in lines:
        line.accepted_quantity -= accepted.get(line.pk, 0)
    Line.objects.bulk_update([line for line in lines if accepted.get(line.pk)], ["accepted_quantity"])
    _move_back(order, lines, at)
    record("delivery.voided", delivery, actor=actor, at=at, number=delivery.number, order=order.number, comment=void.reason)
    return void


def _reasons_not_voidable(delivery: Delivery, order: Order, reason: str) -> list[Broken]:
    if DeliveryVoid.objects.filter(delivery=delivery).exists():
        return [Broken("already_void", number=delivery.number)]
    if order.status not in VOIDABLE or order.closed_short_at:
        return [Broken("too_late_to_void", number=delivery.number, status=order.get_status_display())]
    if _is_invoiced(delivery, order):
        return [Broken("void_of_invoiced", number=delivery.number)]
    return [] if reason.strip() else [Broken("void_reason_missing")]


def _is_invoiced(delivery: Delivery, order: Order) -> bool:
    """Whether without this act more would be invoiced than is accepted; the database refuses that as well."""
    invoiced = invoiced_quantities(order)
    accepted = dict(delivery.lines.values_list("order_line_id", "accepted"))
    return any(line.accepted_quantity - accepted.get(line.pk, 0) < invoiced[line.pk] for line in order.lines.all())


def _move_back(order: Order, lines: list[Line], at: datetime) -> None:
    """To the state that the accepted quantities say now: a void only ever takes some away."""
    is_something_accepted = any(line.accepted_quantity for line in lines)
    target = Order.Status.PARTIALLY_RECEIVED if is_something_accepted else Order.Status.IN_DELIVERY
    is_unchanged = not any(line.pending_quantity for line in lines) or order.status in (target, Order.Status.ACCEPTED)
    if not is_unchanged:
        order.move_to(target, at=at)
