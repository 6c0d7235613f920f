"""Approval: step by step; the last one gives one order per supplier and agreement, all limits taken, or nothing at all."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from itertools import chain

from django.db import transaction
from django.utils.timezone import localdate

from marketplace.kernel.errors import Broken, refuse
from marketplace.kernel.events import record
from marketplace.kernel.failpoints import failpoint
from marketplace.kernel.limits.services import LimitExceeded, Taking, held_by, take
from marketplace.kernel.money import dollars
from marketplace.registry.models import Membership
from marketplace.shop.order.models import Order
from marketplace.shop.order.services import orders_place
from marketplace.shop.partner.rules import words_about

from .changes import refusals_of
from .deciding import certificate_short, decide, in_the_place_of, requisition_locked, turn_taken
from .locking import hold_terms
from .models import Requisition, RequisitionLine, RouteStep
from .pricing import FutureOrder, future_orders, lines_at_prices_in_force, requisition_totals
from .routing import Decider, route_follow, route_of
from .rules import reasons_not_rejectable
from .services import reasons_not_to_be_approved

RENEWED = ["price", "unit_price", "net", "vat_category", "vat_percent", "sales_unit"]


@transaction.atomic
def requisition_approve(
    *,
    requisition_id: int,
    gross_seen: Decimal,
    actor: Membership,
    at: datetime,
    comment: str = "",
    rejections: Mapping[int, str] | None = None,
) -> list[Order]:
    """Approve the step that waits at the prices in force; the last step issues the orders, an earlier one gives none.

    `gross_seen`: the total with VAT, of the lines that are kept, on the page that the approver read. `rejections`: the
    reason by the key of each line that is taken out; the way stays the one of all that was sent (`route_follow`). Raises
    RuleBroken (``own_need``, ``already_decided``, ``hold_over``, ``not_your_turn``, ``step_approved_by_you``,
    ``needed_for_another_step``, ``step_without_approver``, ``too_few_approvers``, ``rejection_reason_missing``,
    ``all_lines_rejected``, ``line_not_there``, ``kept_amount_unread``, ``amount_changed``, ``stock_short``,
    ``ceiling_short``, ``certificate_short``, codes of `partner.rules`) and then writes nothing.
    """
    requisition, rejections = requisition_locked(requisition_id), rejections or {}
    route, decider = turn_taken(requisition, actor, at)
    step = route.current
    hold_terms(requisition.lines.kept().values_list("listing_id", flat=True))
    lines = lines_at_prices_in_force(requisition, at)
    kept = [line for line in lines if line.pk not in rejections]
    refuse(reasons_not_rejectable(requisition, lines, rejections))
    refuse(chain.from_iterable(refusals_of(requisition, kept, at).values()))
    failpoint("approval.judged")
    _renew(requisition, lines, kept, gross_seen)
    _step_approve(step, decider, comment, at)
    _reject(requisition, [line for line in lines if line.pk in rejections], rejections, step, at)
    failpoint("approval.step_approved")
    if any(line.is_renewed for line in lines):
        _follow(requisition, lines, at)
    if requisition.steps.filter(approved_at=None).exists():
        _go_on(requisition, decider, comment, at)
        return []
    futures = future_orders(kept)
    orders = orders_place(requisition, futures, actor=actor, at=at)
    failpoint("approval.orders_placed")
    _take_all(requisition, futures, orders)
    failpoint("order.after_stock")
    decide(requisition, Requisition.Status.APPROVED, comment, decider, at)
    requisition.basket.submit()
    failpoint("approval.decided")
    record("requisition.approved", requisition, actor=actor, at=at, comment=requisition.comment, **in_the_place_of(decider))
    failpoint("approval.told")
    return orders


def _step_approve(step: RouteStep, decider: Decider, comment: str, at: datetime) -> None:
    step.approved_by, step.approver_id, step.principal = decider.actor, decider.actor.user_id, decider.principal
    step.approved_at, step.comment = at, comment.strip()
    step.save(update_fields=["approved_by", "approver", "principal", "approved_at", "comment"])


def _reject(
    requisition: Requisition,
    lines: list[RequisitionLine],
    reasons: Mapping[int, str],
    step: RouteStep,
    at: datetime,
) -> None:
    """Take these lines out: nothing is ordered of them, and who asked for them is told why."""
    if not lines:
        return
    for line in lines:
        line.rejected_in, line.rejection_reason = step, reasons[line.pk].strip()
    RequisitionLine.objects.bulk_update(lines, ["rejected_in", "rejection_reason"])
    told = {"comment": "; ".join(f"{line.product_title}: {line.rejection_reason}" for line in lines), "count": len(lines)}
    told |= in_the_place_of(Decider(step.approved_by, step.principal))
    record("requisition.lines_rejected", requisition, actor=step.approved_by, at=at, **told)


def _follow(requisition: Requisition, lines: list[RequisitionLine], at: datetime) -> None:
    """Other prices may ask for other steps; what is rejected counts as if it were kept."""
    renewed = {line.pk for line in lines}
    route_follow(requisition, requisition_totals([*lines, *requisition.lines.exclude(pk__in=renewed)]).gross)
    refuse(reasons_not_to_be_approved(route_of(requisition, at), requisition.requested_by, localdate(at)))


def _go_on(requisition: Requisition, decider: Decider, comment: str, at: datetime) -> None:
    """It waits for the next step; the reservation is that of the amount that was approved."""
    held = held_by(requisition).get(requisition.certificate.amount_id, Decimal(0))
    try:
        take([Taking(requisition.certificate.amount_id, requisition.gross.amount - held, requisition)])
    except LimitExceeded as short:
        refuse([certificate_short(requisition.certificate, short)])
    requisition.save(update_fields=["net", "vat", "gross"])
    told = {"comment": comment.strip()} | in_the_place_of(decider)
    record("requisition.step_approved", requisition, actor=decider.actor, at=at, **told)


def _renew(requisition: Requisition, lines: list[RequisitionLine], kept: list[RequisitionLine], gross_seen: Decimal) -> None:
    """Write the prices in force into the requisition, if they are those that the approver saw, of the lines that are kept."""
    totals = requisition_totals(kept)
    if totals.gross != gross_seen:
        refuse([_amount_not_read(lines, kept, totals.gross, gross_seen)])
    RequisitionLine.objects.bulk_update([line for line in lines if line.is_renewed], RENEWED)
    requisition.net, requisition.vat, requisition.gross = dollars(totals.net), dollars(totals.vat), dollars(totals.gross)


def _amount_not_read(lines: list[RequisitionLine], kept: list[RequisitionLine], now: Decimal, seen: Decimal) -> Broken:
    """Whoever rejects lines has read the total of all, and reads what is left of it before it is approved."""
    if len(kept) < len(lines) and requisition_totals(lines).gross == seen:
        return Broken("kept_amount_unread", kept=len(kept), lines=len(lines), now=now, seen=seen)
    return Broken("amount_changed", now=now, seen=seen)


def _take_all(requisition: Requisition, futures: list[FutureOrder], orders: list[Order]) -> None:
    """Certificate, ceilings and stock in one statement; what the requisition had reserved passes to its orders."""
    takings = [Taking(limit_id, -held, requisition) for limit_id, held in held_by(requisition).items()]
    for future, order in zip(futures, orders, strict=True):
        takings += _takings_of(requisition, future, order)
    try:
        take(takings)
    except LimitExceeded as short:
        refuse([_what_is_short(requisition, futures, short)])


def _takings_of(requisition: Requisition, future: FutureOrder, order: Order) -> Iterator[Taking]:
    yield Taking(requisition.certificate.amount_id, order.total_incl_tax, order)
    for lot, gross in future.gross_by_lot().items():
        yield Taking(lot.ceiling_id, gross, order)
    for line in future.lines:
        yield Taking(line.listing.stock_id, line.quantity, order)


def _what_is_short(requisition: Requisition, futures: list[FutureOrder], short: LimitExceeded) -> Broken:
    if short.limit_id == requisition.certificate.amount_id:
        return certificate_short(requisition.certificate, short)
    lines = [line for future in futures for line in future.lines]
    line = next((line for line in lines if line.listing.stock_id == short.limit_id), None)
    if line is not None:
        return Broken("stock_short", left=int(short.left), asked=int(short.asked), **words_about(line.listing))
    lot = next(line.lot for line in lines if line.lot.ceiling_id == short.limit_id)
    return Broken("ceiling_short", lot=lot.name, agreement=lot.agreement.code, left=short.left, asked=short.asked)
