"""The ledger of each obligation: double entry, append-only, always in balance (the database refuses what is not).

Debits are positive. A certified invoice: expense to payable. A withheld penalty and a payment empty the payable; a bank's
reversal fills it again. What rounding partial invoices adds or takes goes to an account of its own as the order is liquidated.
"""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum

from marketplace.kernel.failpoints import failpoint
from marketplace.kernel.money import dollars
from marketplace.shop.invoicing.models import Invoice, Obligation

from .models import LedgerEntry, LedgerTransaction, PaymentOrder

ZERO = Decimal("0.00")
Account = LedgerEntry.Account
Kind = LedgerTransaction.Kind


@transaction.atomic
def post(
    kind: str,
    obligation: Obligation,
    amount: Decimal,
    *,
    debit: str,
    credit: str,
    at: datetime,
    invoice: Invoice | None = None,
    payment: PaymentOrder | None = None,
) -> None:
    """One act with two sides. `amount`: USD; a negative one turns it round, and nothing is written for nothing."""
    if not amount:
        return
    act = LedgerTransaction.objects.create(kind=kind, obligation=obligation, invoice=invoice, payment=payment, at=at)
    failpoint("ledger.act_written")
    sides = ((debit, amount), (credit, -amount))
    LedgerEntry.objects.bulk_create(LedgerEntry(transaction=act, account=account, amount=dollars(side)) for account, side in sides)


def post_certified(invoice: Invoice, *, at: datetime) -> None:
    sides = {"debit": Account.EXPENSE, "credit": Account.PAYABLE}
    post(Kind.INVOICE_CERTIFIED, invoice.obligation, invoice.gross.amount, **sides, at=at, invoice=invoice)


def post_annulled(invoice: Invoice, *, at: datetime) -> None:
    sides = {"debit": Account.PAYABLE, "credit": Account.EXPENSE}
    post(Kind.INVOICE_ANNULLED, invoice.obligation, invoice.gross.amount, **sides, at=at, invoice=invoice)


def post_paid(payment: PaymentOrder, amount: Decimal, *, at: datetime) -> None:
    """`amount`: USD that arrived; negative, USD that the bank took back."""
    kind = Kind.PAID if amount > 0 else Kind.PAYMENT_REVERSED
    _post_payment(kind, payment, amount, credit=Account.BANK, at=at)


def post_penalty(payment: PaymentOrder, amount: Decimal, *, at: datetime) -> None:
    """`amount`: USD withheld from the payment; negative, given up with a payment that came to nothing."""
    kind = Kind.PENALTY_WITHHELD if amount > 0 else Kind.PENALTY_RELEASED
    _post_payment(kind, payment, amount, credit=Account.PENALTY, at=at)


def _post_payment(kind: str, payment: PaymentOrder, amount: Decimal, *, credit: str, at: datetime) -> None:
    about = {"invoice": payment.invoice, "payment": payment}
    post(kind, payment.invoice.obligation, amount, debit=Account.PAYABLE, credit=credit, at=at, **about)


def balances(obligation: Obligation) -> dict[str, Decimal]:
    """USD by account, each with the sign that people expect: what is owed, withheld and paid is positive."""
    entries = LedgerEntry.objects.filter(transaction__obligation=obligation)
    sums = dict(entries.order_by().values_list("account").annotate(sum=Sum("amount")))
    return {account: sums.get(account, ZERO) * _sign(account) for account in Account.values}


def _sign(account: str) -> int:
    return -1 if account in {Account.PAYABLE, Account.PENALTY, Account.BANK} else 1


def is_being_paid(invoice: Invoice) -> bool:
    """Whether a payment order for it is on its way or has arrived."""
    return invoice.payment_orders.exclude(status__in=PaymentOrder.ENDED_UNPAID).exists()
