from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from oscar.apps.basket.abstract_models import AbstractBasket, AbstractLine

from marketplace.kernel.fields import OscarPriceField
from marketplace.registry.models import Membership


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


from oscar.apps.basket.models import *  # noqa: E402, F403  Oscar's other models, after ours
