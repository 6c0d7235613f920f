from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from framework_agreements.models import AgreementLot, FrameworkAgreement
from marketplace.kernel.fields import AmountField, UnitPriceField
from marketplace.kernel.states import Moves
from marketplace.registry.models import Entity, EntityUnit, Membership, Supplier
from marketplace.registry.places import canton_name, validate_canton
from marketplace.shop.catalogue.units import pack_name, quantity_in_words, unit_name
from marketplace.shop.partner.totals import PricedLine, price_per_base_unit

from .certificate import BudgetCertificate


class Requisition(Moves):
    """A need, with its frozen cart, its place of delivery and the certificate that pays it, sent to another person to approve.

    Its amounts are the sums over the orders that it gives. `decided_for`: the one in whose place the decider acted, by
    delegation. `held_until`: the end of the price hold, as `holding.py` tells it; none for what was sent before there was one.
    """

    class Status(models.TextChoices):
        IN_APPROVAL = "in_approval", _("In approval")
        RETURNED = "returned", _("Returned")
        APPROVED = "approved", _("Approved")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        LAPSED = "lapsed", _("Lapsed")

    MOVES = {
        Status.IN_APPROVAL: {Status.RETURNED, Status.APPROVED, Status.WITHDRAWN, Status.LAPSED},
        Status.RETURNED: {Status.IN_APPROVAL, Status.WITHDRAWN},
        Status.LAPSED: {Status.IN_APPROVAL, Status.WITHDRAWN},
        Status.APPROVED: set(),
        Status.WITHDRAWN: set(),
    }

    number = models.CharField(_("number"), max_length=32, unique=True)
    entity = models.ForeignKey(Entity, models.PROTECT, related_name="requisitions", verbose_name=_("entity"))
    unit = models.ForeignKey(EntityUnit, models.PROTECT, null=True, blank=True, verbose_name=_("unit"))
    basket = models.OneToOneField("basket.Basket", models.PROTECT, related_name="requisition")
    requested_by = models.ForeignKey(Membership, models.PROTECT, related_name="requisitions", verbose_name=_("requested by"))
    requester = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    need = models.CharField(_("what is needed"), max_length=200)
    justification = models.TextField(_("why"))
    delivery_canton = models.CharField(_("canton of delivery"), max_length=4, validators=[validate_canton])
    delivery_address = models.CharField(_("place of delivery"), max_length=300)
    delivery_contact = models.CharField(_("who receives"), max_length=200)
    certificate = models.ForeignKey(BudgetCertificate, models.PROTECT, related_name="requisitions", verbose_name=_("certificate"))
    net = AmountField(_("net"))
    vat = AmountField(_("VAT"))
    gross = AmountField(_("total"))
    status = models.CharField(_("status"), max_length=16, choices=Status.choices, default=Status.IN_APPROVAL)
    submitted_at = models.DateTimeField(_("sent"))
    held_until = models.DateTimeField(_("prices held until"), null=True, editable=False)
    decided_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="decisions", verbose_name=_("decided by"))
    decider = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_for = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+", verbose_name=_("in the place of"))
    decided_at = models.DateTimeField(null=True)
    comment = models.TextField(_("comment"), blank=True)

    class Meta:
        verbose_name = _("requisition")
        verbose_name_plural = _("requisitions")
        ordering = ["-submitted_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(decider=None) | ~Q(decider=F("requester")), name="requisition_four_eyes"),
            models.CheckConstraint(condition=Q(gross=F("net") + F("vat")), name="requisition_gross_is_net_and_vat"),
            models.CheckConstraint(
                condition=~Q(status="approved") | Q(decider__isnull=False), name="requisition_approved_by_someone"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.need}"

    def get_absolute_url(self) -> str:
        return reverse("requisition:requisition", args=[self.number])

    @property
    def is_with_its_requester(self) -> bool:
        """It came back, or nobody decided in time: it is corrected and sent again, or given up."""
        return self.status in (self.Status.RETURNED, self.Status.LAPSED)

    def hold_is_over(self, at: datetime) -> bool:
        return self.held_until is not None and at >= self.held_until

    @property
    def delivery_place(self) -> str:
        return f"{self.delivery_address}, {canton_name(self.delivery_canton)}"


class RequisitionLineQuerySet(models.QuerySet):
    def kept(self) -> "RequisitionLineQuerySet":
        return self.filter(rejected_in=None)

    def rejected(self) -> "RequisitionLineQuerySet":
        """With who did it, in whose place and when."""
        step = "rejected_in"
        people = (f"{step}__approved_by__user", f"{step}__principal__user")
        return self.exclude(rejected_in=None).select_related(*people, "product")


class RequisitionLine(models.Model):
    """A line as it was when sent: every code, name, price and rate. Approval renews it when a price has changed.

    `unit_price`: USD per sales unit, net. `price`: the row of `partner.Price` that was in force; `price_sent`,
    `vat_percent_sent`: those of the day on which it was sent, which no approval renews. `rejected_in`: the step whose
    approver took this line out, with a reason; nothing is ordered of it.
    """

    is_renewed = False
    sales_unit_before = ""

    requisition = models.ForeignKey(Requisition, models.PROTECT, related_name="lines")
    listing = models.ForeignKey("partner.StockRecord", models.PROTECT, related_name="+")
    price = models.ForeignKey("partner.Price", models.PROTECT, related_name="+")
    price_sent = models.ForeignKey("partner.Price", models.PROTECT, related_name="+")
    product = models.ForeignKey("catalogue.Product", models.PROTECT, related_name="+")
    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="+")
    agreement = models.ForeignKey(FrameworkAgreement, models.PROTECT, related_name="+")
    lot = models.ForeignKey(AgreementLot, models.PROTECT, related_name="+")
    product_code = models.CharField(max_length=32)
    product_title = models.CharField(max_length=255)
    cpc_code = models.CharField(max_length=12)
    partner_sku = models.CharField(max_length=128)
    supplier_name = models.CharField(max_length=200)
    sales_unit = models.CharField(max_length=3)
    pack_factor = models.PositiveIntegerField()
    base_unit = models.CharField(max_length=3)
    lead_time_days = models.PositiveSmallIntegerField()
    quantity = models.PositiveIntegerField()
    unit_price = UnitPriceField()
    net = AmountField()
    vat_category = models.CharField(max_length=2)
    vat_percent = models.DecimalField(max_digits=5, decimal_places=2)
    vat_percent_sent = models.DecimalField(max_digits=5, decimal_places=2)
    rejected_in = models.ForeignKey("requisition.RouteStep", models.PROTECT, null=True, related_name="rejected_lines")
    rejection_reason = models.TextField(blank=True)

    objects = RequisitionLineQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(rejected_in=None, rejection_reason="") | Q(rejected_in__isnull=False) & ~Q(rejection_reason=""),
                name="requisition_line_rejected_with_a_reason",
            ),
            models.UniqueConstraint(fields=["requisition", "listing"], name="requisition_listing_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="requisition_quantity_is_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.product_title}"

    @property
    def pack(self) -> str:
        return pack_name(self.sales_unit, self.pack_factor, self.base_unit)

    @property
    def in_words(self) -> str:
        """«50 cajas × 10 resmas = 500 resmas»: what was asked for, as it was when sent."""
        return quantity_in_words(self.quantity, self.sales_unit, self.pack_factor, self.base_unit)

    @property
    def base_price(self) -> Decimal:
        """USD per base unit, net."""
        return price_per_base_unit(self.unit_price.amount, self.pack_factor)

    @property
    def base_unit_name(self) -> str:
        return unit_name(self.base_unit)

    @property
    def priced(self) -> PricedLine:
        return PricedLine(self.unit_price.amount, self.quantity, self.vat_category, self.vat_percent)
