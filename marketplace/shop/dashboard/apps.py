from django.utils.translation import gettext_lazy as _

from marketplace.kernel.plugins import NavigationEntry, RoomConfig


class DashboardConfig(RoomConfig):
    """Where the work of each role begins. Stock Oscar's dashboard is not installed; its label stays: Oscar's tags ask for it."""

    name = "marketplace.shop.dashboard"
    label = namespace = "dashboard"
    navigation = (
        NavigationEntry("purchases", _("Today"), "dashboard:purchases", "dashboard.enter_purchases", "calendar-check", 0),
        NavigationEntry("supplier", _("Today"), "dashboard:supplier", "dashboard.enter_supplier", "calendar-check", 0),
        NavigationEntry("office", _("Today"), "dashboard:office", "dashboard.enter_office", "calendar-check", 0),
    )
