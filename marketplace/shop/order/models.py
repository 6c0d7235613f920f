from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from oscar.apps.order.abstract_models import (
    AbstractCommunicationEvent,
    AbstractLine,
    AbstractLineAttribute,
    AbstractLinePrice,
    AbstractOrder,
    AbstractOrderDiscount,
    AbstractOrderLineDiscount,
    AbstractOrderNote,
    AbstractOrderStatusChange,
    AbstractPaymentEvent,
    AbstractShippingEvent,
    AbstractShippingEventQuantity,
    AbstractSurcharge,
)

from framework_agreements.models import AgreementLot, FrameworkAgreement, RejectionCause
from marketplace.kernel.fields import AmountField, OscarPriceField
from marketplace.kernel.history.tables import only_grows
from marketplace.kernel.states import Moves
from marketplace.registry.models import Entity, Supplier
from marketplace.shop.catalogue.units import pack_name
from marketplace.shop.partner.totals import PricedLine
from marketplace.shop.requisition.models import Requisition, RequisitionLine

KEPT = models.PROTECT  # nothing that belongs to an order is ever deleted with it
TAKEN_ON_VALUES = ["accepted", "in_delivery", "partially_received", "received", "liquidated"]


class Order(Moves, AbstractOrder):
    """A purchase order (orden de compra): what one supplier delivers under one agreement for one requisition.

    `total_excl_tax`, `total_incl_tax`: USD in cents. `verification_code`: lets anyone check a printed order. `answer_until`:
    the supplier's time to answer; null for none. `closed_short_at`: since then nothing more of it is owed, and
    `closing_reason` says why; it also says why the entity cancelled.
    """

    class Status(models.TextChoices):
        ISSUED = "issued", _("Issued")
        ACCEPTED = "accepted", _("Accepted")
        REJECTED = "rejected", _("Rejected")
        IN_DELIVERY = "in_delivery", _("In delivery")
        PARTIALLY_RECEIVED = "partially_received", _("Partially received")
        RECEIVED = "received", _("Received")
        LIQUIDATED = "liquidated", _("Liquidated")
        CANCELLED = "cancelled", _("Cancelled")

    class CancelCause(models.TextChoices):
        UNANSWERED = "unanswered", _("The supplier did not answer in time")
        BY_ENTITY = "by_entity", _("The entity cancelled it")

    # The three moves back are for a reception recorded in error, voided before anything was invoiced.
    MOVES = {
        Status.ISSUED: {Status.ACCEPTED, Status.REJECTED, Status.CANCELLED},
        Status.ACCEPTED: {Status.IN_DELIVERY, Status.PARTIALLY_RECEIVED, Status.RECEIVED, Status.CANCELLED},
        Status.REJECTED: set(),
        Status.IN_DELIVERY: {Status.PARTIALLY_RECEIVED, Status.RECEIVED, Status.CANCELLED},
        Status.PARTIALLY_RECEIVED: {Status.RECEIVED, Status.IN_DELIVERY},
        Status.RECEIVED: {Status.LIQUIDATED, Status.PARTIALLY_RECEIVED, Status.IN_DELIVERY},
        Status.LIQUIDATED: set(),
        Status.CANCELLED: set(),
    }
    AWAITING_GOODS = (Status.ACCEPTED, Status.IN_DELIVERY, Status.PARTIALLY_RECEIVED)

    status = models.CharField(_("status"), max_length=100, choices=Status.choices, default=Status.ISSUED)
    requisition = models.ForeignKey(Requisition, models.PROTECT, related_name="orders", verbose_name=_("requisition"))
    entity = models.ForeignKey(Entity, models.PROTECT, related_name="orders", verbose_name=_("entity"))
    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="orders", verbose_name=_("supplier"))
    agreement = models.ForeignKey(FrameworkAgreement, models.PROTECT, related_name="orders", verbose_name=_("framework agreement"))
    verification_code = models.CharField(max_length=20, unique=True, editable=False)
    rejection_cause = models.ForeignKey(RejectionCause, models.PROTECT, null=True, related_name="+", verbose_name=_("cause"))
    answer_comment = models.TextField(_("comment"), blank=True)
    answer_until = models.DateTimeField(_("answer until"), null=True, editable=False)
    accepted_at = models.DateTimeField(_("accepted"), null=True, editable=False)
    cancel_cause = models.CharField(_("cause"), max_length=16, choices=CancelCause.choices, blank=True)
    closed_short_at = models.DateTimeField(_("closed short"), null=True, editable=False)
    closing_reason = models.TextField(_("reason"), blank=True)

    basket = models.ForeignKey("basket.Basket", models.PROTECT, null=True, verbose_name=_("cart"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="orders", verbose_name=_("issued by"))
    billing_address = models.ForeignKey("order.BillingAddress", models.PROTECT, null=True)
    shipping_address = models.ForeignKey("order.ShippingAddress", models.PROTECT, null=True)
    total_incl_tax = OscarPriceField(_("total"))
    total_excl_tax = OscarPriceField(_("net"))
    shipping_incl_tax = OscarPriceField(default=0)
    shipping_excl_tax = OscarPriceField(default=0)

    class Meta(AbstractOrder.Meta):
        verbose_name = _("purchase order")
        verbose_name_plural = _("purchase orders")
        ordering = ["-date_placed", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["requisition", "supplier", "agreement"], name="order_once_per_supplier_and_agreement"),
            models.CheckConstraint(
                condition=~Q(status="rejected") | Q(rejection_cause__isnull=False), name="order_rejected_for_a_cause"
            ),
            models.CheckConstraint(condition=Q(status="cancelled") ^ Q(cancel_cause=""), name="order_cancelled_for_a_cause"),
            models.CheckConstraint(
                condition=Q(status__in=TAKEN_ON_VALUES, accepted_at__isnull=False)
                | Q(status__in=["issued", "rejected"], accepted_at__isnull=True)
                | Q(status="cancelled"),
                name="order_taken_on_when_accepted",
            ),
            models.CheckConstraint(
                condition=Q(closed_short_at__isnull=True) | (Q(status__in=["received", "liquidated"]) & ~Q(closing_reason="")),
                name="order_closed_short_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("order:order", args=[self.number])

    @property
    def awaits_goods(self) -> bool:
        return self.status in self.AWAITING_GOODS

    @property
    def vat(self):
        return self.total_incl_tax - self.total_excl_tax


class OrderVat(models.Model):
    """The part of an order that bears one VAT rate, as it was when placed. Only grows."""

    order = models.ForeignKey(Order, KEPT, related_name="vat_shares")
    category = models.CharField(max_length=2)
    percent = models.DecimalField(max_digits=5, decimal_places=2)
    base = AmountField()
    amount = AmountField()

    class Meta:
        ordering = ["category", "percent"]
        constraints = [models.UniqueConstraint(fields=["order", "category", "percent"], name="order_vat_rate_once")]

    def __str__(self) -> str:
        return f"{self.percent} % {self.base}"


only_grows("order_ordervat")


class Line(AbstractLine):
    """A line of a purchase order. What Oscar's columns do not hold stands in its requisition line, frozen since approval.

    `tax_code`: VAT category; `unit_price_excl_tax`: USD per sales unit, net; `line_price_excl_tax`: USD in cents.
    `accepted_quantity`: the sum over its receptions that stand, written by `fulfilment` alone under the order's lock.
    """

    order = models.ForeignKey(Order, KEPT, related_name="lines")
    partner = models.ForeignKey("partner.Partner", models.PROTECT, related_name="order_lines")
    stockrecord = models.ForeignKey("partner.StockRecord", models.PROTECT, related_name="order_lines")
    product = models.ForeignKey("catalogue.Product", models.PROTECT, related_name="order_lines")
    lot = models.ForeignKey(AgreementLot, models.PROTECT, related_name="order_lines")
    requisition_line = models.OneToOneField(RequisitionLine, models.PROTECT, related_name="order_line")
    vat_percent = models.DecimalField(max_digits=5, decimal_places=2)
    line_price_incl_tax = OscarPriceField()
    line_price_excl_tax = OscarPriceField()
    line_price_before_discounts_incl_tax = OscarPriceField()
    line_price_before_discounts_excl_tax = OscarPriceField()
    unit_price_incl_tax = OscarPriceField(null=True)
    unit_price_excl_tax = OscarPriceField(null=True)
    num_allocated = models.PositiveIntegerField(default=0)
    accepted_quantity = models.PositiveIntegerField(_("accepted"), default=0)

    class Meta(AbstractLine.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(accepted_quantity__lte=F("quantity")), name="order_line_accepted_within_ordered")
        ]

    @property
    def pending_quantity(self) -> int:
        """Sales units ordered and not accepted; whether they are still owed, the order's state says."""
        return self.quantity - self.accepted_quantity

    @property
    def priced_as_accepted(self) -> PricedLine:
        """What was accepted of it, at the order's price and rate."""
        return PricedLine(self.unit_price_excl_tax, self.accepted_quantity, self.tax_code, self.vat_percent)

    @property
    def pack(self) -> str:
        snapshot = self.requisition_line
        return pack_name(snapshot.sales_unit, snapshot.pack_factor, snapshot.base_unit)


class LinePrice(AbstractLinePrice):
    order = models.ForeignKey(Order, KEPT, related_name="line_prices")
    line = models.ForeignKey(Line, KEPT, related_name="prices")
    price_incl_tax = OscarPriceField()
    price_excl_tax = OscarPriceField()
    shipping_incl_tax = OscarPriceField(default=0)
    shipping_excl_tax = OscarPriceField(default=0)


class LineAttribute(AbstractLineAttribute):
    line = models.ForeignKey(Line, KEPT, related_name="attributes")


class OrderNote(AbstractOrderNote):
    order = models.ForeignKey(Order, KEPT, related_name="notes")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)


class OrderStatusChange(AbstractOrderStatusChange):
    order = models.ForeignKey(Order, KEPT, related_name="status_changes")


class CommunicationEvent(AbstractCommunicationEvent):
    order = models.ForeignKey(Order, KEPT, related_name="communication_events")


class PaymentEvent(AbstractPaymentEvent):
    order = models.ForeignKey(Order, KEPT, related_name="payment_events")
    amount = OscarPriceField()


class ShippingEvent(AbstractShippingEvent):
    order = models.ForeignKey(Order, KEPT, related_name="shipping_events")


class ShippingEventQuantity(AbstractShippingEventQuantity):
    event = models.ForeignKey(ShippingEvent, KEPT, related_name="line_quantities")
    line = models.ForeignKey(Line, KEPT, related_name="shipping_event_quantities")


class OrderDiscount(AbstractOrderDiscount):
    order = models.ForeignKey(Order, KEPT, related_name="discounts")
    amount = OscarPriceField(default=0)


class OrderLineDiscount(AbstractOrderLineDiscount):
    line = models.ForeignKey(Line, KEPT, related_name="discounts")
    order_discount = models.ForeignKey(OrderDiscount, KEPT, related_name="discount_lines")
    amount = OscarPriceField(default=0)


class Surcharge(AbstractSurcharge):
    order = models.ForeignKey(Order, KEPT, related_name="surcharges")
    incl_tax = OscarPriceField(default=0)
    excl_tax = OscarPriceField(default=0)


from oscar.apps.order.models import *  # noqa: E402, F403  Oscar's other models, after ours
