from django.utils.translation import gettext_lazy as _

from marketplace.kernel.plugins import RoomConfig


class FulfilmentConfig(RoomConfig):
    """What happens to an order between its acceptance and its invoice: dispatch, reception, delay."""

    name = "marketplace.shop.fulfilment"
    label = namespace = "fulfilment"
    verbose_name = _("Deliveries")
