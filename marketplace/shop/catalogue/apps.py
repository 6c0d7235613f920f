from oscar.apps.catalogue.apps import CatalogueOnlyConfig

from marketplace.kernel.plugins import RoomConfig


class CatalogueConfig(RoomConfig, CatalogueOnlyConfig):
    """Sheets, their attributes, and the shelves for browsing."""

    name = "marketplace.shop.catalogue"
    label = namespace = "catalogue"
