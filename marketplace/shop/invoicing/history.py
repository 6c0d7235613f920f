"""What has happened to an invoice and its payments, with the days that each step has taken."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.db.models import Model, Q
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from marketplace.kernel.events.models import Event
from marketplace.registry.models import User


@dataclass(frozen=True)
class Kind:
    title: Any
    icon: str


ACTS = {
    "invoice.registered": Kind(_("Invoice sent"), icon="send"),
    "invoice.certified": Kind(_("Certified for payment"), icon="patch-check"),
    "invoice.rejected": Kind(_("Invoice rejected"), icon="x-lg"),
    "invoice.annulled": Kind(_("Invoice annulled"), icon="slash-circle"),
    "payment.ordered": Kind(_("Payment ordered"), icon="bank"),
    "payment.sent": Kind(_("Sent to the finance system"), icon="send"),
    "payment.scheduled": Kind(_("Payment scheduled"), icon="calendar-check"),
    "payment.partly_paid": Kind(_("Partly paid"), icon="pie-chart"),
    "payment.paid": Kind(_("Paid"), icon="check-lg"),
    "payment.refused": Kind(_("Payment refused"), icon="x-lg"),
    "payment.reversed": Kind(_("Payment reversed"), icon="arrow-counterclockwise"),
}


@dataclass(frozen=True)
class Act:
    """`days`: since the act before it; None for the first. `who`: nobody when the gateway did it."""

    kind: Kind
    at: datetime
    who: User | None
    comment: str
    days: int | None


def history_of(*rows: Model) -> list[Act]:
    """The newest first, in two queries. `rows`: the invoice, its payment orders."""
    mine = Q()
    for row in rows:
        mine |= Q(subject_type=row._meta.label_lower, subject_id=row.pk)
    events = list(Event.objects.filter(mine, kind__in=ACTS).order_by("pk"))
    people = User.objects.in_bulk({event.actor_id for event in events if event.actor_id})
    return [_act(event, people, days) for event, days in zip(events, _days(events), strict=True)][::-1]


def _act(event: Event, people: dict[int, User], days: int | None) -> Act:
    comment = event.payload.get("comment") or event.payload.get("reason") or ""
    return Act(ACTS[event.kind], event.at, people.get(event.actor_id), comment, days)


def _days(events: Iterable[Event]) -> list[int | None]:
    days = [localdate(event.at) for event in events]
    return [None, *((after - before).days for before, after in pairwise(days))][: len(days)]
