"""The engines, and which of them answers. Each is loaded when it is first asked for."""

from functools import cache

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from ..port import SearchEngine


def engine(name: str = "") -> SearchEngine:
    """The engine that the settings name, or this one."""
    name = name or settings.SEARCH_ENGINE
    return _engine(name, str(settings.SEARCH_FOLDER), settings.ELASTICSEARCH_URL, settings.SEARCH_INDEX_PREFIX)


@cache
def _engine(name: str, folder: str, url: str, prefix: str) -> SearchEngine:
    if name == "tantivy":
        from .tantivy import TantivyEngine

        return TantivyEngine(folder)
    if name == "elasticsearch" and url:
        from .elasticsearch import ElasticsearchEngine

        return ElasticsearchEngine(url, prefix)
    raise ImproperlyConfigured(f"SEARCH_ENGINE is {name!r}: say tantivy, or elasticsearch with ELASTICSEARCH_URL.")
