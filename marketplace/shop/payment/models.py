from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.kernel.fields import AmountField
from marketplace.kernel.history.tables import only_grows
from marketplace.kernel.ids import public_id
from marketplace.kernel.states import Moves
from marketplace.registry.models import Membership
from marketplace.shop.invoicing.models import Invoice, Obligation
from marketplace.shop.order.models import Order


class PaymentOrder(Moves):
    """An order to the entity's finance system to pay an invoice, less the penalty withheld. No card, no bank account here.

    `amount`: USD asked for; nothing beyond it is ever believed. `paid`: what has arrived, by the gateway's notices. `id_public`
    is also the key by which the gateway knows a repeated request. `heard`: the last notice that was taken in. `problem`: why the
    last attempt to send it failed.
    """

    class Status(models.TextChoices):
        PREPARED = "prepared", _("Being sent")
        SENT = "sent", _("Sent")
        SCHEDULED = "scheduled", _("Scheduled")
        PARTLY_PAID = "partly_paid", _("Partly paid")
        PAID = "paid", _("Paid")
        REFUSED = "refused", _("Refused")
        REVERSED = "reversed", _("Reversed")

    # a notice may overtake the answer to the request, so every state may follow the first
    MOVES = {
        Status.PREPARED: {*Status} - {Status.PREPARED},
        Status.SENT: {*Status} - {Status.PREPARED, Status.SENT},
        Status.SCHEDULED: {Status.PARTLY_PAID, Status.PAID, Status.REFUSED, Status.REVERSED},
        Status.PARTLY_PAID: {Status.PAID, Status.REVERSED},
        Status.PAID: {Status.PARTLY_PAID, Status.REVERSED},
        Status.REFUSED: set(),
        Status.REVERSED: set(),
    }
    ENDED_UNPAID = (Status.REFUSED, Status.REVERSED)

    id_public = models.UUIDField(default=public_id, unique=True, editable=False)
    number = models.CharField(_("number"), max_length=32, unique=True)
    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="payment_orders", verbose_name=_("invoice"))
    amount = AmountField(_("amount"))
    penalty = AmountField(_("penalty withheld"))
    paid = AmountField(_("paid"), default=0)
    status = models.CharField(_("status"), max_length=16, choices=Status.choices, default=Status.PREPARED)
    reference = models.CharField(_("reference of the gateway"), max_length=80, blank=True)
    scheduled_for = models.DateField(_("scheduled for"), null=True)
    reason = models.TextField(_("reason"), blank=True)
    heard = models.PositiveIntegerField(default=0)
    attempts = models.PositiveIntegerField(default=0)
    problem = models.TextField(blank=True)
    ordered_by = models.ForeignKey(Membership, models.PROTECT, related_name="payment_orders", verbose_name=_("ordered by"))
    ordered_at = models.DateTimeField(_("ordered"))

    class Meta:
        verbose_name = _("payment order")
        verbose_name_plural = _("payment orders")
        ordering = ["-ordered_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["invoice"], condition=~Q(status__in=["refused", "reversed"]), name="payment_one_at_a_time"
            ),
            models.CheckConstraint(condition=Q(amount__gte=0, penalty__gte=0), name="payment_is_not_negative"),
            models.CheckConstraint(condition=Q(paid__gte=0, paid__lte=F("amount")), name="payment_paid_within_asked"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("payment:payment", args=[self.number])


class PaymentNotice(models.Model):
    """What the gateway says about one payment order: its first, second, third … notice. Only grows.

    `amount`: USD paid or reversed by this notice; 0 for the others.
    """

    class Kind(models.TextChoices):
        SCHEDULED = "scheduled", _("Scheduled")
        PAID = "paid", _("Paid")
        REFUSED = "refused", _("Refused")
        REVERSED = "reversed", _("Reversed")

    payment = models.ForeignKey(PaymentOrder, models.PROTECT, related_name="notices")
    sequence = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=Kind.choices)
    amount = AmountField(default=0)
    scheduled_for = models.DateField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    received_at = models.DateTimeField()

    class Meta:
        ordering = ["sequence"]
        constraints = [
            models.UniqueConstraint(fields=["payment", "sequence"], name="payment_notice_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["paid", "reversed"], amount__gt=0) | Q(kind__in=["scheduled", "refused"], amount=0),
                name="payment_notice_amount_fits_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.payment} {self.sequence} {self.kind}"


class SuspectNotice(models.Model):
    """A signed notice that was not believed: an amount nobody asked for, a payment nobody ordered. For a person. Only grows."""

    payment = models.ForeignKey(PaymentOrder, models.PROTECT, null=True, related_name="suspect_notices")
    code = models.CharField(max_length=40)
    digest = models.CharField(max_length=64, unique=True)
    body = models.JSONField()
    received_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-received_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.code} {self.payment}"


class LedgerTransaction(models.Model):
    """A bookkeeping act about one obligation; its entries sum to zero, or the database refuses it. Only grows."""

    class Kind(models.TextChoices):
        INVOICE_CERTIFIED = "invoice_certified", _("Invoice certified")
        INVOICE_ANNULLED = "invoice_annulled", _("Invoice annulled")
        PENALTY_WITHHELD = "penalty_withheld", _("Penalty withheld")
        PENALTY_RELEASED = "penalty_released", _("Penalty released")
        PAID = "paid", _("Paid")
        PAYMENT_REVERSED = "payment_reversed", _("Payment reversed")
        CENTS_SETTLED = "cents_settled", _("Cents settled")
        PENALTY_CLAIMED = "penalty_claimed", _("Penalty claimed apart")

    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="transactions")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    invoice = models.ForeignKey(Invoice, models.PROTECT, null=True, related_name="transactions")
    payment = models.ForeignKey(PaymentOrder, models.PROTECT, null=True, related_name="transactions")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.obligation} {self.kind}"


class LedgerEntry(models.Model):
    """One side of a bookkeeping act: debits positive, credits negative, USD in cents. Only grows."""

    class Account(models.TextChoices):
        EXPENSE = "expense", _("Invoiced")
        PAYABLE = "payable", _("To be paid")
        PENALTY = "penalty", _("Penalties")
        BANK = "bank", _("Paid")
        CENTS = "cents", _("Settlement of cents")
        RECEIVABLE = "receivable", _("To be claimed from the supplier")

    transaction = models.ForeignKey(LedgerTransaction, models.PROTECT, related_name="entries")
    account = models.CharField(max_length=12, choices=Account.choices)
    amount = AmountField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["transaction", "account"], name="payment_account_once_in_a_transaction"),
            models.CheckConstraint(condition=~Q(amount=0), name="payment_entry_is_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.amount}"


class Liquidation(models.Model):
    """The act that closes an order: what was ordered, received, invoiced, withheld and paid, to the cent. Only grows.

    `received`: the accepted units at the order's prices, VAT rounded once. `cents`: invoiced less received, what rounding each
    partial invoice by itself has added or taken. `claimed`: penalty that no payment was left to withhold from. `released`: what
    the budget certificate got back.
    """

    order = models.OneToOneField(Order, models.PROTECT, related_name="liquidation", verbose_name=_("order"))
    number = models.CharField(_("number"), max_length=32, unique=True)
    ordered = AmountField()
    received = AmountField()
    invoiced = AmountField()
    cents = AmountField()
    withheld = AmountField()
    claimed = AmountField()
    paid = AmountField()
    released = AmountField()
    liquidated_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    liquidator = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    liquidated_at = models.DateTimeField(_("liquidated"))

    class Meta:
        verbose_name = _("liquidation act")
        verbose_name_plural = _("liquidation acts")
        constraints = [
            models.CheckConstraint(condition=Q(invoiced=F("received") + F("cents")), name="liquidation_invoiced_reconciles"),
            models.CheckConstraint(condition=Q(invoiced=F("paid") + F("withheld")), name="liquidation_paid_reconciles"),
        ]

    def __str__(self) -> str:
        return self.number


for _table in ("paymentnotice", "suspectnotice", "ledgertransaction", "ledgerentry", "liquidation"):
    only_grows(f"payment_{_table}")
