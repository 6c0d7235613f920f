"""Each request knows in which membership the person acts, and says so to the database."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate

from marketplace.kernel.acting import acting

from .models import Membership
from .selectors import memberships_read

SESSION_KEY = "membership"


class ActingMiddleware:
    """Sets `request.membership` and `request.user.membership`; every write of the request is stamped with both."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        membership = chosen_membership(request)
        request.membership = request.user.membership = membership
        reason = f"{request.method} {request.path}"[:200]
        with acting(reason, actor_id=request.user.pk, membership_id=membership and membership.pk):
            return self.get_response(request)


def chosen_membership(request: HttpRequest) -> Membership | None:
    """The one chosen in this session; without a choice, the only one there is. Never a guess."""
    if not request.user.is_authenticated:
        return None
    memberships = memberships_read(request.user, localdate())
    chosen = request.session.get(SESSION_KEY)
    only = memberships[0] if len(memberships) == 1 else None
    return next((each for each in memberships if each.pk == chosen), only)
