from marketplace.kernel.plugins import RoomConfig


class LimitsConfig(RoomConfig):
    """Things of which there is only so much."""

    name = "marketplace.kernel.limits"
    label = "limits"
