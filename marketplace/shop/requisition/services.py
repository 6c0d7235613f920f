"""From the cart to the approver's desk, and back. Each owns its transaction. Approval: `approval.py`."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from marketplace.kernel.errors import Broken, refuse
from marketplace.kernel.events import record
from marketplace.kernel.limits.models import Limit
from marketplace.kernel.limits.services import LimitExceeded, Taking, give_back, take
from marketplace.kernel.money import dollars
from marketplace.kernel.numbers import next_number
from marketplace.registry.models import Membership
from marketplace.registry.roles import Role
from marketplace.registry.selectors import colleagues_who_act_as
from marketplace.shop.basket.models import Basket
from marketplace.shop.basket.selectors import Cart, cart_of
from marketplace.shop.partner.selectors import prices_in_force

from .deciding import certificate_short, decide, in_the_place_of, requisition_locked, turn_taken
from .holding import hold_end
from .jobs import price_hold_ends
from .models import BudgetCertificate, Requisition, RequisitionLine
from .pricing import line_snapshot
from .routing import Route, route_ahead, route_freeze
from .rules import reasons_not_correctable, reasons_not_of, reasons_not_walkable


@dataclass(frozen=True)
class Need:
    """What the requester writes besides the cart. `canton`: INEC code of the place of delivery."""

    need: str
    justification: str
    delivery_canton: str
    delivery_address: str
    delivery_contact: str
    certificate: BudgetCertificate


@transaction.atomic
def certificate_register(
    *, number: str, budget_line: str, purpose: str, issued_on: date, amount: Decimal, actor: Membership
) -> BudgetCertificate:
    """Enter a budget certificate. Raises RuleBroken (``certificate_known``)."""
    try:
        with transaction.atomic():
            certificate = BudgetCertificate.objects.create(
                entity=actor.entity,
                number=number,
                budget_line=budget_line,
                purpose=purpose,
                issued_on=issued_on,
                amount=Limit.objects.create(limit=amount),
            )
    except IntegrityError:
        refuse([Broken("certificate_known", entity=actor.entity.name, number=number)])
    record("certificate.registered", certificate, actor=actor)
    return certificate


@transaction.atomic
def requisition_submit(*, need: Need, actor: Membership, at: datetime) -> Requisition:
    """Freeze the actor's cart and the way of its approval, reserve its total with VAT on the certificate, and send it.

    A cart that came back keeps its requisition and its number. Raises RuleBroken (``cart_is_empty``, ``no_approver``,
    ``step_without_approver``,
    ``too_few_approvers``, ``certificate_elsewhere``, ``certificate_short``, codes of `partner.rules`) and then writes nothing.
    """
    basket = Basket.objects.select_for_update().filter(membership=actor, status=Basket.OPEN).first()
    cart = cart_of(basket, on=localdate(at), canton=need.delivery_canton)
    route = route_of_cart(cart, actor, at)
    refuse(_reasons_not_submittable(cart, route, need, actor, at))
    requisition = _requisition_write(basket, cart, need, actor, at)
    route_freeze(requisition, route)
    _reserve(requisition)
    basket.freeze()
    price_hold_ends.enqueue(run_at=requisition.held_until, requisition_id=requisition.pk)
    record("requisition.submitted", requisition, actor=actor, at=at)
    return requisition


def route_of_cart(cart: Cart, actor: Membership, at: datetime) -> Route:
    """The way that this cart would go, were it sent now."""
    return route_ahead(actor, gross=cart.totals.gross, product_ids=[line.listing.product_id for line in cart.lines], at=at)


def reasons_not_to_be_approved(route: Route, actor: Membership, on: date) -> list[Broken]:
    """Which step nobody can do, and whom to ask."""
    administrators = colleagues_who_act_as(Role.ENTITY_ADMINISTRATOR, actor, on).order_by("pk")
    names = ", ".join(str(each.user) for each in administrators)
    return reasons_not_walkable(route, entity=actor.entity.name, administrators=names)


def _reasons_not_submittable(cart: Cart, route: Route, need: Need, actor: Membership, at: datetime) -> list[Broken]:
    broken = list(cart.broken)
    if not cart.orders:
        broken.append(Broken("cart_is_empty"))
    if need.certificate.entity_id != actor.entity_id:
        broken.append(Broken("certificate_elsewhere", entity=actor.entity.name))
    return broken + reasons_not_to_be_approved(route, actor, localdate(at))


def _requisition_write(basket: Basket, cart: Cart, need: Need, actor: Membership, at: datetime) -> Requisition:
    """The requisition of this cart: new, or the one that came back, with fresh lines."""
    values = vars(need) | {
        "net": dollars(cart.totals.net),
        "vat": dollars(cart.totals.vat),
        "gross": dollars(cart.totals.gross),
        "submitted_at": at,
        "held_until": hold_end(at),
        "comment": "",
    }
    requisition = Requisition.objects.select_for_update().filter(basket=basket).first()
    if requisition is None:
        requisition = Requisition(
            basket=basket,
            number=next_number("REQ", year=localdate(at).year),
            entity=actor.entity,
            unit=actor.unit,
            requested_by=actor,
            requester_id=actor.user_id,
            status_at=at,
        )
    else:
        requisition.move_to(Requisition.Status.IN_APPROVAL, at=at)
        requisition.lines.all().delete()
    for name, value in values.items():
        setattr(requisition, name, value)
    requisition.save()
    _lines_write(requisition, cart, at)
    return requisition


def _lines_write(requisition: Requisition, cart: Cart, at: datetime) -> None:
    prices = prices_in_force([line.listing.pk for line in cart.lines], at)
    lines = [
        line_snapshot(line.listing, line.line.quantity, price=prices[line.listing.pk], percent=line.priced.vat_percent)
        for line in cart.lines
    ]
    for line in lines:
        line.requisition = requisition
    RequisitionLine.objects.bulk_create(lines)


def _reserve(requisition: Requisition) -> None:
    try:
        take([Taking(requisition.certificate.amount_id, requisition.gross.amount, requisition)])
    except LimitExceeded as short:
        refuse([certificate_short(requisition.certificate, short)])


@transaction.atomic
def requisition_return(*, requisition_id: int, comment: str, actor: Membership, at: datetime) -> Requisition:
    """Send it back with what has to be corrected: the reservation is freed; the cart is the requester's again, if theirs is empty.

    Raises RuleBroken (``own_need``, ``already_decided``, ``not_your_turn``, ``comment_missing``).
    """
    requisition = requisition_locked(requisition_id)
    _, decider = turn_taken(requisition, actor, at)
    if not comment.strip():
        refuse([Broken("comment_missing", requester=str(requisition.requester))])
    give_back(requisition)
    decide(requisition, Requisition.Status.RETURNED, comment, decider, at)
    _reopen(requisition.basket)
    record("requisition.returned", requisition, actor=actor, at=at, comment=requisition.comment, **in_the_place_of(decider))
    return requisition


@transaction.atomic
def requisition_correct(*, requisition_id: int, actor: Membership) -> Requisition:
    """Make the products of a requisition that came back, or lapsed, the requester's cart again.

    Raises RuleBroken (``not_yours``, ``not_returned``, ``cart_in_use``).
    """
    requisition = requisition_locked(requisition_id)
    refuse(reasons_not_correctable(requisition, actor))
    if not _reopen(requisition.basket):
        refuse([Broken("cart_in_use", number=requisition.number)])
    return requisition


@transaction.atomic
def requisition_withdraw(*, requisition_id: int, actor: Membership, at: datetime) -> Requisition:
    """The requester gives it up: what it had reserved is freed, and its products leave the cart.

    Raises RuleBroken (``not_yours``, ``illegal_move``).
    """
    requisition = requisition_locked(requisition_id)
    refuse(reasons_not_of(requisition, actor))
    requisition.move_to(Requisition.Status.WITHDRAWN, at=at)
    give_back(requisition)
    if requisition.basket.status == Basket.OPEN:
        requisition.basket.freeze()
    record("requisition.withdrawn", requisition, actor=actor, at=at)
    return requisition


def _reopen(basket: Basket) -> bool:
    """Open a cart that came back, unless its owner's other one holds something: what is bought apart stays apart."""
    carts = Basket.objects.select_for_update().filter(membership=basket.membership_id, status=Basket.OPEN).exclude(pk=basket.pk)
    while True:
        other = carts.first()
        if other and other.lines.exists():
            return False
        if other:
            basket.merge(other)
        try:
            with transaction.atomic():
                basket.thaw()
        except IntegrityError:  # one was opened this very moment
            continue
        return True
