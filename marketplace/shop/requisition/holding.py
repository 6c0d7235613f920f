"""The price hold: how long what was sent waits for its approval at the prices that were sent.

Held means: until the end of the hold no line costs more than when it was sent. A supplier may lower a price at any time, and
the lower one counts at once; nobody may raise one, so only a temporary price that ends would go up, and then the one that was
sent still counts (`pricing.py`). Nothing else is held: stock, ceilings and terms are those of the moment of the approval, and
VAT is that of the day. The money is: it stays reserved on the certificate, which is why a hold has an end.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.timezone import localdate

from marketplace.kernel.events import record
from marketplace.kernel.law import Parameter, parameter_on
from marketplace.kernel.limits.services import give_back

from .deciding import requisition_locked
from .models import Requisition


def hold_parameter(sent_at: datetime) -> Parameter:
    """The days for which prices are held: those of the day on which it was sent."""
    return parameter_on("requisition.hold_days", localdate(sent_at))


def hold_end(sent_at: datetime) -> datetime:
    return sent_at + timedelta(days=int(hold_parameter(sent_at).value))


@transaction.atomic
def requisition_lapse(*, requisition_id: int, at: datetime) -> Requisition:
    """Give a requisition on which nobody has decided in time back to who asked for it; its reservation is freed.

    Safe to run twice, early, after a decision, or after it was sent again: then it does nothing. The cart is not opened:
    its requester does that, when they have read what has changed (`requisition_correct`).
    """
    requisition = requisition_locked(requisition_id)
    if requisition.status == Requisition.Status.IN_APPROVAL and requisition.hold_is_over(at):
        give_back(requisition)
        requisition.move_to(Requisition.Status.LAPSED, at=at)
        record("requisition.lapsed", requisition, at=at)
    return requisition
