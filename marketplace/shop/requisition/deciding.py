"""What returning and approving have in common."""

from datetime import datetime

from marketplace.kernel.errors import Broken
from marketplace.kernel.limits.services import LimitExceeded
from marketplace.registry.models import Membership

from .models import BudgetCertificate, Requisition


def requisition_locked(requisition_id: int) -> Requisition:
    """The requisition, held until the transaction ends: two people decide one after the other."""
    found = Requisition.objects.select_for_update(of=["self"]).select_related("entity", "certificate", "basket", "requester")
    return found.get(pk=requisition_id)


def decide(requisition: Requisition, status: str, comment: str, actor: Membership, at: datetime) -> None:
    requisition.comment = comment.strip()
    requisition.decided_by, requisition.decider_id, requisition.decided_at = actor, actor.user_id, at
    fields = ("comment", "decided_by", "decider", "decided_at", "net", "vat", "gross")
    requisition.move_to(status, at=at, also=fields)


def certificate_short(certificate: BudgetCertificate, short: LimitExceeded) -> Broken:
    return Broken("certificate_short", number=certificate.number, missing=short.missing, left=short.left, asked=short.asked)
