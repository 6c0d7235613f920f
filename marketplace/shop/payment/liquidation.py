"""Closing an order: all that was received is invoiced and paid, rounding is settled, the certificate gets the rest back."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.timezone import localdate

from marketplace.kernel.errors import Broken, refuse
from marketplace.kernel.events import record
from marketplace.kernel.failpoints import failpoint
from marketplace.kernel.limits.services import Taking, held_by, take
from marketplace.kernel.money import dollars
from marketplace.kernel.numbers import next_number
from marketplace.registry.models import Membership
from marketplace.shop.fulfilment.selectors import penalty_of
from marketplace.shop.invoicing.models import Invoice
from marketplace.shop.invoicing.selectors import invoices_of, open_lines
from marketplace.shop.invoicing.services import obligation_of
from marketplace.shop.order.ending import order_locked
from marketplace.shop.order.models import Order

from .ledger import Account, Kind, balances, post
from .models import Liquidation
from .money import OrderMoney, money_of

ZERO = Decimal("0.00")


def reasons_not_liquidable(order: Order) -> list[Broken]:
    """Every reason at once, so that whoever wants to close it sees all that is still to be done."""
    return list(_reasons(order))


def _reasons(order: Order) -> Iterator[Broken]:
    if order.status == Order.Status.LIQUIDATED:
        yield Broken("already_liquidated", number=order.number)
        return
    if order.status != Order.Status.RECEIVED:
        yield Broken("goods_still_owed", number=order.number, status=order.get_status_display())
    for line in (each.facts for each in open_lines(order)):
        if line.open:
            yield Broken("not_all_invoiced", title=line.title, open=line.open, accepted=line.accepted)
    for invoice in invoices_of(order).standing().exclude(status=Invoice.Status.PAID):
        yield Broken("invoice_unpaid", number=invoice.number, status=invoice.get_status_display())


@dataclass(frozen=True)
class Closing:
    """What a liquidation would write, all in USD. `certificate`: key of the limit that the order is reserved on."""

    money: OrderMoney
    claimed: Decimal
    certificate: int
    reserved: Decimal

    @property
    def released(self) -> Decimal:
        """What the invoices leave of what the order had reserved; cents beyond it stand in the ledger alone."""
        return max(self.reserved - self.money.invoiced, ZERO)


def closing_of(order: Order, at: datetime) -> Closing:
    money = money_of(order)
    limit = order.requisition.certificate.amount_id
    claimed = max(penalty_of(order, at) - money.withheld, ZERO)
    return Closing(money, claimed, limit, held_by(order).get(limit, ZERO))


@transaction.atomic
def order_liquidate(*, order_id: int, actor: Membership, at: datetime) -> Liquidation:
    """Close a received order for good: from here on the database refuses every change of it.

    Raises RuleBroken (``goods_still_owed``, ``not_all_invoiced``, ``invoice_unpaid``, ``already_liquidated``).
    """
    order = order_locked(order_id)
    refuse(reasons_not_liquidable(order))
    closing = closing_of(order, at)
    _settle(order, closing, at)
    failpoint("liquidation.settled")
    if closing.released:
        take([Taking(closing.certificate, -closing.released, order)])
    failpoint("liquidation.released")
    act = _act(order, closing, actor, at)
    failpoint("liquidation.act_written")
    order.move_to(Order.Status.LIQUIDATED, at=at)
    record("order.liquidated", order, actor=actor, at=at, number=act.number)
    failpoint("liquidation.told")
    return act


def _settle(order: Order, closing: Closing, at: datetime) -> None:
    """The cents of rounding leave the expense; the penalty that no payment could bear becomes a claim."""
    obligation, cents = obligation_of(order), closing.money.cents
    post(Kind.CENTS_SETTLED, obligation, cents, debit=Account.CENTS, credit=Account.EXPENSE, at=at)
    post(Kind.PENALTY_CLAIMED, obligation, closing.claimed, debit=Account.RECEIVABLE, credit=Account.PENALTY, at=at)
    left = balances(obligation)[Account.PAYABLE]
    if left:
        raise ArithmeticError(f"{order.number}: {left} left to pay in the ledger")


def _act(order: Order, closing: Closing, actor: Membership, at: datetime) -> Liquidation:
    money = closing.money
    return Liquidation.objects.create(
        order=order,
        number=next_number("AL", year=localdate(at).year),
        ordered=dollars(money.ordered),
        received=dollars(money.received),
        invoiced=dollars(money.invoiced),
        cents=dollars(money.cents),
        withheld=dollars(money.withheld),
        claimed=dollars(closing.claimed),
        paid=dollars(money.paid),
        released=dollars(closing.released),
        liquidated_by=actor,
        liquidator_id=actor.user_id,
        liquidated_at=at,
    )
