"""What has happened to a requisition, from its events: each sending, each return with its comment, the end."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from marketplace.kernel.events.models import Event
from marketplace.registry.models import User

from .models import Requisition

ACTS = {
    "requisition.submitted": (_("Sent to approval"), "send"),
    "requisition.returned": (_("Returned"), "arrow-return-left"),
    "requisition.step_approved": (_("Step approved"), "check-lg"),
    "requisition.approved": (_("Approved"), "check-lg"),
    "requisition.withdrawn": (_("Withdrawn"), "x-lg"),
}


@dataclass(frozen=True)
class Act:
    title: Any
    icon: str
    at: datetime
    who: User
    comment: str
    in_the_place_of: str


def history_of(requisition: Requisition) -> list[Act]:
    """The newest first, in two queries."""
    mine = Event.objects.filter(subject_type=requisition._meta.label_lower, subject_id=requisition.pk, kind__in=ACTS)
    events = list(mine.order_by("-pk"))
    people = User.objects.in_bulk({event.actor_id for event in events})
    told = ("comment", "in_the_place_of")
    return [
        Act(*ACTS[event.kind], event.at, people[event.actor_id], *(event.payload.get(name, "") for name in told))
        for event in events
    ]
