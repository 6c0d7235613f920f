from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from oscar.apps.partner.abstract_models import AbstractPartner, AbstractStockRecord

from framework_agreements.models import AdjudicatedItem
from marketplace.kernel.fields import OscarPriceField
from marketplace.kernel.history.tables import only_grows
from marketplace.kernel.ids import public_id
from marketplace.kernel.limits.models import Limit
from marketplace.kernel.states import Moves
from marketplace.registry.models import Supplier
from marketplace.registry.places import validate_canton
from marketplace.shop.catalogue.units import pack_name, quantity_in_words

from .querysets import ListingQuerySet
from .vat import vat_categories


class Partner(AbstractPartner):
    """Oscar's name for a supplier: one row beside each `registry.Supplier`."""

    supplier = models.OneToOneField(Supplier, models.PROTECT, related_name="partner")


class StockRecord(Moves, AbstractStockRecord):
    """A listing: what a supplier offers of an adjudicated item, in a pack, at a price.

    `price`: USD per sales unit, net; the one in force, copied from `Price` by the service. `pack_factor`: base units in a
    sales unit. `base_price`: USD per base unit. `stock`: how many sales units may be sold, in all and already taken.
    `delivery_cantons`: None means those of the lot. Nothing else of the agreement stands here: whether it is on sale is
    seen through `adjudicated_item`.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    MOVES = {
        Status.DRAFT: {Status.PUBLISHED, Status.WITHDRAWN},
        Status.PUBLISHED: {Status.DRAFT, Status.WITHDRAWN},
        Status.WITHDRAWN: {Status.PUBLISHED},
    }

    num_in_stock = None
    num_allocated = None
    low_stock_threshold = None

    id_public = models.UUIDField(default=public_id, unique=True, editable=False)
    product = models.ForeignKey(
        "catalogue.Product", models.PROTECT, related_name="stockrecords", db_index=False, verbose_name=_("sheet")
    )
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="stockrecords", verbose_name=_("supplier"))
    adjudicated_item = models.ForeignKey(
        AdjudicatedItem, models.PROTECT, related_name="listings", verbose_name=_("adjudicated item")
    )
    stock = models.OneToOneField(Limit, models.PROTECT, verbose_name=_("stock"))
    price = OscarPriceField(_("unit price"))
    sales_unit = models.CharField(_("sales unit"), max_length=3)
    pack_factor = models.PositiveIntegerField(_("base units in a sales unit"), default=1)
    base_price = models.GeneratedField(expression=F("price") / F("pack_factor"), output_field=OscarPriceField(), db_persist=True)
    vat_category = models.CharField(_("VAT category"), max_length=2, choices=vat_categories)
    minimum_quantity = models.PositiveIntegerField(_("minimum quantity"), default=1)
    lead_time_days = models.PositiveSmallIntegerField(_("delivery time in days"))
    warranty_months = models.PositiveSmallIntegerField(_("warranty in months"), default=0)
    delivery_cantons = ArrayField(
        models.CharField(max_length=4, validators=[validate_canton]), null=True, blank=True, verbose_name=_("delivery cantons")
    )
    image_url = models.URLField(_("picture"), max_length=500, blank=True)
    status = models.CharField(_("status"), max_length=16, choices=Status.choices, default=Status.DRAFT)
    date_updated = models.DateTimeField(_("changed"), auto_now=True)

    objects = ListingQuerySet.as_manager()

    class Meta(AbstractStockRecord.Meta):
        verbose_name = _("listing")
        verbose_name_plural = _("listings")
        unique_together = ()
        indexes = [
            models.Index(fields=["product", "base_price", "lead_time_days", "id"], name="partner_best_offer"),
            GinIndex(fields=["delivery_cantons"], name="partner_delivery"),
            models.Index(fields=["partner_sku"], name="partner_by_sku"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["adjudicated_item", "partner_sku"], name="partner_listing_once"),
            models.CheckConstraint(condition=Q(price__gt=Decimal(0)), name="partner_price_is_positive"),
            models.CheckConstraint(condition=Q(pack_factor__gt=0, minimum_quantity__gt=0), name="partner_pack_is_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.partner_sku} {self.product}"

    @property
    def title(self) -> str:
        return self.product.title

    @property
    def left(self) -> Decimal:
        return self.stock.left

    @property
    def pack(self) -> str:
        return pack_name(self.sales_unit, self.pack_factor, self.product.base_unit)

    def in_words(self, quantity: int) -> str:
        """So many packs, and what they hold."""
        return quantity_in_words(quantity, self.sales_unit, self.pack_factor, self.product.base_unit)

    @property
    def supplier(self) -> Supplier:
        return self.adjudicated_item.adjudication.supplier

    @property
    def supplier_name(self) -> str:
        return self.supplier.name

    @property
    def lot(self):
        return self.adjudicated_item.adjudication.lot

    @property
    def lot_name(self) -> str:
        return self.lot.name

    @property
    def agreement(self):
        return self.lot.agreement

    @property
    def agreement_code(self) -> str:
        return self.agreement.code


Listing = StockRecord


class Price(models.Model):
    """A price of a listing, from an instant on. Only grows: the newest that holds is the one in force.

    `net`: USD per sales unit. `valid_until` (half-open): for a temporary price; without it, until the next one.
    """

    class Kind(models.TextChoices):
        PERMANENT = "permanent", _("Permanent")
        TEMPORARY = "temporary", _("Temporary")

    listing = models.ForeignKey(StockRecord, models.PROTECT, related_name="prices")
    net = OscarPriceField(_("unit price"))
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    kind = models.CharField(max_length=16, choices=Kind.choices, default=Kind.PERMANENT)

    class Meta:
        verbose_name = _("price")
        verbose_name_plural = _("prices")
        ordering = ["listing", "-valid_from", "-pk"]
        indexes = [models.Index(fields=["listing", "-valid_from"], name="partner_price_in_force")]

    def __str__(self) -> str:
        return f"{self.listing_id} {self.net}"


only_grows("partner_price")

from oscar.apps.partner.models import *  # noqa: E402, F403  Oscar's other models, after ours
