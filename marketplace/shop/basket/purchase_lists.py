"""Purchase lists and carts put aside: who sees them, and what is done with them. Each act owns its transaction.

Each locks its list first, and two in the order of their keys: whoever comes second finds what the first has left.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from marketplace.kernel.errors import Broken, refuse
from marketplace.kernel.events import record
from marketplace.kernel.sets import execute
from marketplace.registry.models import Membership

from .models import Basket, PurchaseList, PurchaseListLine
from .refilling import Wanted

MOST = 1_000_000  # packs on a line
ADD = f"""
INSERT INTO basket_purchaselistline AS held (purchase_list_id, listing_id, quantity, price_seen)
{{lines}}
ON CONFLICT (purchase_list_id, listing_id) DO UPDATE SET
    quantity = LEAST(held.quantity::bigint + excluded.quantity, {MOST}), price_seen = excluded.price_seen
"""
OF_A_CART = "SELECT %s, stockrecord_id, quantity, price_excl_tax FROM basket_line WHERE basket_id = %s ORDER BY id"
OF_A_LIST = "SELECT %s, listing_id, quantity, price_seen FROM basket_purchaselistline WHERE purchase_list_id = %s ORDER BY id"


# ---------------------------------------------------------------- who sees what


def lists_visible_to(membership: Membership | None) -> QuerySet[PurchaseList]:
    """Open lists of one's unit and of the whole entity; carts put aside that are one's own or were shared with one."""
    return lists_known_to(membership).filter(status=PurchaseList.Status.OPEN)


def lists_known_to(membership: Membership | None) -> QuerySet[PurchaseList]:
    """The same, closed ones too: an act on one hears that it is closed, or what the first press was told."""
    if membership is None or not membership.entity_id:
        return PurchaseList.objects.none()
    of_unit = Q(kind=PurchaseList.Kind.LIST) & (Q(unit=None) | Q(unit=membership.unit_id))
    mine = Q(owner=membership.pk) | Q(shared_with=membership.pk)
    lists = PurchaseList.objects.filter(of_unit | mine, entity=membership.entity_id)
    return lists.select_related("unit", "owner__user", "shared_with__user").annotate(line_count=Count("lines"))


def wanted_of(purchase_list: PurchaseList) -> list[Wanted]:
    lines = purchase_list.lines.order_by("pk")
    return [Wanted(line.listing_id, line.quantity, line.price_seen) for line in lines]


# ---------------------------------------------------------------- from the cart


@transaction.atomic
def list_save(*, name: str, is_for_all: bool, actor: Membership, at: datetime) -> PurchaseList:
    """Keep what is in the cart as a list of one's unit, or of the whole entity. The cart stays as it is.

    Raises RuleBroken (``cart_has_nothing``).
    """
    basket = _cart_of(actor)
    unit = None if is_for_all else actor.unit_id
    saved = PurchaseList.objects.create(
        name=name, entity_id=actor.entity_id, unit_id=unit, owner=actor, created_at=at, status_at=at
    )
    execute(ADD.format(lines=OF_A_CART), [saved.pk, basket.pk])
    record("purchase_list.saved", saved, actor=actor, at=at)
    return saved


@transaction.atomic
def list_add_cart(*, list_id: int, actor: Membership, at: datetime) -> PurchaseList:
    """Put what is in the cart onto a list that exists, on top of what it holds.

    Raises RuleBroken (``cart_has_nothing``, ``list_closed``).
    """
    basket = _cart_of(actor)
    [held] = _held(list_id)
    execute(ADD.format(lines=OF_A_CART), [held.pk, basket.pk])
    record("purchase_list.changed", held, actor=actor, at=at)
    return held


@transaction.atomic
def cart_park(*, name: str, shared_with: Membership | None, actor: Membership, at: datetime) -> PurchaseList:
    """Put the cart aside under a name, alone or shared with a colleague; the cart is empty then.

    Raises RuleBroken (``cart_has_nothing``).
    """
    basket = _cart_of(actor)
    parked = PurchaseList.objects.create(
        kind=PurchaseList.Kind.PARKED,
        name=name,
        entity_id=actor.entity_id,
        owner=actor,
        shared_with=shared_with,
        created_at=at,
        status_at=at,
    )
    execute(ADD.format(lines=OF_A_CART), [parked.pk, basket.pk])
    basket.lines.all().delete()
    record("cart.parked", parked, actor=actor, at=at)
    return parked


def _cart_of(actor: Membership) -> Basket:
    """The open cart, locked, with something in it."""
    basket = Basket.objects.select_for_update().filter(membership=actor, status=Basket.OPEN).first()
    if basket is None or not basket.lines.exists():
        refuse([Broken("cart_has_nothing")])
    return basket


# ---------------------------------------------------------------- into the cart


@transaction.atomic
def list_agreed(*, list_id: int, taken: dict[int, int], actor: Membership, at: datetime) -> PurchaseList:
    """What was bought of it: a list remembers the prices agreed to; a cart put aside loses the lines that were taken up.

    `taken`: quantity by listing. Raises RuleBroken (``list_closed``, ``list_taken_meanwhile``).
    """
    [held] = _held(list_id)
    lines = held.lines.filter(listing__in=taken)
    if held.is_parked:
        if dict(lines.values_list("listing", "quantity")) != taken:
            refuse([Broken("list_taken_meanwhile", name=held.name)])
        lines.delete()
        if not held.lines.exists():
            held.move_to(PurchaseList.Status.CLOSED, at=at)
        record("cart.taken_up", held, actor=actor, at=at)
    else:
        changed = list(lines.select_related("listing"))
        for line in changed:
            line.price_seen = line.listing.price
        PurchaseListLine.objects.bulk_update(changed, ["price_seen"])
    return held


# ---------------------------------------------------------------- on the list


@transaction.atomic
def list_merge(*, source_id: int, target_id: int, actor: Membership, at: datetime) -> PurchaseList:
    """Put all lines of one list onto another, and close the first. Of what both hold, the quantities add up.

    Raises RuleBroken (``list_with_itself``, ``list_closed``, ``only_lists_join``, ``not_the_owner``) and then changes nothing.
    """
    if source_id == target_id:
        refuse([Broken("list_with_itself")])
    held = {each.pk: each for each in _held(source_id, target_id)}
    source, target = held[source_id], held[target_id]
    if source.is_parked or target.is_parked:
        refuse([Broken("only_lists_join")])
    if target.unit_id and source.unit_id != target.unit_id and source.owner_id != actor.pk:  # others would not find it again
        refuse([Broken("not_the_owner", owner=str(source.owner.user))])
    execute(ADD.format(lines=OF_A_LIST), [target.pk, source.pk])
    source.move_to(PurchaseList.Status.CLOSED, at=at)
    record("purchase_list.merged", target, actor=actor, at=at, source=source.name)
    return target


@transaction.atomic
def list_line_set(*, list_id: int, listing_id: int, quantity: int, actor: Membership, at: datetime) -> PurchaseListLine:
    """Raises RuleBroken (``list_closed``, ``list_line_gone``)."""
    line = _line(list_id, listing_id)
    line.quantity = quantity
    line.save(update_fields=["quantity"])
    record("purchase_list.changed", line.purchase_list, actor=actor, at=at)
    return line


@transaction.atomic
def list_line_remove(*, list_id: int, listing_id: int, actor: Membership, at: datetime) -> None:
    """Raises RuleBroken (``list_closed``, ``list_line_gone``)."""
    line = _line(list_id, listing_id)
    line.delete()
    record("purchase_list.changed", line.purchase_list, actor=actor, at=at)


@transaction.atomic
def list_close(*, list_id: int, actor: Membership, at: datetime) -> PurchaseList:
    """Its owner needs it no longer; it is gone for everybody. Raises RuleBroken (``list_closed``, ``not_the_owner``)."""
    [held] = _held(list_id)
    if held.owner_id != actor.pk:
        refuse([Broken("not_the_owner", owner=str(held.owner.user))])
    held.move_to(PurchaseList.Status.CLOSED, at=at)
    record("purchase_list.closed", held, actor=actor, at=at)
    return held


def _held(*keys: int) -> list[PurchaseList]:
    """The lists, locked in the order of their keys, all of them open."""
    lists = list(PurchaseList.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
    refuse(Broken("list_closed", name=each.name) for each in lists if each.status != PurchaseList.Status.OPEN)
    return lists


def _line(list_id: int, listing_id: int) -> PurchaseListLine:
    [held] = _held(list_id)
    line = held.lines.filter(listing=listing_id).first()
    if line is None:
        refuse([Broken("list_line_gone")])
    line.purchase_list = held
    return line
