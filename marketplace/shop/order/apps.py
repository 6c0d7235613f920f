from oscar.apps.order.apps import OrderConfig as StockOrderConfig

from marketplace.kernel.plugins import RoomConfig


class OrderConfig(RoomConfig, StockOrderConfig):
    name = "marketplace.shop.order"
    label = namespace = "order"
