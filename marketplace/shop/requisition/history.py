"""What has happened to a requisition, from its events: each sending, each return with its comment, the end."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from marketplace.registry.deeds import Kind, deeds_to
from marketplace.registry.models import User

from .models import Requisition

ACTS = {
    "requisition.submitted": Kind(_("Sent to approval"), icon="send"),
    "requisition.returned": Kind(_("Returned"), icon="arrow-return-left"),
    "requisition.step_approved": Kind(_("Step approved"), icon="check-lg"),
    "requisition.lines_rejected": Kind(_("Lines rejected"), icon="x-lg"),
    "requisition.lapsed": Kind(_("The price hold ended"), icon="hourglass-bottom"),
    "requisition.approved": Kind(_("Approved"), icon="check-lg"),
    "requisition.withdrawn": Kind(_("Withdrawn"), icon="x-lg"),
}


@dataclass(frozen=True)
class Act:
    kind: Kind
    at: datetime
    who: User | None
    comment: str
    in_the_place_of: str


def history_of(requisition: Requisition) -> list[Act]:
    """The newest first, in two queries."""
    told = ("comment", "in_the_place_of")
    return [
        Act(ACTS[event.kind], event.at, who, *(event.payload.get(name, "") for name in told))
        for event, who in deeds_to([requisition], ACTS)
    ]
