from decimal import ROUND_CEILING, Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from framework_agreements.models import AgreementLot, FrameworkAgreement
from marketplace.kernel.fields import OscarPriceField
from marketplace.kernel.history.tables import only_grows
from marketplace.kernel.ids import public_id
from marketplace.kernel.money import MICRO
from marketplace.registry.models import Membership, Supplier
from marketplace.shop.catalogue.units import pack_name, unit_name

from .run import ImportRun

UNIT = "C62"


class ProposalQuerySet(models.QuerySet):
    def open(self) -> "ProposalQuerySet":
        """Those that wait for an officer."""
        return self.filter(decision=None)

    def standing(self) -> "ProposalQuerySet":
        """Without those whose place a corrected one has taken."""
        return self.filter(correction=None)


class Proposal(models.Model):
    """What a supplier offers that no sheet has, or that is not adjudicated to it: an officer decides. Only grows.

    The terms are the row's: `price` in USD per sales unit, net; `gtin` of 14 digits, or none; `has_pack`: whether it says
    what a pack holds. `lot`, `cpc_code` and `category` are what its category meant when it was imported. `product`: the
    sheet that it matched then, if any. One that has no decision is open; a later import of the same code supersedes it.
    Where an officer sees that it should stand elsewhere, one that says so takes its place: `corrects` is the first.
    """

    class Status(models.TextChoices):
        OPEN = "open", _("To be decided")
        ACCEPTED = "accepted", _("Accepted")
        REJECTED = "rejected", _("Rejected")
        SUPERSEDED = "superseded", _("Replaced by a later import")
        WITHDRAWN = "withdrawn", _("Taken back by the supplier")
        CORRECTED = "corrected", _("Corrected by an officer")

    id_public = models.UUIDField(default=public_id, unique=True, editable=False)
    run = models.ForeignKey(ImportRun, models.PROTECT, related_name="proposals", verbose_name=_("import"))
    line = models.PositiveIntegerField(_("line"))
    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="proposals", db_index=False, verbose_name=_("supplier"))
    agreement = models.ForeignKey(
        FrameworkAgreement, models.PROTECT, related_name="proposals", db_index=False, verbose_name=_("agreement")
    )
    lot = models.ForeignKey(AgreementLot, models.PROTECT, related_name="proposals", db_index=False, verbose_name=_("lot"))
    cpc_code = models.CharField(_("CPC code"), max_length=12)
    category = models.ForeignKey("catalogue.Category", models.PROTECT, related_name="+", db_index=False, verbose_name=_("category"))
    product = models.ForeignKey(
        "catalogue.Product", models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("sheet")
    )
    sku = models.CharField(_("supplier's code"), max_length=128)
    name = models.CharField(_("name"), max_length=255)
    description = models.TextField(_("description"), blank=True)
    brand = models.CharField(_("brand"), max_length=120, blank=True)
    gtin = models.CharField(_("GTIN"), max_length=14, null=True)
    price = OscarPriceField(_("unit price"))
    sales_unit = models.CharField(_("sales unit"), max_length=3)
    pack_factor = models.PositiveIntegerField(_("base units in a sales unit"))
    has_pack = models.BooleanField()
    vat_category = models.CharField(_("VAT category"), max_length=2)
    stock = models.BigIntegerField(_("stock"))
    minimum_quantity = models.PositiveIntegerField(_("minimum quantity"))
    lead_time_days = models.PositiveSmallIntegerField(_("delivery time in days"))
    warranty_months = models.PositiveSmallIntegerField(_("warranty in months"))
    image_url = models.CharField(_("picture"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("proposed"))
    corrects = models.OneToOneField("self", models.PROTECT, null=True, related_name="correction")

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        ordering = ["pk"]
        indexes = [models.Index(fields=["supplier", "agreement", "sku"], name="import_proposals_of_code")]
        constraints = [
            models.CheckConstraint(condition=Q(price__gt=Decimal(0), pack_factor__gt=0), name="import_proposal_is_priced")
        ]

    def __str__(self) -> str:
        return f"{self.sku} {self.name}"

    @property
    def status(self) -> str:
        decision = getattr(self, "decision", None)
        return decision.status if decision else self.Status.OPEN

    def get_status_display(self) -> str:
        return self.Status(self.status).label

    @property
    def base_unit(self) -> str:
        """Of the sheet that it matches; of the one that would come to be: a pack of several holds single units."""
        if self.product:
            return self.product.base_unit
        return UNIT if self.pack_factor > 1 else self.sales_unit

    @property
    def pack(self) -> str:
        return pack_name(self.sales_unit, self.pack_factor, self.base_unit)

    @property
    def base_unit_name(self) -> str:
        return unit_name(self.base_unit)

    @property
    def base_price(self) -> Decimal:
        """USD per base unit, net, rounded up at the sixth decimal, so that the price itself never passes it."""
        return (self.price / self.pack_factor).quantize(MICRO, ROUND_CEILING)


class ProposalDecision(models.Model):
    """What became of a proposal, once. Only grows.

    `product`: the sheet under which an accepted one is sold. `decided_by`: none for the command line and for a later import.
    """

    proposal = models.OneToOneField(Proposal, models.PROTECT, related_name="decision")
    status = models.CharField(max_length=16, choices=Proposal.Status.choices)
    product = models.ForeignKey("catalogue.Product", models.PROTECT, null=True, related_name="+", db_index=False)
    decided_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+", db_index=False)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("decision on a proposal")
        verbose_name_plural = _("decisions on proposals")
        constraints = [
            models.CheckConstraint(condition=~Q(status=Proposal.Status.OPEN), name="import_decision_decides"),
            models.CheckConstraint(
                condition=Q(product=None) ^ Q(status=Proposal.Status.ACCEPTED), name="import_accepted_has_its_sheet"
            ),
            models.CheckConstraint(condition=~Q(status=Proposal.Status.REJECTED, reason=""), name="import_rejected_for_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.status}"


only_grows("catalog_import_proposal")
only_grows("catalog_import_proposaldecision")
