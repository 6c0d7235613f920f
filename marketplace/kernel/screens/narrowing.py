"""What narrows a list besides words: filters by one value, and the tools that stand above every list."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Filter:
    """Keeps the rows whose `field` has one of the `choices`. `key`: its name in the address; `everything`: the choice of none."""

    key: str
    label: Any
    field: str
    choices: Iterable[tuple[str, Any]]
    everything: Any

    def chosen(self, asked: str) -> str:
        """What is asked for, if it is one of the choices: an address may say anything."""
        return asked if any(asked == value for value, _label in self.choices) else ""


def state_filter(choices: Iterable[tuple[str, Any]], field: str = "status") -> Filter:
    return Filter("estado", _("State"), field, tuple(choices), _("All states"))


@dataclass(frozen=True)
class Choice:
    value: str
    label: Any
    is_chosen: bool


@dataclass(frozen=True)
class Select:
    """A filter as the page shows it now."""

    key: str
    label: Any
    everything: Any
    choices: list[Choice]


@dataclass(frozen=True)
class Narrowed:
    """What a list is narrowed to by a kind of task, and the page without it."""

    sentence: str
    all_url: str


@dataclass(frozen=True)
class Download:
    name: str
    url: str


@dataclass(frozen=True)
class ListTools:
    """What stands above a list.

    `kept`: what else the address says, for the form that narrows. `all_url`: the list without words, filters and task; empty
    while nothing narrows it.
    """

    count: int
    words: str = ""
    can_search: bool = False
    selects: list[Select] = field(default_factory=list)
    task: Narrowed | None = None
    downloads: list[Download] = field(default_factory=list)
    all_url: str = ""
    kept: list[tuple[str, str]] = field(default_factory=list)
