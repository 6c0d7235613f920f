"""What returning and approving have in common."""

from datetime import datetime

from django.db.models import BigIntegerField

from marketplace.kernel.errors import Broken, refuse
from marketplace.kernel.limits.services import LimitExceeded
from marketplace.kernel.prepared import Given, Prepared
from marketplace.registry.models import Membership
from marketplace.shop.basket.models import Basket

from .models import BudgetCertificate, Requisition
from .routing import Decider, Route, route_of
from .rules import reasons_not_decidable


def requisition_locked(requisition_id: int) -> Requisition:
    """The requisition, held until the transaction ends: two people decide one after the other.

    Its cart is held first, as sending holds it: who approves, returns, sends again or gives up waits in one line.
    """
    _CART.rows(key=requisition_id)
    [found] = _LOCKED.models(key=requisition_id)
    return found


_KEY = Given("key", BigIntegerField())
_CART = Prepared(lambda: Basket.objects.select_for_update(of=["self"]).filter(requisition=_KEY).values_list("pk"))
_LOCKED = Prepared(
    lambda: (
        Requisition.objects.select_for_update(of=["self"])
        .select_related("entity", "certificate", "basket", "requester")
        .filter(pk=_KEY)
    )
)


def turn_taken(requisition: Requisition, actor: Membership, at: datetime) -> tuple[Route, Decider]:
    """The way, and in what right the actor decides the step that waits. Raises RuleBroken (codes of `rules`)."""
    route = route_of(requisition, at)
    refuse(reasons_not_decidable(requisition, route, actor, at))
    decider = route.decider(actor)
    assert decider is not None  # else it was refused
    return route, decider


def in_the_place_of(decider: Decider) -> dict[str, str]:
    """What an event tells of a delegation."""
    return {"in_the_place_of": str(decider.principal.user)} if decider.principal else {}


def decide(requisition: Requisition, status: str, comment: str, decider: Decider, at: datetime) -> None:
    requisition.comment = comment.strip()
    requisition.decided_by, requisition.decider_id = decider.actor, decider.actor.user_id
    requisition.decided_for, requisition.decided_at = decider.principal, at
    fields = ("comment", "decided_by", "decider", "decided_for", "decided_at", "net", "vat", "gross")
    requisition.move_to(status, at=at, also=fields)


def certificate_short(certificate: BudgetCertificate, short: LimitExceeded) -> Broken:
    return Broken("certificate_short", number=certificate.number, missing=short.missing, left=short.left, asked=short.asked)
