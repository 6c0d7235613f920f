"""Who may decide on a requisition, and why not. Facts in, broken rules out."""

from marketplace.kernel.errors import Broken
from marketplace.registry.models import Membership

from .models import Requisition


def reasons_not_decidable(requisition: Requisition, approver: Membership) -> list[Broken]:
    """The four-eyes rule, which the database holds as well, and the state."""
    broken = []
    if requisition.status != Requisition.Status.IN_APPROVAL:
        broken.append(Broken("already_decided", number=requisition.number, status=requisition.get_status_display()))
    if requisition.requester_id == approver.user_id:
        broken.append(Broken("own_need", entity=requisition.entity.name))
    return broken
