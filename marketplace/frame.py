"""What the frame of every page shows: where one can go, in which role one acts, the cart, the hour.

One context variable, `frame`. Each of its values is worked out when a page first shows it, so a visitor costs no query.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse, translate_url
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cms.help_texts import Help, help_for
from marketplace.kernel.plugins import NavigationEntry, entries_for
from marketplace.registry.delivery import canton_of
from marketplace.registry.models import Membership
from marketplace.registry.places import cantons
from marketplace.registry.predicates import acts_for_entity, acts_for_supplier
from marketplace.registry.roles import Role
from marketplace.shop.basket.selectors import line_count_of
from marketplace.shop.communication.selectors import unread_count_of

# the first part of a page's path, and the section that stands there
SECTIONS = {
    "catalogo": _("Catalogue"),
    "convenios": _("Framework agreements"),
    "compras": _("My purchases"),
    "proveedor": _("Supplier"),
    "panel": _("Administration"),
    "cuenta": _("My account"),
    "verificar": _("Verification"),
}
AREAS = {"compras": "purchases", "proveedor": "supplier", "panel": "office"}
RAIL_LABELS = {"purchases": _("My purchases"), "supplier": _("Supplier"), "office": _("Administration")}
WHERE_PLACE_COUNTS = ("catalogo", "compras")  # pages whose offers depend on the place of delivery
PUBLIC_LINKS = (("search:landing", _("Catalogue")), ("framework_agreements:agreements", _("Agreements")))
DOORS = {
    "purchases": ("dashboard:purchases", _("My purchases")),
    "supplier": ("dashboard:supplier", _("Supplier")),
    "office": ("dashboard:office", _("Administration")),
}
HELP, ACCESSIBILITY = "ayuda/", "accesibilidad/"  # pages of the portal that every other page leads to
THEMES = ("light", "dark")
OTHER_LANGUAGE = {"es": ("en", "English"), "en": ("es", "Español")}


def frame(request: HttpRequest) -> dict[str, "Frame"]:
    return {"frame": Frame(request)}


@dataclass(frozen=True)
class Link:
    """An entry of a menu, as it shows on this page."""

    label: Any
    url: str
    icon: str = ""
    is_current: bool = False


@dataclass(frozen=True)
class Translation:
    """This page in another language. `code`: of the language; `name`: in its own words."""

    code: str
    name: str
    url: str


@dataclass(frozen=True)
class Group:
    title: Any
    entries: list[Link]


class Frame:
    version = settings.VERSION
    site_name = settings.SITE_NAME

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self._segment = first_segment(request.path_info)

    @cached_property
    def user(self) -> Any:
        """Nobody, when the request failed before it was known who asks."""
        return getattr(self._request, "user", None)

    @cached_property
    def membership(self) -> Membership | None:
        return getattr(self._request, "membership", None)

    @property
    def is_signed_in(self) -> bool:
        return self.user is not None and self.user.is_authenticated

    @property
    def now(self) -> datetime:
        return localtime()

    @property
    def section(self) -> Any:
        return SECTIONS.get(self._segment, "")

    @cached_property
    def own_area(self) -> str:
        """Where the work of this person's role is; empty for a visitor."""
        if self.membership is None:
            return ""
        if acts_for_entity(self.user):
            return "purchases"
        return "supplier" if acts_for_supplier(self.user) else "office"

    @property
    def area(self) -> str:
        """The area that this page belongs to; a page that several share belongs to one's own."""
        return AREAS.get(self._segment, self.own_area)

    @cached_property
    def main(self) -> list[Link]:
        """The header's navigation: what is open to all, the door to one's own work, help."""
        wanted = [*PUBLIC_LINKS, *([DOORS[self.own_area]] if self.own_area else ())]
        known = [*((url_of(name), label) for name, label in wanted), (self.help_url, _("Help"))]
        return [self._main_link(url, label) for url, label in known if url]

    def _main_link(self, url: str, label: Any) -> Link:
        return Link(label, url, is_current=first_segment(url) == self._segment)

    @cached_property
    def entries(self) -> list[Link]:
        """What this person may do in the area of this page."""
        return [link for group in self.rail for link in group.entries]

    @cached_property
    def rail(self) -> list[Group]:
        if not self.is_signed_in or not self.area:
            return []
        known = [(entry, url) for entry in entries_for(self.user, self.area) if (url := url_of(entry.url_name))]
        path, doors = self._request.path, {url_of(name) for name, _ in DOORS.values()}
        here = longest_prefix(path, (url for _, url in known if url not in doors or url == path))
        return [
            Group(title, [_link(entry, url, here) for entry, url in pairs])
            for title, pairs in groupby(known, key=lambda pair: str(pair[0].group))
        ]

    @property
    def rail_label(self) -> Any:
        return RAIL_LABELS.get(self.area, "")

    @property
    def is_in_area(self) -> bool:
        """Whether this page is one of the person's own work, so that its neighbours are shown."""
        return self._segment in AREAS

    @cached_property
    def door(self) -> Link | None:
        """Where the area of this page begins; none on that page itself, nor outside of the areas."""
        if not (self.is_signed_in and self.is_in_area):
            return None
        name, label = DOORS[self.area]
        url = url_of(name)
        return Link(label, url) if url and url != self._request.path else None

    @cached_property
    def cart_url(self) -> str:
        """Only requesters fill a cart."""
        is_requester = self.membership is not None and self.membership.role == Role.REQUESTER
        return url_of("basket:summary") if is_requester else ""

    @cached_property
    def cart_count(self) -> int:
        return line_count_of(self.membership) if self.membership else 0

    @cached_property
    def delivery_url(self) -> str:
        """Where the place of delivery is changed; only on pages that depend on it, for who buys or may."""
        url = url_of("search:delivery") if self._segment in WHERE_PLACE_COUNTS and self.own_area in ("", "purchases") else ""
        return f"{url}?{urlencode({'next': self._page_without_canton})}" if url else ""

    @property
    def _page_without_canton(self) -> str:
        query = self._request.GET.copy()
        query.pop("canton", None)
        return f"{self._request.path}?{query.urlencode()}" if query else self._request.path

    @property
    def delivery_canton(self) -> str:
        """The name of the place of delivery; empty for anywhere."""
        canton = cantons().get(canton_of(self._request))
        return canton.name if canton else ""

    @cached_property
    def notices_url(self) -> str:
        return url_of("communication:notices") if self.membership else ""

    @cached_property
    def notice_count(self) -> int:
        """Of unread ones, told to this person in this role."""
        return unread_count_of(self.membership) if self.membership else 0

    @cached_property
    def search_url(self) -> str:
        return url_of("search:results")

    @cached_property
    def help_url(self) -> str:
        return url_of("wagtail_serve", HELP)

    @cached_property
    def screen_help(self) -> Help | None:
        """What this screen is for; nothing on a page that is none of ours."""
        screen = self._request.resolver_match
        return help_for(screen.view_name, get_language() or settings.LANGUAGE_CODE) if screen else None

    @cached_property
    def accessibility_url(self) -> str:
        return url_of("wagtail_serve", ACCESSIBILITY)

    @property
    def theme(self) -> str:
        """Chosen on the page «Appearance»; without a choice the browser decides."""
        theme = self._request.COOKIES.get("theme", "")
        return theme if theme in THEMES else ""

    @property
    def has_more_contrast(self) -> bool:
        return self._request.COOKIES.get("contrast") == "more"

    @cached_property
    def translation(self) -> Translation:
        code, name = OTHER_LANGUAGE[get_language() or settings.LANGUAGE_CODE]
        return Translation(code, name, translate_url(self._request.get_full_path(), code))

    @property
    def language_tag(self) -> str:
        language = get_language() or settings.LANGUAGE_CODE
        return "es-EC" if language == "es" else language


def _link(entry: NavigationEntry, url: str, here: str) -> Link:
    return Link(entry.label, url, entry.icon, is_current=url == here)


def url_of(name: str, *args: str) -> str:
    """Empty for a page that is not installed."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def first_segment(path: str) -> str:
    """«/en/catalogo/p/…» → «catalogo»."""
    parts = path.strip("/").split("/")
    return parts[1] if len(parts) > 1 and parts[0] in dict(settings.LANGUAGES) else parts[0]


def longest_prefix(path: str, urls: Iterable[str]) -> str:
    """The entry that this page is, or is beneath."""
    return max((url for url in urls if path.startswith(url)), key=len, default="")
