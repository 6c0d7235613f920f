"""What holds under the page editor's prefix: who may enter, and its own content policy."""

from collections.abc import Callable

from csp.constants import SELF, UNSAFE_INLINE
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

ACCESS = "wagtailadmin.access_admin"
EDITOR_POLICY = {
    "script-src": [SELF, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
    "frame-ancestors": [SELF],
    "frame-src": [SELF],
}


class EditorMiddleware:
    """Under the editor's prefix, and only there, inline styles and scripts are allowed; other hosts never.

    Whoever is signed in and has no right to edit reads which role has it; Wagtail would send them to sign in, for ever.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_editor = request.path.startswith(reverse("wagtailadmin_home"))
        if is_editor and request.user.is_authenticated and not request.user.has_perm(ACCESS):
            raise PermissionDenied(ACCESS)
        response = self.get_response(request)
        if is_editor:
            response._csp_replace = EDITOR_POLICY
            response["X-Frame-Options"] = "SAMEORIGIN"
        return response
