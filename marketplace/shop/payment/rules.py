"""What a payment has come to, read from the gateway's notices; who may order one. Pure: the same notices, the same answer,
in whatever order and however often they arrived.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from marketplace.kernel.errors import Broken
from marketplace.shop.invoicing.models import Invoice

from .gateway import Notice
from .models import PaymentNotice, PaymentOrder

Status = PaymentOrder.Status
Kind = PaymentNotice.Kind
ZERO = Decimal("0.00")


@dataclass(frozen=True)
class Standing:
    """`believed`: the notices that made it so, one after the other. `doubt`: why the next one is not believed, if there is one."""

    status: str
    paid: Decimal = ZERO
    scheduled_for: date | None = None
    reason: str = ""
    believed: tuple[Notice, ...] = field(default=())
    doubt: str = ""


def standing_after(notices: Iterable[Notice], *, asked: Decimal, status: str) -> Standing:
    """From the first notice on, until one is missing or cannot be believed. `asked`: USD; `status`: before any notice."""
    by_sequence = {notice.sequence: notice for notice in notices}
    standing = Standing(status)
    while (notice := by_sequence.get(len(standing.believed) + 1)) is not None:
        doubt = _doubt(standing, notice, asked)
        if doubt:
            return replace(standing, doubt=doubt)
        standing = _after(standing, notice, asked)
    return standing


def _doubt(standing: Standing, notice: Notice, asked: Decimal) -> str:
    if standing.status in PaymentOrder.ENDED_UNPAID:
        return "payment_has_ended"
    if notice.kind == Kind.PAID and standing.paid + notice.amount > asked:
        return "amount_not_asked_for"
    if notice.kind == Kind.REVERSED and notice.amount > standing.paid:
        return "more_reversed_than_paid"
    if notice.kind in {Kind.SCHEDULED, Kind.REFUSED} and standing.paid:
        return "already_paid"
    return ""


def _after(standing: Standing, notice: Notice, asked: Decimal) -> Standing:
    believed = (*standing.believed, notice)
    if notice.kind == Kind.SCHEDULED:
        return replace(standing, status=Status.SCHEDULED, scheduled_for=notice.scheduled_for, believed=believed)
    if notice.kind == Kind.REFUSED:
        return replace(standing, status=Status.REFUSED, reason=notice.reason, believed=believed)
    paid = standing.paid + signed_amount(notice)
    ended = {ZERO: Status.REVERSED, asked: Status.PAID}
    return replace(standing, status=ended.get(paid, Status.PARTLY_PAID), paid=paid, reason=notice.reason, believed=believed)


def signed_amount(notice: Notice) -> Decimal:
    """USD that this notice brings; negative for what it takes back."""
    return {Kind.PAID: notice.amount, Kind.REVERSED: -notice.amount}.get(notice.kind, ZERO)


def penalty_to_withhold(*, penalty: Decimal, withheld: Decimal, gross: Decimal) -> Decimal:
    """What of an order's penalty no payment has borne yet, as far as this invoice reaches."""
    return min(max(penalty - withheld, ZERO), gross)


def reasons_not_payable(invoice: Invoice, *, has_received: bool, is_being_paid: bool) -> list[Broken]:
    broken = []
    if is_being_paid:
        broken.append(Broken("payment_ordered_already", number=invoice.number))
    elif invoice.status != Invoice.Status.CERTIFIED:
        broken.append(Broken("invoice_not_certified", number=invoice.number, status=invoice.get_status_display()))
    if has_received:
        broken.append(Broken("payer_received", number=invoice.number))
    return broken
