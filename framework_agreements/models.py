from datetime import date, timedelta
from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.kernel.fields import UnitPriceField
from marketplace.kernel.ids import public_id
from marketplace.kernel.limits.models import Limit
from marketplace.kernel.states import Moves
from marketplace.registry.models import Supplier
from marketplace.registry.places import validate_canton


class FrameworkAgreement(Moves):
    """A framework agreement (convenio marco): what the State may buy without another procedure, from whom, until when.

    Half-open: `valid_until` is the first day on which it no longer holds.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")
        CLOSED = "closed", _("Closed")

    MOVES = {Status.DRAFT: {Status.PUBLISHED}, Status.PUBLISHED: {Status.CLOSED}, Status.CLOSED: set()}

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200)
    purpose = models.TextField(_("purpose"), blank=True)
    legal_basis = models.CharField(_("legal basis"), max_length=300, blank=True)
    valid_from = models.DateField(_("in force from"))
    valid_until = models.DateField(_("in force until"))
    status = models.CharField(_("status"), max_length=16, choices=Status.choices, default=Status.DRAFT)

    class Meta:
        verbose_name = _("framework agreement")
        verbose_name_plural = _("framework agreements")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=Q(valid_until__gt=F("valid_from")), name="agreements_end_after_they_begin"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def last_day(self) -> date:
        return self.valid_until - timedelta(days=1)

    def is_in_force(self, on: date) -> bool:
        return self.status == self.Status.PUBLISHED and self.valid_from <= on < self.valid_until

    @property
    def is_closed(self) -> bool:
        return self.status == self.Status.CLOSED

    def get_absolute_url(self) -> str:
        return reverse("framework_agreements:agreement", args=[self.code])


class RejectionCause(models.Model):
    """A cause for which the agreement lets a supplier reject an order."""

    agreement = models.ForeignKey(FrameworkAgreement, models.PROTECT, related_name="rejection_causes")
    text = models.CharField(_("cause"), max_length=200)
    clause = models.CharField(_("clause"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("cause for rejection")
        verbose_name_plural = _("causes for rejection")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["agreement", "text"], name="agreements_cause_once")]

    def __str__(self) -> str:
        return self.text


class AgreementLot(Moves):
    """A part of an agreement that is adjudicated on its own.

    `ceiling`: USD, with VAT, that may be ordered under it in all. `delivery_cantons`: where its listings are delivered
    unless a listing says otherwise.
    """

    class Status(models.TextChoices):
        ACTIVE = "active", _("Active")
        SUSPENDED = "suspended", _("Suspended")

    MOVES = {Status.ACTIVE: {Status.SUSPENDED}, Status.SUSPENDED: {Status.ACTIVE}}

    agreement = models.ForeignKey(FrameworkAgreement, models.PROTECT, related_name="lots")
    number = models.PositiveSmallIntegerField(_("number"))
    name = models.CharField(_("name"), max_length=200)
    ceiling = models.OneToOneField(Limit, models.PROTECT, verbose_name=_("ceiling"))
    delivery_cantons = ArrayField(models.CharField(max_length=4, validators=[validate_canton]), verbose_name=_("delivery cantons"))
    status = models.CharField(_("status"), max_length=16, choices=Status.choices, default=Status.ACTIVE)
    status_reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("lot")
        verbose_name_plural = _("lots")
        ordering = ["agreement", "number"]
        constraints = [models.UniqueConstraint(fields=["agreement", "number"], name="agreements_lot_number_once")]

    def __str__(self) -> str:
        return f"{self.number}. {self.name}"

    @property
    def is_active(self) -> bool:
        return self.status == self.Status.ACTIVE


class Adjudication(Moves):
    """A lot awarded to a supplier, from a day until another (half-open)."""

    class Status(models.TextChoices):
        ACTIVE = "active", _("Active")
        SUSPENDED = "suspended", _("Suspended")

    MOVES = {Status.ACTIVE: {Status.SUSPENDED}, Status.SUSPENDED: {Status.ACTIVE}}

    id_public = models.UUIDField(default=public_id, unique=True, editable=False)
    lot = models.ForeignKey(AgreementLot, models.PROTECT, related_name="adjudications", verbose_name=_("lot"))
    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="adjudications", verbose_name=_("supplier"))
    valid_from = models.DateField(_("in force from"))
    valid_until = models.DateField(_("in force until"))
    status = models.CharField(_("status"), max_length=16, choices=Status.choices, default=Status.ACTIVE)
    status_reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("adjudication")
        verbose_name_plural = _("adjudications")
        ordering = ["lot", "supplier"]
        constraints = [
            models.UniqueConstraint(fields=["lot", "supplier"], name="agreements_adjudicated_once"),
            models.CheckConstraint(
                condition=Q(valid_until__gt=F("valid_from")), name="agreements_adjudication_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.supplier} · {self.lot}"

    def is_in_force(self, on: date) -> bool:
        return self.status == self.Status.ACTIVE and self.valid_from <= on < self.valid_until


class AdjudicatedItem(models.Model):
    """A sheet that a supplier may sell under a lot. `ceiling_price`: USD per base unit, net: no offer may pass it."""

    adjudication = models.ForeignKey(Adjudication, models.PROTECT, related_name="items", verbose_name=_("adjudication"))
    product = models.ForeignKey("catalogue.Product", models.PROTECT, related_name="adjudicated_items", verbose_name=_("sheet"))
    ceiling_price = UnitPriceField(_("ceiling price"))

    class Meta:
        verbose_name = _("adjudicated item")
        verbose_name_plural = _("adjudicated items")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["adjudication", "product"], name="agreements_item_once"),
            models.UniqueConstraint(fields=["id", "product"], name="agreements_item_with_its_product"),
            models.CheckConstraint(condition=Q(ceiling_price__gt=Decimal(0)), name="agreements_ceiling_price_is_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.product_id} · {self.adjudication_id}"
