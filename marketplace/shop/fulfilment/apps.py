from django.utils.translation import gettext_lazy as _

from marketplace.kernel.plugins import NavigationEntry, RoomConfig


class FulfilmentConfig(RoomConfig):
    """What happens to an order between its acceptance and its invoice: dispatch, reception, delay."""

    name = "marketplace.shop.fulfilment"
    label = namespace = "fulfilment"
    verbose_name = _("Deliveries")
    navigation = (
        NavigationEntry("purchases", _("To receive"), "fulfilment:receptions", "fulfilment.see_receptions", "box-seam", 35),
    )
