"""Each request knows in which membership the person acts, and says so to the database."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate

from marketplace.kernel.acting import acting
from marketplace.kernel.screens.views import ScreenMixin

from .models import Membership
from .selectors import memberships_of

SESSION_KEY = "membership"
SAFE_METHODS = {"GET", "HEAD", "OPTIONS", "TRACE"}


class ActingMiddleware:
    """Sets `request.membership` and `request.user.membership`; every write of the request is stamped with both.

    A view that is not ours owns no transaction, so its unsafe requests run in one: the stamp needs it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        membership = chosen_membership(request)
        request.membership = request.user.membership = membership
        reason = f"{request.method} {request.path}"[:200]
        with acting(reason, actor_id=request.user.pk, membership_id=membership and membership.pk):
            return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: tuple, kwargs: dict) -> HttpResponse | None:
        if request.method in SAFE_METHODS or issubclass(getattr(view, "view_class", object), ScreenMixin):
            return None
        with transaction.atomic():
            return view(request, *args, **kwargs)


def chosen_membership(request: HttpRequest) -> Membership | None:
    """The one chosen in this session; without a choice, the only one there is. Never a guess."""
    if not request.user.is_authenticated:
        return None
    memberships = memberships_of(request.user, localdate())
    chosen = request.session.get(SESSION_KEY)
    if chosen is not None:
        found = memberships.filter(pk=chosen).first()
        if found is not None:
            return found
    first_two = list(memberships[:2])
    return first_two[0] if len(first_two) == 1 else None
