"""What has happened to an order, from its events: every act of both sides and of the clock, dated."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from marketplace.kernel.events.models import Event
from marketplace.registry.deeds import Kind, deeds_to
from marketplace.registry.models import User

from .models import Order

ACTS = {
    "order.issued": Kind(_("Order issued"), icon="send"),
    "order.accepted": Kind(_("Order accepted"), icon="hand-thumbs-up"),
    "order.rejected": Kind(_("Order rejected"), icon="x-lg"),
    "order.lapsed": Kind(_("The time to answer ended"), icon="hourglass-split"),
    "order.cancelled": Kind(_("Order cancelled"), icon="slash-circle"),
    "order.dispatched": Kind(_("Goods dispatched"), icon="truck"),
    "delivery.recorded": Kind(_("Delivery received"), icon="box-seam"),
    "delivery.voided": Kind(_("Acceptance act voided"), icon="arrow-counterclockwise"),
    "order.closed_short": Kind(_("Closed without the rest"), icon="scissors"),
    "order.received": Kind(_("Nothing more is owed"), icon="check2-all"),
}


@dataclass(frozen=True)
class Act:
    """`subject`: the row that it happened to, the order or one of `also`. `who`: nobody when the clock did it."""

    kind: Kind
    at: datetime
    who: User | None
    number: str
    comment: str
    subject: Model


def history_of(order: Order, also: Iterable[Model] = ()) -> list[Act]:
    """The newest first, in two queries. `also`: rows of other rooms that belong to the order, as its deliveries."""
    subjects = {(row._meta.label_lower, row.pk): row for row in (order, *also)}
    return [_act(event, who, subjects[event.subject_type, event.subject_id]) for event, who in deeds_to(subjects.values(), ACTS)]


def _act(event: Event, who: User | None, subject: Model) -> Act:
    words = event.payload
    return Act(ACTS[event.kind], event.at, who, words.get("number", ""), words.get("comment", ""), subject)
