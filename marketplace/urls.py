"""Composition of all pages. Spanish paths stand at the root, the same paths under `/en/` speak English.

A room declares whole paths in its `urls.py`; taking it out of `INSTALLED_APPS` takes its pages.
"""

from django.apps import apps
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from marketplace.kernel.plugins import rooms_with_pages

urlpatterns = i18n_patterns(
    *(path("", room.urls) for room in rooms_with_pages()),
    path("", include("marketplace.registry.account_urls")),
    path("", include(apps.get_app_config("oscar").get_urls())),
    prefix_default_language=False,
)
