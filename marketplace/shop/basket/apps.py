from django.utils.translation import gettext_lazy as _
from oscar.apps.basket.apps import BasketConfig as StockBasketConfig

from marketplace.kernel.plugins import NavigationEntry, RoomConfig


class BasketConfig(RoomConfig, StockBasketConfig):
    """The cart of one person in one role."""

    name = "marketplace.shop.basket"
    label = namespace = "basket"
    navigation = (
        NavigationEntry("purchases", _("Cart"), "basket:summary", "basket.use_basket", "cart3", 20),
        NavigationEntry("purchases", _("Quick order"), "basket:quick-order", "basket.use_basket", "lightning-charge", 22),
        NavigationEntry("purchases", _("Lists"), "basket:lists", "basket.use_basket", "bookmark", 24),
    )
