from datetime import datetime, timedelta

from django.db.models import F, QuerySet

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


# ---------------------------------------------------------------- what waits for somebody
DECIDED_WITHIN = timedelta(days=3)  # the pace of the house; no law sets one
NEARLY_USED = 10  # percent of a certificate that are left


def requisitions_returned_to(membership: Membership, at: datetime) -> QuerySet[Requisition]:
    """One's own that came back with a comment, the oldest first."""
    returned = Requisition.Status.RETURNED
    return requisitions_visible_to(membership).filter(requested_by=membership, status=returned).order_by("decided_at", "pk")


def requisitions_undecided_for_long(membership: Membership, at: datetime) -> QuerySet[Requisition]:
    """One's own on which nobody has decided within the pace of the house, the oldest first."""
    waiting = requisitions_visible_to(membership).filter(requested_by=membership, status=Requisition.Status.IN_APPROVAL)
    return waiting.filter(submitted_at__lt=at - DECIDED_WITHIN).order_by("submitted_at", "pk")


def certificates_nearly_used(membership: Membership, at: datetime) -> QuerySet[BudgetCertificate]:
    """Those of which a last part is left, the smallest part first."""
    certificates = certificates_of(membership).annotate(left=F("amount__limit") - F("amount__taken"))
    return certificates.filter(left__gt=0, left__lte=F("amount__limit") * NEARLY_USED / 100).order_by("left", "pk")
