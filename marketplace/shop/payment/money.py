"""The money of an order at one glance: ordered, received, invoiced, withheld, paid, left. What the order's page shows."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum

from marketplace.shop.invoicing.models import Invoice
from marketplace.shop.invoicing.selectors import invoices_of
from marketplace.shop.order.models import Line, Order
from marketplace.shop.partner.totals import document_totals

from .ledger import Account, balances

ZERO = Decimal("0.00")


@dataclass(frozen=True)
class OrderMoney:
    """USD with VAT. `received`: the accepted units at the order's prices, VAT rounded once, as one invoice would say it."""

    ordered: Decimal
    received: Decimal
    invoiced: Decimal
    withheld: Decimal
    paid: Decimal

    @property
    def cents(self) -> Decimal:
        """What rounding each partial invoice by itself adds or takes; known when all that was received is invoiced."""
        return self.invoiced - self.received

    @property
    def to_invoice(self) -> Decimal:
        return max(self.received - self.invoiced, ZERO)

    @property
    def left(self) -> Decimal:
        """Of what is invoiced, what is still to be paid."""
        return self.invoiced - self.withheld - self.paid


def money_of(order: Order) -> OrderMoney:
    books = balances(order.obligation) if hasattr(order, "obligation") else {}
    invoiced = invoices_of(order).standing().aggregate(sum=Sum("gross"))["sum"]
    return OrderMoney(
        ordered=order.total_incl_tax,
        received=value_of(order.lines.all()),
        invoiced=invoiced or ZERO,
        withheld=books.get(Account.PENALTY, ZERO),
        paid=books.get(Account.BANK, ZERO),
    )


def value_of(lines: Iterable[Line]) -> Decimal:
    """USD with VAT of what was accepted of these lines."""
    return document_totals(line.priced_as_accepted for line in lines).gross


def money_block(order: Order) -> dict:
    """What the order's page shows of its money; nothing before something was accepted or invoiced."""
    invoices: list[Invoice] = list(invoices_of(order))
    has_money = invoices or any(line.accepted_quantity for line in order.lines.all())
    return {"money": money_of(order) if has_money else None, "invoices": invoices}
