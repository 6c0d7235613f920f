"""Wagtail's own addresses: the editor under `/cms/`, documents, and the pages themselves, last of all.

Wagtail's doors to sign in and to reset a password lead to the one door there is.
"""

from django.urls import include, path, re_path
from django.views.generic import RedirectView
from wagtail import urls as page_urls
from wagtail.admin import urls as editor_urls
from wagtail.documents import urls as document_urls

SIGN_IN = RedirectView.as_view(pattern_name="account_login", query_string=True)
SIGN_OUT = RedirectView.as_view(pattern_name="account_logout")

editor = [
    path("cms/login/", SIGN_IN),
    path("cms/logout/", SIGN_OUT),
    re_path(r"^cms/password_reset/", RedirectView.as_view(pattern_name="account_reset_password")),
    path("cms/", include(editor_urls)),
    path("documentos/", include(document_urls)),
]
pages = [path("_util/login/", SIGN_IN), path("", include(page_urls))]
