from marketplace.kernel.plugins import RoomConfig


class EventsConfig(RoomConfig):
    """What happened, in the order in which it was committed."""

    name = "marketplace.kernel.events"
    label = "events"
