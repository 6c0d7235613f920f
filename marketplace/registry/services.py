"""What people and the clock do with people, organisations and memberships. Each owns its transaction."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.timezone import localdate

from marketplace.kernel.acting import acting
from marketplace.kernel.errors import Broken, refuse
from marketplace.kernel.events import record

from .models import Entity, EntityUnit, Invitation, Membership, Supplier, User
from .roles import Role
from .rules import reasons_not_invitable

INVITATION_LASTS = timedelta(days=14)
LETTERS_APART = timedelta(hours=1)


@transaction.atomic
def entity_register(*, ruc: str, name: str, canton_code: str, actor: Membership) -> Entity:
    """Enter a contracting entity; its people come by invitation."""
    entity = Entity.objects.create(ruc=ruc, name=name, canton_code=canton_code)
    record("entity.registered", entity, actor=actor)
    return entity


@transaction.atomic
def unit_add(*, entity: Entity, name: str, actor: Membership) -> EntityUnit:
    unit = EntityUnit.objects.create(entity=entity, name=name)
    record("unit.added", unit, actor=actor)
    return unit


@transaction.atomic
def supplier_register(*, ruc: str, name: str, canton_code: str, actor: Membership) -> Supplier:
    supplier = Supplier.objects.create(ruc=ruc, name=name, canton_code=canton_code)
    record("supplier.registered", supplier, actor=actor)
    return supplier


@transaction.atomic
def supplier_suspend(*, supplier_id: int, reason: str, actor: Membership, at: datetime) -> Supplier:
    """Take all that this supplier offers off sale, at once; orders in course go on."""
    return _supplier_move(supplier_id, Supplier.Status.SUSPENDED, "supplier.suspended", reason, actor, at)


@transaction.atomic
def supplier_resume(*, supplier_id: int, reason: str, actor: Membership, at: datetime) -> Supplier:
    return _supplier_move(supplier_id, Supplier.Status.ENABLED, "supplier.resumed", reason, actor, at)


def _supplier_move(supplier_id: int, status: str, kind: str, reason: str, actor: Membership, at: datetime) -> Supplier:
    supplier = Supplier.objects.select_for_update().get(pk=supplier_id)
    supplier.status_reason = reason
    supplier.move_to(status, at=at, also=("status_reason",))
    record(kind, supplier, actor=actor, at=at, reason=reason)
    return supplier


@transaction.atomic
def invitation_send(
    *,
    email: str,
    role: str,
    actor: Membership,
    at: datetime,
    entity: Entity | None = None,
    unit: EntityUnit | None = None,
    supplier: Supplier | None = None,
) -> Invitation:
    """Invite a person; a job sends the letter.

    Raises RuleBroken (``role_elsewhere``, ``unit_elsewhere``, ``already_invited``, ``already_member``).
    """
    email = email.strip().lower()
    place = {"role": role, "entity": entity, "supplier": supplier}
    waiting = Invitation.objects.filter(email=email, accepted_at=None, withdrawn_at=None, **place)
    waiting.filter(expires_at__lte=at).update(withdrawn_at=at)
    is_invited = waiting.filter(expires_at__gt=at).exists()
    is_member = Membership.objects.in_force(localdate(at)).filter(user__email=email, **place).exists()
    refuse(reasons_not_invitable(**place, unit=unit, email=email, is_invited=is_invited, is_member=is_member))
    try:
        with transaction.atomic():
            invitation = Invitation.objects.create(
                email=email, **place, unit=unit, invited_by_id=actor.user_id, expires_at=at + INVITATION_LASTS
            )
    except IntegrityError:  # the same invitation was sent this very moment
        refuse([Broken("already_invited", email=email)])
    record("invitation.sent", invitation, actor=actor, at=at)
    return invitation


@transaction.atomic
def invitations_send_again(*, ruc: str, at: datetime) -> None:
    """Send the letters of a company's open invitations again, each once an hour; says nothing about whether there are any."""
    waiting = Invitation.objects.filter(supplier__ruc=ruc, accepted_at=None, withdrawn_at=None, expires_at__gt=at)
    waiting = waiting.filter(Q(sent_again_at=None) | Q(sent_again_at__lte=at - LETTERS_APART))
    for invitation in waiting.select_for_update():
        invitation.sent_again_at = at
        invitation.save(update_fields=["sent_again_at"])
        record("invitation.sent", invitation, at=at)


@transaction.atomic
def invitation_withdraw(*, invitation_id: int, actor: Membership, at: datetime) -> Invitation:
    invitation = Invitation.objects.select_for_update().get(pk=invitation_id)
    if not invitation.is_open(at):
        refuse([Broken("invitation_closed")])
    invitation.withdrawn_at = at
    invitation.save(update_fields=["withdrawn_at"])
    record("invitation.withdrawn", invitation, actor=actor, at=at)
    return invitation


@transaction.atomic
def invitation_accept(*, code: str, ruc: str, user: User | None, new_person: dict[str, str] | None, at: datetime) -> Membership:
    """Enter by an invitation, with the account that is signed in or a new one.

    `ruc`: typed by the person; it counts for a supplier's invitation. `new_person`: first_name, last_name, password, language.
    Raises RuleBroken (``invitation_closed``, ``ruc_does_not_match``, ``email_signs_in``).
    """
    invitation = Invitation.objects.select_for_update(of=["self"]).select_related("supplier").get(code=code)
    if not invitation.is_open(at):
        refuse([Broken("invitation_closed")])
    if invitation.supplier is not None and invitation.supplier.ruc != ruc:
        refuse([Broken("ruc_does_not_match", ruc=ruc)])
    if user is None:
        user = _person_enter(invitation.email, **(new_person or {}))
    with acting(reason="invitation accepted", actor_id=user.pk):
        membership = membership_grant(
            user=user, role=invitation.role, entity=invitation.entity, unit=invitation.unit, supplier=invitation.supplier, at=at
        )
        invitation.accepted_at, invitation.accepted_by = at, user
        invitation.save(update_fields=["accepted_at", "accepted_by"])
        record("invitation.accepted", invitation, actor=membership, at=at)
    return membership


@transaction.atomic
def language_choose(*, user_id: int, language: str, at: datetime) -> None:
    """In which language letters come to a person."""
    if User.objects.filter(pk=user_id).exclude(language=language).update(language=language):
        record("user.language_chosen", User(pk=user_id), at=at, language=language)


def _person_enter(email: str, **fields: str) -> User:
    """The letter came to this address, so it counts as verified."""
    if User.objects.filter(email__iexact=email).exists():
        refuse([Broken("email_signs_in", email=email)])
    user = User.objects.create_user(email, **fields)
    user.emailaddress_set.create(email=email, verified=True, primary=True)
    return user


@transaction.atomic
def membership_grant(
    *,
    user: User,
    role: str,
    at: datetime,
    entity: Entity | None = None,
    unit: EntityUnit | None = None,
    supplier: Supplier | None = None,
) -> Membership:
    membership = Membership.objects.create(
        user=user, role=role, entity=entity, unit=unit, supplier=supplier, valid_from=localdate(at)
    )
    record("membership.granted", membership, at=at)
    return membership


@transaction.atomic
def membership_end(*, membership_id: int, actor: Membership, at: datetime) -> Membership:
    """End a membership today. Raises RuleBroken (``last_administrator``)."""
    membership = Membership.objects.get(pk=membership_id)
    colleagues = Membership.objects.select_for_update().filter(entity=membership.entity_id, supplier=membership.supplier_id)
    membership = {each.pk: each for each in colleagues.order_by("pk")}[membership_id]  # two who end each other: one waits
    if _is_last_to_invite(membership, at):
        refuse([Broken("last_administrator", organisation=membership.organisation_name)])
    membership.valid_until = localdate(at)
    membership.save(update_fields=["valid_until"])
    record("membership.ended", membership, actor=actor, at=at)
    return membership


def _is_last_to_invite(membership: Membership, at: datetime) -> bool:
    if membership.role not in (Role.ENTITY_ADMINISTRATOR, Role.ADMINISTRATOR):
        return False
    others = Membership.objects.in_force(localdate(at)).filter(role=membership.role, entity=membership.entity)
    return not others.exclude(pk=membership.pk).exists()
