"""Composition of all pages. Spanish paths stand at the root, the same paths under `/en/` speak English.

A room declares whole paths in its `urls.py`; taking it out of `INSTALLED_APPS` takes its pages. The portal's pages come
last: they answer whatever no room did.
"""

from django.apps import apps
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from cms.wagtail_urls import editor, pages
from marketplace.kernel.plugins import rooms_with_pages

urlpatterns = [
    *editor,
    *i18n_patterns(
        *(path("", room.urls) for room in rooms_with_pages()),
        path("", include("marketplace.registry.account_urls")),
        path("", include(apps.get_app_config("oscar").get_urls())),
        *pages,
        prefix_default_language=False,
    ),
]

handler400 = "marketplace.failures.bad_request"
handler403 = "marketplace.failures.forbidden"
handler404 = "marketplace.failures.not_found"
handler500 = "marketplace.failures.server_error"
