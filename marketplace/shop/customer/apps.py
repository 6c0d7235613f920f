from marketplace.kernel.plugins import RoomConfig


class CustomerConfig(RoomConfig):
    """Oscar's models and template tags ask for this label. People and accounts are in `registry`."""

    name = "marketplace.shop.customer"
    label = "customer"
