from django.utils.translation import gettext_lazy as _
from oscar.apps.partner.apps import PartnerConfig as StockPartnerConfig

from marketplace.kernel.plugins import NavigationEntry, RoomConfig


class PartnerConfig(RoomConfig, StockPartnerConfig):
    """Listings: what suppliers offer, at what price."""

    name = "marketplace.shop.partner"
    label = namespace = "partner"
    navigation = (NavigationEntry("supplier", _("My listings"), "partner:listings", "partner.manage_listings", "tags", 20),)
