"""How each state looks: tone, icon and word together, one look per state on all pages.

A room says it once, in `looks.py`:

    show(Order.Status, draft=Look("still", "pencil"), delivered=Look("ok", "box-seam"))

and its templates write `<c-status :of="order" />`.
"""

from typing import NamedTuple

from django.db.models import TextChoices

TONES = ("ok", "warn", "bad", "info", "plum", "still", "best")


class Look(NamedTuple):
    """`tone`: one of TONES (plum: a legal or financial process). `icon`: its name in bootstrap-icons."""

    tone: str
    icon: str


UNKNOWN = Look("still", "circle")
_looks: dict[str, Look] = {}


def show(choices: type[TextChoices], **looks: Look) -> None:
    """`looks`: by the value of the choice."""
    values = set(choices.values)
    if set(looks) - values:
        raise ValueError(f"{choices.__qualname__} has no {sorted(set(looks) - values)}")
    _looks.update({_key(choices(value)): look for value, look in looks.items()})


def look_of(choice: TextChoices) -> Look:
    return _looks.get(_key(choice), UNKNOWN)


def _key(choice: TextChoices) -> str:
    return f"{type(choice).__module__}.{type(choice).__qualname__}.{choice.value}"
