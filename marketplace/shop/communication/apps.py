from oscar.apps.communication.apps import CommunicationConfig as StockCommunicationConfig

from marketplace.kernel.plugins import RoomConfig


class CommunicationConfig(RoomConfig, StockCommunicationConfig):
    """Notices of what happened, on a page and by mail."""

    name = "marketplace.shop.communication"
    label = namespace = "communication"
