from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import BigIntegerField, DateField, Exists, OuterRef, Q, QuerySet
from django.utils.timezone import localdate

from marketplace.kernel.prepared import Given, Prepared

from .models import Delegation, Invitation, Membership, Supplier, User
from .roles import Role


def memberships_of(user: User | Given, on: date | Given) -> QuerySet[Membership]:
    """In which roles a person may act today. `stands_in`: whether somebody has delegated approvals to that membership."""
    delegated = Delegation.objects.in_force(on).filter(delegate=OuterRef("pk"))
    memberships = Membership.objects.in_force(on).with_organisation().filter(user=user)
    return memberships.annotate(stands_in=Exists(delegated))


_MEMBERSHIPS = Prepared(lambda: memberships_of(Given("user", BigIntegerField()), Given("on", DateField())))


def memberships_read(user: User, on: date) -> list[Membership]:
    """The same as rows: each request asks for them."""
    return _MEMBERSHIPS.models(user=user.pk, on=on)


def language_of(email: str) -> str:
    """In which letters to this address are written."""
    return User.objects.filter(email__iexact=email).values_list("language", flat=True).first() or settings.LANGUAGE_CODE


def accounts_of(*people: User) -> QuerySet[User]:
    """Every account of these people: those with the same cédula are one person's."""
    numbers = {person.national_id for person in people if person.national_id}
    return User.objects.filter(Q(pk__in=[person.pk for person in people]) | Q(national_id__in=numbers))


def delegations_of(membership: Membership, on: date) -> QuerySet[Delegation]:
    """Those that hold or are to come: for the entity's administrator all of it, for an approver the ones given."""
    delegations = Delegation.objects.not_ended(on).with_people().filter(principal__entity=membership.entity_id)
    if membership.role == Role.ENTITY_ADMINISTRATOR:
        return delegations
    return delegations.filter(principal=membership)


def team_of(membership: Membership, on: date) -> QuerySet[Membership]:
    """The people of the membership's own organisation."""
    mine = Membership.objects.in_force(on).with_organisation().select_related("user")
    return mine.filter(entity=membership.entity_id, supplier=membership.supplier_id)


def invitations_of(membership: Membership) -> QuerySet[Invitation]:
    """Those of the membership's own organisation that wait for an answer."""
    waiting = Invitation.objects.filter(accepted_at=None, withdrawn_at=None).select_related("unit", "invited_by")
    return waiting.filter(entity=membership.entity_id, supplier=membership.supplier_id)


def colleagues_who_act_as(role: str, membership: Membership, on: date) -> QuerySet[Membership]:
    """People of the same entity in this role, other than oneself."""
    return team_of(membership, on).filter(role=role).exclude(user=membership.user_id)


# ---------------------------------------------------------------- what waits for somebody
ENDS_SOON = timedelta(days=30)


def memberships_ending(membership: Membership, at: datetime) -> QuerySet[Membership]:
    """Of one's own team, within 30 days, the nearest end first."""
    on = localdate(at)
    return team_of(membership, on).filter(valid_until__lte=on + ENDS_SOON).order_by("valid_until", "pk")


def suppliers_suspended(membership: Membership, at: datetime) -> QuerySet[Supplier]:
    return Supplier.objects.filter(status=Supplier.Status.SUSPENDED).order_by("sort_key", "pk")
