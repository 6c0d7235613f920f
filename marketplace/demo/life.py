"""A little life, made through the services: requisitions and orders in different states, a purchase list, and carts that wait."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_UP, Decimal

from django.utils.timezone import localdate

from framework_agreements.models import RejectionCause
from marketplace.registry.delegating import delegation_give
from marketplace.registry.models import Membership
from marketplace.registry.roles import Role
from marketplace.shop.basket.models import PurchaseList
from marketplace.shop.basket.purchase_lists import cart_park, list_save
from marketplace.shop.basket.selectors import cart_of, open_basket_of
from marketplace.shop.basket.services import basket_add, basket_line_remove
from marketplace.shop.catalogue.models import Product
from marketplace.shop.order.models import Order
from marketplace.shop.order.services import order_accept, order_reject
from marketplace.shop.partner.models import StockRecord
from marketplace.shop.requisition.approval import requisition_approve
from marketplace.shop.requisition.models import BudgetCertificate, Requisition
from marketplace.shop.requisition.services import Need, certificate_register, requisition_return, requisition_submit

from .accounts import SECOND_SUPPLIER_RUC, SUPPLIER_RUC
from .acting import as_member
from .deliveries import ON_THE_WAY, order_bring, order_left_unanswered
from .money import CARRIED_ON, order_carry_on
from .organisations import People
from .tables import rows_of

APPROVER, COLLEAGUE = "aprobador", "solicitante"
AWAY = "aprobador2"
KEPT = ("list", "parked")  # outcomes of a cart that is not sent
MANAGERS = {SUPPLIER_RUC: "proveedor", SECOND_SUPPLIER_RUC: "proveedor2"}
SUPPLIER_OF_SCENE = {"first": SUPPLIER_RUC, "second": SECOND_SUPPLIER_RUC}
ADDRESS = "Av. de los Nogales y Río Malacatos, bodega general"
CONTACT = "Manuel Sarango, extensión 214"
DAY = timedelta(days=1)
NEARLY = Decimal("1.04")  # what a certificate that is all but used up holds, in requisitions


@dataclass(frozen=True)
class Scene:
    """A need of the demonstration hospital, and how far it has come.

    `budget`: the line that pays; «justo» for a certificate that is all but used up by it.
    """

    requester: Membership
    outcome: str
    budget: str
    supplier: str
    items: str
    need: str
    justification: str
    comment: str
    at: datetime
    now: datetime

    @property
    def canton(self) -> str:
        return self.requester.entity.canton_code


def life_begin(people: People, certificates: dict[str, BudgetCertificate], *, at: datetime) -> None:
    """Play the scenes in the order in which they happened. A small load lacks some sheets, and then their lines."""
    for scene in _scenes(people, at):
        if scene.outcome in KEPT:
            _keep(scene, people)
        else:
            _play(scene, people, certificates)


def approver_goes_away(people: People, *, at: datetime) -> None:
    """The second approver of the hospital is on holidays for two weeks; the finance officer decides meanwhile."""
    principal = people[AWAY, Role.APPROVER]
    with as_member(principal):
        delegation_give(
            principal=principal,
            delegate=people["financiero", Role.FINANCE_OFFICER],
            valid_from=localdate(at),
            valid_until=localdate(at + 14 * DAY),
            reason="Vacaciones",
            actor=principal,
            at=at,
        )


def _scenes(people: People, at: datetime) -> Iterator[Scene]:
    for row in rows_of("scenes"):
        days, mailbox = int(row.pop("days_ago")), row.pop("requester")
        yield Scene(requester=people[mailbox, Role.REQUESTER], at=at - days * DAY, now=at, **row)


def _play(scene: Scene, people: People, certificates: dict[str, BudgetCertificate]) -> None:
    if not _fill_cart(scene) or scene.outcome == "cart":
        return
    certificate = certificates.get(scene.budget) or _certificate_just_enough(scene, people)
    need = Need(scene.need, scene.justification, scene.canton, ADDRESS, CONTACT, certificate)
    with as_member(scene.requester):
        requisition = requisition_submit(need=need, actor=scene.requester, at=scene.at)
    if scene.outcome != Requisition.Status.IN_APPROVAL:
        _decide(scene, requisition, people)


def _keep(scene: Scene, people: People) -> None:
    """A purchase list for the whole hospital, or a cart put aside and shared with the other requester; the cart is empty then."""
    if not _fill_cart(scene):
        return
    with as_member(scene.requester):
        if scene.outcome == PurchaseList.Kind.PARKED:
            cart_park(name=scene.need, shared_with=people[COLLEAGUE, Role.REQUESTER], actor=scene.requester, at=scene.at)
            return
        list_save(name=scene.need, is_for_all=True, actor=scene.requester, at=scene.at)
        for line in open_basket_of(scene.requester).lines.all():
            basket_line_remove(line=line)


def _fill_cart(scene: Scene) -> bool:
    """Whether there is anything in it."""
    chosen = list(_chosen(scene))
    with as_member(scene.requester):
        for listing, quantity in chosen:
            basket_add(listing=listing, quantity=max(quantity, listing.minimum_quantity), actor=scene.requester, at=scene.at)
    return bool(chosen)


def _chosen(scene: Scene) -> Iterator[tuple[StockRecord, int]]:
    """The best offer of each sheet that the scene names, or the first listings of its supplier."""
    on = localdate(scene.at)
    offers = StockRecord.objects.on_sale(on).with_terms().with_refusal(on).delivering_to(scene.canton)
    if scene.supplier:
        of_supplier = offers.filter(partner__supplier__ruc=SUPPLIER_OF_SCENE[scene.supplier])
        yield from ((listing, 1) for listing in of_supplier.order_by("pk")[: int(scene.items)])
        return
    for item in scene.items.split("|"):
        title, _, quantity = item.rpartition(":")
        sheet = Product.objects.filter(title=title).first()
        best = offers.filter(product=sheet).best_first().first() if sheet else None
        if best is not None:
            yield best, int(quantity)


def _certificate_just_enough(scene: Scene, people: People) -> BudgetCertificate:
    """Of which next to nothing is left when this requisition is sent."""
    (officer,) = (each for each in people.acting_as(Role.BUDGET_OFFICER) if each.entity_id == scene.requester.entity_id)
    cart = cart_of(open_basket_of(scene.requester), on=localdate(scene.at), canton=scene.canton)
    with as_member(officer):
        return certificate_register(
            number=f"0120-{scene.at.year}",
            budget_line="53.08.05",
            purpose="Materiales de aseo",
            issued_on=localdate(scene.at - DAY),
            amount=(cart.totals.gross * NEARLY).quantize(Decimal(1), ROUND_UP),
            actor=officer,
        )


def _decide(scene: Scene, requisition: Requisition, people: People) -> None:
    approver, at = people[APPROVER, Role.APPROVER], scene.at + DAY
    decision = {"requisition_id": requisition.pk, "comment": scene.comment, "actor": approver, "at": at}
    with as_member(approver):
        if scene.outcome == Requisition.Status.RETURNED:
            requisition_return(**decision)
            return
        orders = requisition_approve(gross_seen=requisition.gross.amount, **decision)
    for order in orders:
        _answer(order, scene, people, at + DAY)


def _answer(order: Order, scene: Scene, people: People, at: datetime) -> None:
    """What the supplier says to an order, and what follows; one without an account here says nothing."""
    mailbox = MANAGERS.get(order.supplier.ruc)
    if mailbox is None or scene.outcome == Order.Status.ISSUED:
        order_left_unanswered(order, until=scene.now)
        return
    manager = people[mailbox, Role.SUPPLIER_MANAGER]
    with as_member(manager):
        if scene.outcome == Order.Status.REJECTED:
            cause = RejectionCause.objects.filter(agreement=order.agreement_id).order_by("pk").first()
            order_reject(order_id=order.pk, cause=cause, actor=manager, at=at, comment="Inundación en nuestra bodega.")
        else:
            order_accept(order_id=order.pk, actor=manager, at=at, comment="Entregamos dentro del plazo ofertado.")
    if scene.outcome in ON_THE_WAY:
        order_bring(order, scene.outcome, people, manager, at + DAY)
    if scene.outcome in CARRIED_ON:
        order_carry_on(order, scene.outcome, people, manager, at)
