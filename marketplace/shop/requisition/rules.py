"""Who may decide on a requisition, correct it or give it up, and why not. Facts in, broken rules out."""

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


def reasons_not_of(requisition: Requisition, person: Membership) -> list[Broken]:
    """Only whoever asked for it corrects it or gives it up."""
    if requisition.requested_by_id == person.pk:
        return []
    return [Broken("not_yours", number=requisition.number, requester=str(requisition.requester))]


def reasons_not_correctable(requisition: Requisition, person: Membership) -> list[Broken]:
    broken = reasons_not_of(requisition, person)
    if requisition.status != Requisition.Status.RETURNED:
        broken.append(Broken("not_returned", number=requisition.number, status=requisition.get_status_display()))
    return broken
