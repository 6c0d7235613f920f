from oscar.apps.basket.apps import BasketConfig as StockBasketConfig

from marketplace.kernel.plugins import RoomConfig


class BasketConfig(RoomConfig, StockBasketConfig):
    name = "marketplace.shop.basket"
    label = namespace = "basket"
