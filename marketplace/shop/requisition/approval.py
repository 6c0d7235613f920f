"""Approval: step by step; the last one gives one order per supplier and agreement, all limits taken, or nothing at all."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

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
from marketplace.shop.partner.models import StockRecord
from marketplace.shop.partner.rules import Demand, reasons_not_orderable, words_about

from .deciding import certificate_short, decide, in_the_place_of, requisition_locked, turn_taken
from .locking import hold_terms
from .models import Requisition, RequisitionLine, RouteStep
from .pricing import FutureOrder, future_orders, lines_at_prices_in_force, requisition_totals
from .routing import Decider, route_follow, route_of
from .services import reasons_not_to_be_approved

RENEWED = ["price", "unit_price", "net", "vat_category", "vat_percent", "sales_unit"]


@transaction.atomic
def requisition_approve(
    *, requisition_id: int, gross_seen: Decimal, actor: Membership, at: datetime, comment: str = ""
) -> list[Order]:
    """Approve the step that waits at the prices in force; the last step issues the orders, an earlier one gives none.

    `gross_seen`: the total with VAT on the page that the approver read. Raises RuleBroken (``own_need``,
    ``already_decided``, ``not_your_turn``, ``step_approved_by_you``, ``needed_for_another_step``,
    ``step_without_approver``, ``too_few_approvers``, ``amount_changed``, ``stock_short``, ``ceiling_short``,
    ``certificate_short``, codes of `partner.rules`) and then writes nothing.
    """
    requisition = requisition_locked(requisition_id)
    route, decider = turn_taken(requisition, actor, at)
    hold_terms(requisition.lines.values_list("listing_id", flat=True))
    lines, _ = lines_at_prices_in_force(requisition, at)
    refuse(reasons_not_orderable_now(requisition, lines, at))
    failpoint("approval.judged")
    gross_sent = requisition.gross
    _renew(requisition, lines, gross_seen)
    _step_approve(route.current, decider, comment, at)
    failpoint("approval.step_approved")
    if requisition.gross != gross_sent:
        route_follow(requisition)
        refuse(reasons_not_to_be_approved(route_of(requisition, at), requisition.requested_by, localdate(at)))
    if requisition.steps.filter(approved_at=None).exists():
        _go_on(requisition, decider, comment, at)
        return []
    futures = future_orders(lines)
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


def reasons_not_orderable_now(requisition: Requisition, lines: list[RequisitionLine], at: datetime) -> list[Broken]:
    """What has happened to suppliers, lots, agreements and stock since the cart was sent."""
    canton = requisition.delivery_canton
    listings = StockRecord.objects.with_terms().with_refusal(localdate(at)).with_coverage(canton)
    found = listings.in_bulk([line.listing_id for line in lines])
    demands = [(found[line.listing_id], Demand(line.quantity, canton)) for line in lines]
    return [broken for listing, demand in demands for broken in reasons_not_orderable(listing, demand)]


def _renew(requisition: Requisition, lines: list[RequisitionLine], gross_seen: Decimal) -> None:
    """Write the prices in force into the requisition, if they are those that the approver saw."""
    totals = requisition_totals(lines)
    if totals.gross != gross_seen:
        refuse([Broken("amount_changed", now=totals.gross, seen=gross_seen)])
    RequisitionLine.objects.bulk_update([line for line in lines if line.is_renewed], RENEWED)
    requisition.net, requisition.vat, requisition.gross = dollars(totals.net), dollars(totals.vat), dollars(totals.gross)


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
