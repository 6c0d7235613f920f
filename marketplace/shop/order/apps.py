from django.utils.translation import gettext_lazy as _
from oscar.apps.order.apps import OrderConfig as StockOrderConfig

from marketplace.kernel.plugins import NavigationEntry, RoomConfig


class OrderConfig(RoomConfig, StockOrderConfig):
    """Purchase orders: placed by approval, answered by the supplier."""

    name = "marketplace.shop.order"
    label = namespace = "order"
    navigation = (
        NavigationEntry("purchases", _("Orders"), "order:orders", "order.see_entity_orders", "receipt", 40),
        NavigationEntry("supplier", _("Orders"), "order:supplier-orders", "order.see_supplier_orders", "receipt", 10),
    )
