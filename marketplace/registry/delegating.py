"""An approver who is away lets a colleague decide. Each owns its transaction."""

from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from marketplace.kernel.errors import Broken, refuse
from marketplace.kernel.events import record

from .models import Delegation, Membership
from .rules import reasons_not_delegable


@transaction.atomic
def delegation_give(
    *,
    principal: Membership,
    delegate: Membership,
    valid_from: date,
    valid_until: date,
    reason: str,
    actor: Membership,
    at: datetime,
) -> Delegation:
    """Let `delegate` decide in the place of `principal`, half-open. `actor`: the principal, or the entity's administrator.

    Raises RuleBroken (``delegation_elsewhere``, ``delegation_over``, ``delegation_begun``, ``delegation_twice``).
    """
    Membership.objects.select_for_update().get(pk=principal.pk)  # two at once: the second sees the first
    refuse(reasons_not_delegable(principal, delegate, actor, valid_from=valid_from, valid_until=valid_until, today=localdate(at)))
    others = Delegation.objects.not_ended(valid_from).with_people()
    other = others.filter(principal=principal, valid_from__lt=valid_until).first()
    if other:
        refuse([Broken("delegation_twice", principal=str(principal.user), delegate=str(other.delegate.user))])
    delegation = Delegation.objects.create(
        principal=principal,
        delegate=delegate,
        valid_from=valid_from,
        valid_until=valid_until,
        reason=reason.strip(),
        set_by=actor,
    )
    record("delegation.given", delegation, actor=actor, at=at, reason=delegation.reason)
    return delegation


@transaction.atomic
def delegation_end(*, delegation_id: int, actor: Membership, at: datetime) -> Delegation:
    """End it at once: today it no longer holds. Raises RuleBroken (``delegation_ended``)."""
    delegation = Delegation.objects.select_for_update().get(pk=delegation_id)
    ends = max(localdate(at), delegation.valid_from)
    if delegation.valid_until <= ends:
        refuse([Broken("delegation_ended")])
    delegation.valid_until = ends
    delegation.save(update_fields=["valid_until"])
    record("delegation.ended", delegation, actor=actor, at=at)
    return delegation
