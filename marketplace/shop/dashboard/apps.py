from marketplace.kernel.plugins import RoomConfig


class DashboardConfig(RoomConfig):
    """The frame of the back office. Stock Oscar's dashboard is not installed; its label stays, since Oscar's tags ask for it."""

    name = "marketplace.shop.dashboard"
    label = namespace = "dashboard"
