from datetime import date, datetime, timedelta

from django.db.models import BigIntegerField, Case, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils.timezone import localdate

from marketplace.registry.models import Delegation, Membership
from marketplace.registry.roles import Role
from marketplace.registry.selectors import accounts_of

from .models import BudgetCertificate, Requisition, RouteStep, Who


def requisitions_visible_to(membership: Membership | None) -> QuerySet[Requisition]:
    """Requisitions of the membership's entity; a requester sees those of their own and what they have decided in
    the place of an approver, all while they stand in for one.

    Nothing for anyone else.
    """
    requisitions = Requisition.objects.select_related("entity", "unit", "certificate__amount", "requester", "decider", "basket")
    if membership is None or not membership.entity_id:
        return requisitions.none()
    requisitions = requisitions.filter(entity=membership.entity_id)
    if membership.role != Role.REQUESTER or getattr(membership, "stands_in", False):
        return requisitions
    return requisitions.filter(Q(requester=membership.user_id) | _decided_by(membership))


def requisitions_to_decide(membership: Membership, at: datetime) -> QuerySet[Requisition]:
    """Those whose step waits for this person, in their own right or by delegation, the oldest first.

    `office_id`: the membership in whose right that is. Never one's own need, nor that of the one in whose place one would
    decide, nor one of which one has approved a step.
    """
    is_held = Q(held_until=None) | Q(held_until__gt=at)
    waiting = requisitions_visible_to(membership).filter(is_held, status=Requisition.Status.IN_APPROVAL)
    steps = RouteStep.objects.filter(requisition=OuterRef("pk"), approved_at=None).order_by("position")
    waiting = waiting.annotate(current_step=Subquery(steps.values("pk")[:1]))
    mine = []
    for office in offices_of(membership, localdate(at)):
        fitting = Q(who=Who.ANYONE) | Q(who=Who.UNIT, unit=office.unit_id) | Q(who=Who.PERSON, person=office.pk)
        people = accounts_of(office.user, membership.user).values("pk")
        approved = RouteStep.objects.filter(Q(approver__in=people) | Q(principal__user__in=people)).values("requisition")
        its = Q(current_step__in=RouteStep.objects.filter(fitting)) & ~Q(requester__in=people) & ~Q(pk__in=approved)
        mine.append(When(its, then=Value(office.pk)))
    waiting = waiting.annotate(office_id=Case(*mine, default=None, output_field=BigIntegerField()))
    return waiting.filter(office_id__isnull=False).order_by("submitted_at", "pk")


def offices_of(membership: Membership, on: date) -> list[Membership]:
    """In whose right this membership decides: its own, if it is an approver's, and those of whom it stands in for."""
    delegations = Delegation.objects.in_force(on).with_people().filter(delegate=membership, principal__role=Role.APPROVER)
    own = [membership] if membership.role == Role.APPROVER else []
    return own + [each.principal for each in delegations]


def requisitions_decided_by(membership: Membership) -> QuerySet[Requisition]:
    """Those that this person returned, or of which they approved a step, the newest first."""
    return requisitions_visible_to(membership).filter(_decided_by(membership)).order_by("-decided_at", "-pk")


def _decided_by(membership: Membership) -> Q:
    """Returned or approved, if only one step of it."""
    steps = RouteStep.objects.filter(approver=membership.user_id)
    return Q(decider=membership.user_id) | Q(pk__in=steps.values("requisition"))


def requisitions_delegated_to(membership: Membership, at: datetime) -> QuerySet[Requisition]:
    """Of those to decide, the ones that this person decides in the place of somebody else."""
    return requisitions_to_decide(membership, at).exclude(office_id=membership.pk)


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


def requisitions_lapsed_of(membership: Membership, at: datetime) -> QuerySet[Requisition]:
    """One's own on which nobody decided while their prices were held, the oldest first."""
    lapsed = Requisition.Status.LAPSED
    return requisitions_visible_to(membership).filter(requested_by=membership, status=lapsed).order_by("status_at", "pk")


def requisitions_undecided_for_long(membership: Membership, at: datetime) -> QuerySet[Requisition]:
    """One's own on which nobody has decided within the pace of the house, the oldest first."""
    waiting = requisitions_visible_to(membership).filter(requested_by=membership, status=Requisition.Status.IN_APPROVAL)
    return waiting.filter(submitted_at__lt=at - DECIDED_WITHIN).order_by("submitted_at", "pk")


def certificates_nearly_used(membership: Membership, at: datetime) -> QuerySet[BudgetCertificate]:
    """Those of which a last part is left, the smallest part first."""
    certificates = certificates_of(membership).annotate(left=F("amount__limit") - F("amount__taken"))
    return certificates.filter(left__gt=0, left__lte=F("amount__limit") * NEARLY_USED / 100).order_by("left", "pk")
