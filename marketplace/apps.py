"""The composition root of the apps: Oscar's shop, without its stock pages, and the procedure types that are installed."""

from django.urls import include, path
from oscar.config import Shop

from marketplace.kernel.plugins import procedure_configs


class MarketplaceConfig(Shop):
    """`name` stays ``oscar``: Oscar looks itself up under it."""

    name = "oscar"

    def ready(self) -> None:
        """Stock Oscar loads all its views here, haystack with them; none of them is mounted."""

    def get_urls(self) -> list:
        return [path(config.mount, include(config.urls[0:2], namespace=config.namespace)) for config in procedure_configs()]
