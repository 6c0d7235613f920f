from oscar.apps.catalogue.apps import CatalogueConfig as StockCatalogueConfig

from marketplace.kernel.plugins import RoomConfig


class CatalogueConfig(RoomConfig, StockCatalogueConfig):
    name = "marketplace.shop.catalogue"
    label = namespace = "catalogue"
