from django.utils.translation import gettext_lazy as _
from oscar.apps.search.apps import SearchConfig as StockSearchConfig

from marketplace.kernel.plugins import RoomConfig


class SearchConfig(RoomConfig, StockSearchConfig):
    """Replaces Oscar's search app under its label; haystack is not installed."""

    name = "search"
    label = namespace = "search"
    verbose_name = _("Search")
