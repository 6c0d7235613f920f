from django.db.models import QuerySet

from marketplace.registry.models import Membership
from marketplace.registry.roles import Role

from .models import BudgetCertificate, Requisition


def requisitions_visible_to(membership: Membership | None) -> QuerySet[Requisition]:
    """Requisitions of the membership's entity; a requester sees only those of their own. Nothing for anyone else."""
    requisitions = Requisition.objects.select_related("entity", "unit", "certificate__amount", "requester", "decider", "basket")
    if membership is None or not membership.entity_id:
        return requisitions.none()
    requisitions = requisitions.filter(entity=membership.entity_id)
    return requisitions.filter(requester=membership.user_id) if membership.role == Role.REQUESTER else requisitions


def requisitions_to_decide(membership: Membership) -> QuerySet[Requisition]:
    """Those that wait for this person: of the same entity, of somebody else, the oldest first."""
    waiting = requisitions_visible_to(membership).filter(status=Requisition.Status.IN_APPROVAL)
    return waiting.exclude(requester=membership.user_id).order_by("submitted_at", "pk")


def requisitions_decided_by(membership: Membership) -> QuerySet[Requisition]:
    """Those that this person approved or returned, the newest first."""
    return requisitions_visible_to(membership).filter(decider=membership.user_id).order_by("-decided_at", "-pk")


def certificates_of(membership: Membership | None) -> QuerySet[BudgetCertificate]:
    certificates = BudgetCertificate.objects.select_related("amount", "entity")
    if membership is None or not membership.entity_id:
        return certificates.none()
    return certificates.filter(entity=membership.entity_id)
