from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from marketplace.kernel.fields import AmountField, UnitPriceField
from marketplace.kernel.history.tables import only_grows
from marketplace.kernel.ids import public_id
from marketplace.kernel.states import Moves
from marketplace.registry.models import Entity, Membership, Supplier
from marketplace.shop.order.models import Line, Order


class Obligation(models.Model):
    """What an entity owes a supplier for: what invoices, payments and the ledger point to. Today an order."""

    order = models.OneToOneField(Order, models.PROTECT, related_name="obligation", verbose_name=_("order"))
    entity = models.ForeignKey(Entity, models.PROTECT, related_name="obligations", verbose_name=_("entity"))
    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="obligations", verbose_name=_("supplier"))

    class Meta:
        verbose_name = _("obligation")
        verbose_name_plural = _("obligations")

    def __str__(self) -> str:
        return self.order.number


class InvoiceQuerySet(models.QuerySet):
    def standing(self) -> "InvoiceQuerySet":
        """Those that count: neither rejected nor annulled."""
        return self.filter(status__in=Invoice.STANDING)


class Invoice(Moves):
    """A supplier's invoice for accepted goods of an order. Never edited: certified, rejected for a reason, annulled while unpaid.

    `number`: establishment, point of issue and sequential, as the tax authority wants it. `access_key`: its key there, if the
    invoice is electronic. `net`, `vat`, `gross`: USD in cents, at the prices and rates of the order.
    """

    class Status(models.TextChoices):
        REGISTERED = "registered", _("To be checked")
        CERTIFIED = "certified", _("Certified")
        PAID = "paid", _("Paid in full")
        REJECTED = "rejected", _("Rejected")
        ANNULLED = "annulled", _("Annulled")

    STANDING = (Status.REGISTERED, Status.CERTIFIED, Status.PAID)
    # back from paid: the bank has reversed the payment
    MOVES = {
        Status.REGISTERED: {Status.CERTIFIED, Status.REJECTED, Status.ANNULLED},
        Status.CERTIFIED: {Status.PAID, Status.ANNULLED},
        Status.PAID: {Status.CERTIFIED},
        Status.REJECTED: set(),
        Status.ANNULLED: set(),
    }

    id_public = models.UUIDField(default=public_id, unique=True, editable=False)
    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="invoices", verbose_name=_("obligation"))
    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="invoices", verbose_name=_("supplier"))
    number = models.CharField(_("invoice number"), max_length=17)
    access_key = models.CharField(_("access key"), max_length=49, blank=True)
    issued_on = models.DateField(_("issued on"))
    net = AmountField(_("net"))
    vat = AmountField(_("VAT"))
    gross = AmountField(_("total"))
    status = models.CharField(_("status"), max_length=16, choices=Status.choices, default=Status.REGISTERED)
    registered_by = models.ForeignKey(Membership, models.PROTECT, related_name="invoices", verbose_name=_("sent by"))
    registered_at = models.DateTimeField(_("sent"))
    certified_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="certified_invoices")
    certifier = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    certified_at = models.DateTimeField(_("certified"), null=True)
    reason = models.TextField(_("reason"), blank=True)

    objects = InvoiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")
        ordering = ["-registered_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["supplier", "number"], condition=~Q(status__in=["rejected", "annulled"]), name="invoicing_number_once"
            ),
            models.UniqueConstraint(
                fields=["access_key"],
                condition=~Q(status__in=["rejected", "annulled"]) & ~Q(access_key=""),
                name="invoicing_access_key_once",
            ),
            models.CheckConstraint(condition=Q(gross=F("net") + F("vat"), net__gt=0), name="invoicing_gross_is_net_and_vat"),
            models.CheckConstraint(
                condition=~Q(status__in=["rejected", "annulled"]) | ~Q(reason=""), name="invoicing_falls_for_a_reason"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["certified", "paid"]) | Q(certifier__isnull=False), name="invoicing_certified_by_someone"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class InvoiceLine(models.Model):
    """Units of one order line, at its price. Only grows. `net`: USD, rounded as the order's lines are."""

    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="lines")
    order_line = models.ForeignKey(Line, models.PROTECT, related_name="invoice_lines")
    quantity = models.PositiveIntegerField(_("quantity"))
    unit_price = UnitPriceField()
    net = AmountField()
    vat_category = models.CharField(max_length=2)
    vat_percent = models.DecimalField(max_digits=5, decimal_places=2)

    class Meta:
        ordering = ["order_line_id"]
        constraints = [
            models.UniqueConstraint(fields=["invoice", "order_line"], name="invoicing_order_line_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="invoicing_quantity_is_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.order_line}"


class InvoiceVat(models.Model):
    """The part of an invoice that bears one VAT rate, rounded once. Only grows."""

    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="vat_shares")
    category = models.CharField(max_length=2)
    percent = models.DecimalField(max_digits=5, decimal_places=2)
    base = AmountField()
    amount = AmountField()

    class Meta:
        ordering = ["category", "percent"]
        constraints = [models.UniqueConstraint(fields=["invoice", "category", "percent"], name="invoicing_vat_rate_once")]

    def __str__(self) -> str:
        return f"{self.percent} % {self.base}"


only_grows("invoicing_invoiceline")
only_grows("invoicing_invoicevat")
