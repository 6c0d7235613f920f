"""What people, the clock and other systems have done to a row, from its events. Each room says which kinds count."""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q

from marketplace.kernel.events.models import Event

from .models import User


@dataclass(frozen=True)
class Kind:
    """How a deed is shown."""

    title: Any
    icon: str


def deeds_to(rows: Iterable[Model], kinds: Container[str]) -> list[tuple[Event, User | None]]:
    """The newest first, each with who did it: nobody when the clock or another system did. Two queries."""
    mine = Q()
    for row in rows:
        mine |= Q(subject_type=row._meta.label_lower, subject_id=row.pk)
    events = list(Event.objects.filter(mine, kind__in=kinds).order_by("-pk"))
    people = User.objects.in_bulk({event.actor_id for event in events if event.actor_id})
    return [(event, people.get(event.actor_id)) for event in events]
