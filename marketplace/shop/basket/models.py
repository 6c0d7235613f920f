from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from oscar.apps.basket.abstract_models import AbstractBasket, AbstractLine

from marketplace.kernel.fields import OscarPriceField
from marketplace.kernel.ids import public_id
from marketplace.kernel.states import Moves
from marketplace.registry.models import Entity, EntityUnit, Membership


class Basket(AbstractBasket):
    """The cart of one person in one role. Each has one that is open."""

    membership = models.ForeignKey(Membership, models.PROTECT, related_name="baskets", verbose_name=_("membership"))

    class Meta(AbstractBasket.Meta):
        constraints = [models.UniqueConstraint(fields=["membership"], condition=Q(status="Open"), name="basket_one_open")]


class Line(AbstractLine):
    """A listing in the cart. It keeps the offer that was chosen and, in `price_excl_tax`, the price that was seen."""

    product = models.ForeignKey("catalogue.Product", models.PROTECT, related_name="basket_lines", verbose_name=_("sheet"))
    stockrecord = models.ForeignKey("partner.StockRecord", models.PROTECT, related_name="basket_lines", verbose_name=_("listing"))
    price_excl_tax = OscarPriceField(_("price seen"))
    price_incl_tax = OscarPriceField(null=True)


class PurchaseList(Moves):
    """Products to buy again, or a cart that was put aside.

    A list is of a unit, or without one of the whole entity, and can be bought any number of times. A cart put aside is its
    owner's, and the colleague's with whom it was shared; who takes it up empties it.
    """

    class Kind(models.TextChoices):
        LIST = "list", _("Purchase list")
        PARKED = "parked", _("Cart put aside")

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")

    MOVES = {Status.OPEN: {Status.CLOSED}, Status.CLOSED: set()}

    id_public = models.UUIDField(default=public_id, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices, default=Kind.LIST)
    entity = models.ForeignKey(Entity, models.PROTECT, related_name="purchase_lists", verbose_name=_("entity"))
    unit = models.ForeignKey(EntityUnit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("unit"))
    owner = models.ForeignKey(Membership, models.PROTECT, related_name="purchase_lists", verbose_name=_("made by"))
    shared_with = models.ForeignKey(
        Membership, models.PROTECT, null=True, related_name="shared_carts", verbose_name=_("shared with")
    )
    name = models.CharField(_("name"), max_length=120)
    created_at = models.DateTimeField(_("made"))
    status = models.CharField(_("status"), max_length=16, choices=Status.choices, default=Status.OPEN)

    class Meta:
        verbose_name = _("purchase list")
        verbose_name_plural = _("purchase lists")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["entity", "status"], name="basket_lists_of_an_entity")]
        constraints = [
            models.CheckConstraint(condition=Q(kind="parked") | Q(shared_with=None), name="basket_only_carts_are_shared"),
            models.CheckConstraint(condition=Q(kind="list") | Q(unit=None), name="basket_only_lists_have_a_unit"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_parked(self) -> bool:
        return self.kind == self.Kind.PARKED

    def get_absolute_url(self) -> str:
        return reverse("basket:list", args=[self.id_public])


class PurchaseListLine(models.Model):
    """An offer on a list. `quantity`: packs; `price_seen`: USD per pack, net, when somebody last looked and agreed."""

    purchase_list = models.ForeignKey(PurchaseList, models.PROTECT, related_name="lines")
    listing = models.ForeignKey("partner.StockRecord", models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField(_("quantity"))
    price_seen = OscarPriceField(_("price seen"))

    class Meta:
        verbose_name = _("line of a purchase list")
        verbose_name_plural = _("lines of purchase lists")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["purchase_list", "listing"], name="basket_listed_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="basket_listed_quantity_is_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.listing_id}"


from oscar.apps.basket.models import *  # noqa: E402, F403  Oscar's other models, after ours
