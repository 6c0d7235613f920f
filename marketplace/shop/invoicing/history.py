"""What has happened to an invoice and its payments, with the days that each step has taken."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from django.db.models import Model
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from marketplace.kernel.events.models import Event
from marketplace.registry.deeds import Kind, deeds_to
from marketplace.registry.models import User

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
    deeds = deeds_to(rows, ACTS)
    return [_act(event, who, days) for (event, who), days in zip(deeds, _days(event for event, _ in deeds), strict=True)]


def _act(event: Event, who: User | None, days: int | None) -> Act:
    comment = event.payload.get("comment") or event.payload.get("reason") or ""
    return Act(ACTS[event.kind], event.at, who, comment, days)


def _days(events: Iterable[Event]) -> list[int | None]:
    """Since the one before, the newest first."""
    days = [localdate(event.at) for event in events]
    return [*((after - before).days for after, before in pairwise(days)), None][: len(days)]
