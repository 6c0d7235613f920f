"""What an installed app adds to the whole: its menu entries, and (a procedure type) its pages.

An entry names a permission and a URL; the header and the rails show it to whoever has the permission. Taking an app out
of `INSTALLED_APPS` takes its pages and its entries with it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from django.apps import apps
from oscar.core.application import OscarConfig


@dataclass(frozen=True)
class NavigationEntry:
    """`area`: where it is shown (``purchases``, ``supplier``, ``office``); or, as a button, a page of a room below (``listings``).

    `order`: lowest first.
    """

    area: str
    label: Any
    url_name: str
    permission: str
    icon: str
    order: int = 100
    group: Any = ""


class RoomConfig(OscarConfig):
    """An app of ours: its menu entries, its pages (`urls.py`, whole paths from the site's root), and what it registers.

    A fork of an Oscar app puts this class first, so that the stock app's views are neither loaded nor mounted.
    """

    navigation: tuple[NavigationEntry, ...] = ()

    def ready(self) -> None:
        for module in ("permissions", "messages", "looks", "today", "jobs"):
            self._module(module)

    def get_urls(self) -> list:
        urls = self._module("urls")
        return self.post_process_urls(urls.urlpatterns) if urls else []

    def _module(self, name: str) -> ModuleType | None:
        return import_module(f"{self.name}.{name}") if find_spec(f"{self.name}.{name}") else None


class ProcedureConfig(RoomConfig):
    """A procurement procedure type. `mount`: the path under which its pages hang, with a trailing slash."""

    mount: str = ""


def navigation_entries(area: str) -> Iterator[NavigationEntry]:
    entries = [entry for config in apps.get_app_configs() for entry in getattr(config, "navigation", ())]
    yield from sorted((entry for entry in entries if entry.area == area), key=lambda entry: entry.order)


def entries_for(user: Any, area: str) -> list[NavigationEntry]:
    """The entries of an area that this person may use."""
    return [entry for entry in navigation_entries(area) if user.has_perm(entry.permission)]


def rooms_with_pages() -> Iterator[RoomConfig]:
    """Every installed room that has pages of its own, procedure types apart."""
    rooms = (config for config in apps.get_app_configs() if isinstance(config, RoomConfig))
    return (room for room in rooms if not isinstance(room, ProcedureConfig) and room.get_urls())


def procedure_configs() -> Iterator[ProcedureConfig]:
    return (config for config in apps.get_app_configs() if isinstance(config, ProcedureConfig))
