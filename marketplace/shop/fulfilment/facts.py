"""What a receiver says of a delivery, and every reason why it cannot be recorded so."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.core.files.base import ContentFile
from django.utils.timezone import localdate

from marketplace.kernel.errors import Broken
from marketplace.shop.order.models import Line, Order

from .models import DeliveryLine

MOST = 1_000_000


@dataclass(frozen=True)
class Brought:
    """What came of one line of the order. `line`: its place on the order, from 1. `accepted`, `refused`: sales units."""

    line: int
    accepted: int = 0
    refused: int = 0
    reason: str = ""
    explanation: str = ""
    photograph: ContentFile | None = None

    @property
    def is_something(self) -> bool:
        return bool(self.accepted or self.refused)

    @property
    def is_mentioned(self) -> bool:
        return bool(self.is_something or self.reason or self.explanation.strip() or self.photograph)


def reasons_not_recordable(
    order: Order, lines: list[Line], brought: list[Brought], received_on: date, today: date
) -> Iterator[Broken]:
    """Every reason at once, each at the field of its line (`accepted_1`)."""
    if not brought:
        yield Broken("nothing_brought")
    if received_on > today:
        yield Broken("received_in_the_future")
    elif received_on < localdate(order.accepted_at):
        yield Broken("received_before_acceptance", accepted_on=localdate(order.accepted_at))
    for each in brought:
        yield from _reasons_of_line(lines[each.line - 1], each)


def _reasons_of_line(line: Line, brought: Brought) -> Iterator[Broken]:
    name, n = line.title, brought.line
    for field in ("accepted", "refused"):
        if not 0 <= getattr(brought, field) <= MOST:
            yield Broken("quantity_impossible", field=f"{field}_{n}", most=MOST)
    if brought.accepted > line.pending_quantity:
        owed = line.pending_quantity
        yield Broken("more_than_owed", field=f"accepted_{n}", name=name, owed=owed, accepted=brought.accepted)
    if brought.refused and not brought.reason:
        yield Broken("refusal_without_reason", field=f"reason_{n}", name=name, refused=brought.refused)
    if brought.reason == DeliveryLine.Reason.OTHER and not brought.explanation.strip():
        yield Broken("refusal_unexplained", field=f"explanation_{n}", name=name)
    if not brought.is_something or (brought.reason and not brought.refused):
        yield Broken("reason_without_refusal", field=f"refused_{n}", name=name)
