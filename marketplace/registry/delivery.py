"""Where things are to be delivered: chosen once, kept in this browser for the role in which one acts."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils.functional import cached_property
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from marketplace.kernel.screens.shown import number_text
from marketplace.kernel.screens.views import ScreenMixin

from .places import canton_choices, cantons

COOKIE = "canton"
A_YEAR = 365 * 24 * 3600
BETWEEN = "."  # the membership that chose, and what it chose


def canton_of(request: HttpRequest) -> str:
    """INEC code of the place of delivery: what was chosen, else where the entity is. Empty: anywhere."""
    chosen = chosen_canton(request)
    if chosen is not None:
        return chosen
    entity = request.membership.entity if request.membership else None  # type: ignore[attr-defined]
    return entity.canton_code if entity else ""


def chosen_canton(request: HttpRequest) -> str | None:
    """Empty for «anywhere»; None when nothing was chosen in this role."""
    owner, between, code = request.COOKIES.get(COOKIE, "").partition(BETWEEN)
    is_ours = bool(between) and owner == _owner(request)
    return code if is_ours and (not code or code in cantons()) else None


def keep_canton(request: HttpRequest, response: HttpResponseBase, code: str) -> None:
    """From this page on: its head shows it already."""
    value = f"{_owner(request)}{BETWEEN}{code}"
    request.COOKIES[COOKIE] = value
    response.set_cookie(COOKIE, value, max_age=A_YEAR, samesite="Lax", secure=request.is_secure(), httponly=True)


def _owner(request: HttpRequest) -> str:
    """A choice made in another role does not hold in this one."""
    return str(request.membership.id_public) if request.membership else ""  # type: ignore[attr-defined]


class DeliveryScreen(ScreenMixin):
    """A page that asks where: `?canton=` counts, and is kept for the pages that follow."""

    @cached_property
    def canton(self) -> str:
        asked = self.asked_canton
        return canton_of(self.request) if asked is None else asked

    @cached_property
    def asked_canton(self) -> str | None:
        """What the address says; empty for «anywhere», None for what is no canton."""
        code = self.request.GET.get("canton")
        return code if code == "" or code in cantons() else None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().dispatch(request, *args, **kwargs)
        if self.asked_canton is not None and self.asked_canton != chosen_canton(request):
            keep_canton(request, response, self.asked_canton)
        return response


def canton_options(chosen: str, counts: Mapping[str, int] | None = None) -> SafeString:
    """All cantons to choose from; with `counts`, how many go to each. Made here: a template would take most of a page's time."""
    numbers = {count: f" · {number_text(count)}" for count in {0, *(counts or {}).values()}}
    options = []
    for code, name in _escaped_choices():
        count = counts.get(code, 0) if counts is not None else None
        state = " selected" if code == chosen else " disabled" if count == 0 else ""
        options.append(f'<option value="{code}"{state}>{name}{"" if count is None else numbers[count]}</option>')
    return mark_safe("".join(options))


@cache
def _escaped_choices() -> tuple[tuple[str, str], ...]:
    return tuple((code, escape(name)) for code, name in canton_choices())
