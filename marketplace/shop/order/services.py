"""Placing orders, and the supplier's answer. Each owns its transaction."""

from datetime import datetime

from django.db import transaction
from django.utils.crypto import get_random_string
from django.utils.timezone import localdate

from framework_agreements.models import RejectionCause
from marketplace.kernel.errors import Broken, refuse
from marketplace.kernel.events import record
from marketplace.kernel.failpoints import failpoint
from marketplace.kernel.limits.services import give_back
from marketplace.kernel.money import dollars
from marketplace.kernel.numbers import next_number
from marketplace.registry.models import Membership
from marketplace.shop.requisition.models import Requisition, RequisitionLine
from marketplace.shop.requisition.pricing import FutureOrder

from .ending import answer_deadline, order_locked
from .jobs import answer_time_ends
from .models import Line, Order, OrderVat

CODE_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


def verification_code() -> str:
    """Sixteen letters and digits in fours, about 79 bits: what lets anyone check a printed order."""
    return "-".join(get_random_string(4, CODE_LETTERS) for _ in range(4))


@transaction.atomic
def orders_place(requisition: Requisition, futures: list[FutureOrder], *, actor: Membership, at: datetime) -> list[Order]:
    """One order per supplier and agreement, in the order given, each with its lines and its VAT. Takes no limit."""
    return [_order_place(requisition, future, actor, at) for future in futures]


def _order_place(requisition: Requisition, future: FutureOrder, actor: Membership, at: datetime) -> Order:
    totals = future.totals
    order = Order.objects.create(
        number=next_number("OC", year=localdate(at).year),
        requisition=requisition,
        basket_id=requisition.basket_id,
        entity=requisition.entity,
        supplier_id=future.supplier_id,
        agreement_id=future.agreement_id,
        user_id=actor.user_id,
        total_excl_tax=totals.net,
        total_incl_tax=totals.gross,
        status_at=at,
        date_placed=at,
        answer_until=answer_deadline(at),
        verification_code=verification_code(),
    )
    failpoint("order.written")
    Line.objects.bulk_create(_line(order, line) for line in future.lines)
    failpoint("order.lines_written")
    OrderVat.objects.bulk_create(
        OrderVat(
            order=order, category=share.category, percent=share.percent, base=dollars(share.base), amount=dollars(share.amount)
        )
        for share in totals.shares
    )
    answer_time_ends.enqueue(run_at=order.answer_until, order_id=order.pk)
    failpoint("order.alarm_set")
    record("order.issued", order, actor=actor, at=at)
    return order


def _line(order: Order, line: RequisitionLine) -> Line:
    """Oscar's gross columns hold the line alone, unrounded: the document's VAT is `OrderVat`, rounded on its sums."""
    net, price, factor = line.net.amount, line.unit_price.amount, 1 + line.vat_percent / 100
    return Line(
        order=order,
        requisition_line=line,
        partner_id=line.listing.partner_id,
        partner_name=line.supplier_name[:128],
        partner_sku=line.partner_sku,
        stockrecord_id=line.listing_id,
        product_id=line.product_id,
        title=line.product_title,
        upc=line.product_code,
        lot_id=line.lot_id,
        quantity=line.quantity,
        unit_price_excl_tax=price,
        unit_price_incl_tax=price * factor,
        line_price_excl_tax=net,
        line_price_incl_tax=net * factor,
        line_price_before_discounts_excl_tax=net,
        line_price_before_discounts_incl_tax=net * factor,
        tax_code=line.vat_category,
        vat_percent=line.vat_percent,
    )


@transaction.atomic
def order_accept(*, order_id: int, actor: Membership, at: datetime, comment: str = "") -> Order:
    """The supplier takes the order. Raises RuleBroken (``order_already_answered``, ``answer_too_late``)."""
    order = _answerable(order_id, at)
    order.answer_comment, order.accepted_at = comment.strip(), at
    order.move_to(Order.Status.ACCEPTED, at=at, also=("answer_comment", "accepted_at"))
    record("order.accepted", order, actor=actor, at=at, comment=order.answer_comment)
    return order


@transaction.atomic
def order_reject(*, order_id: int, cause: RejectionCause, actor: Membership, at: datetime, comment: str = "") -> Order:
    """The supplier refuses, for a cause that the agreement allows; stock, ceiling and certificate are given back.

    Raises RuleBroken (``order_already_answered``, ``answer_too_late``, ``cause_elsewhere``).
    """
    order = _answerable(order_id, at)
    if cause.agreement_id != order.agreement_id:
        refuse([Broken("cause_elsewhere", agreement=order.agreement.code)])
    give_back(order)
    order.rejection_cause, order.answer_comment = cause, comment.strip()
    order.move_to(Order.Status.REJECTED, at=at, also=("rejection_cause", "answer_comment"))
    record("order.rejected", order, actor=actor, at=at, cause=cause.text, comment=order.answer_comment)
    return order


def _answerable(order_id: int, at: datetime) -> Order:
    """Locked. What its time has run out for can no longer be answered, even if the alarm has not rung yet."""
    order = order_locked(order_id)
    if order.status != Order.Status.ISSUED:
        refuse([Broken("order_already_answered", number=order.number, status=order.get_status_display())])
    if order.answer_until and at >= order.answer_until:
        refuse([Broken("answer_too_late", number=order.number, until=order.answer_until)])
    return order
