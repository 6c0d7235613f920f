from marketplace.kernel.plugins import RoomConfig


class ScreensConfig(RoomConfig):
    """What screens share: permission, forms that act once, lists."""

    name = "marketplace.kernel.screens"
    label = "screens"
