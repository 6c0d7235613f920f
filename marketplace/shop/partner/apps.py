from oscar.apps.partner.apps import PartnerConfig as StockPartnerConfig

from marketplace.kernel.plugins import RoomConfig


class PartnerConfig(RoomConfig, StockPartnerConfig):
    name = "marketplace.shop.partner"
    label = namespace = "partner"
