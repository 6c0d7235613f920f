"""One of everything, twice: an entity and a stranger's entity, a supplier and a stranger's supplier, everybody in their role."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from django.core.files.base import ContentFile
from django.utils.timezone import localdate, localtime, now

from catalog_import.layouts import run_look
from catalog_import.models import CategoryMapping, ImportRun, Proposal
from catalog_import.services import run_apply, run_create, run_read
from framework_agreements.models import AdjudicatedItem
from marketplace.registry.delegating import delegation_give
from marketplace.registry.models import Delegation, Invitation, Membership
from marketplace.registry.roles import AUTHORITY_ROLES, ENTITY_ROLES
from marketplace.shop.basket.models import PurchaseList
from marketplace.shop.basket.purchase_lists import list_save
from marketplace.shop.communication.models import Notice
from marketplace.shop.fulfilment.facts import Brought
from marketplace.shop.fulfilment.models import Delivery
from marketplace.shop.fulfilment.services import delivery_record, order_dispatch
from marketplace.shop.invoicing.models import Invoice
from marketplace.shop.invoicing.services import invoice_certify, invoice_register
from marketplace.shop.order.models import Order
from marketplace.shop.order.services import order_accept
from marketplace.shop.partner.models import StockRecord
from marketplace.shop.payment import gateway
from marketplace.shop.payment.liquidation import order_liquidate
from marketplace.shop.payment.models import PaymentOrder
from marketplace.shop.payment.services import notice_receive, payment_order
from marketplace.shop.requisition.approval import requisition_approve
from marketplace.shop.requisition.models import ApprovalRule, Requisition
from marketplace.shop.requisition.policy import rule_add
from marketplace.shop.requisition.services import requisition_submit
from tests.catalog_import.conftest import text_of
from tests.factories import factories as make
from tests.shop.conftest import a_need, put_in_cart
from tests.shop.fulfilment.conftest import a_photograph
from tests.shop.invoicing.conftest import paper_for, receive

ANONYMOUS = "anonymous"
OTHER = "other "  # of another entity, of another supplier


@dataclass
class World:
    people: dict[str, Membership] = field(default_factory=dict)
    listing: StockRecord | None = None
    item: AdjudicatedItem | None = None
    waiting: Requisition | None = None
    order: Order | None = None
    purchase_list: PurchaseList | None = None
    rejected_later: Order | None = None
    delivered: Order | None = None
    billed: Order | None = None
    liquidated: Order | None = None
    invoice: Invoice | None = None
    payment: PaymentOrder | None = None
    delivery: Delivery | None = None
    invitation: Invitation | None = None
    run: ImportRun | None = None
    looked_at: ImportRun | None = None
    applied: ImportRun | None = None
    proposal: Proposal | None = None
    mapping: CategoryMapping | None = None
    rule: ApprovalRule | None = None
    delegation: Delegation | None = None
    notice: Notice | None = None

    def __getitem__(self, role: str) -> Membership:
        return self.people[role]


def build_world(at: datetime | None = None) -> World:
    at = at or now()
    world = World()
    entity, other = make.EntityFactory(), make.EntityFactory()
    for role in ENTITY_ROLES:
        world.people[role] = make.MembershipFactory(role=role, entity=entity)
        world.people[OTHER + role] = make.MembershipFactory(role=role, entity=other)
    for role in AUTHORITY_ROLES:
        world.people[role] = make.MembershipFactory(role=role)
    _goods(world)
    _delivery(world, at)
    _money(world, at)
    _orders(world, at)
    _imports(world, at)
    _approvals(world, at)
    words = {"key": world.waiting.number, "number": world.waiting.number, "need": world.waiting.need}
    world.notice = Notice.objects.create(membership=world["approver"], event_id=1, kind="requisition-submitted", words=words, at=at)
    return world


def _goods(world: World) -> None:
    shelf = make.CategoryFactory(name="Papel bond")
    product = make.ProductFactory(categories=[shelf])
    agreement = make.AgreementFactory(code="CM-2026-08")
    make.CauseFactory(agreement=agreement)
    adjudication = make.AdjudicationFactory(lot=make.LotFactory(agreement=agreement, number=1))
    world.item = make.ItemFactory(adjudication=adjudication, product=product)
    world.listing = make.ListingFactory(adjudicated_item=world.item)
    world.people["supplier_manager"] = make.MembershipFactory(role="supplier_manager", supplier=adjudication.supplier)
    world.people[OTHER + "supplier_manager"] = make.MembershipFactory(role="supplier_manager")


def _orders(world: World, at: datetime) -> None:
    certificate = make.CertificateFactory(entity=world["requester"].entity)
    world.order, world.rejected_later = ordered(world, certificate, at), ordered(world, certificate, at)
    put_in_cart((world.listing, 2), actor=world["requester"], at=at)
    world.waiting = requisition_submit(need=a_need(certificate), actor=world["requester"], at=at)
    put_in_cart((world.listing, 1), actor=world["requester"], at=at)
    world.purchase_list = list_save(name="Papel del mes", is_for_all=True, actor=world["requester"], at=at)
    world.invitation = Invitation.objects.create(
        email="nueva@ejemplo.ec",
        role="receiver",
        entity=world["requester"].entity,
        invited_by=world["entity_administrator"].user,
        expires_at=at.replace(year=at.year + 1),
    )


def ordered(world: World, certificate, at: datetime) -> Order:
    put_in_cart((world.listing, 3), actor=world["requester"], at=at)
    sent = requisition_submit(need=a_need(certificate), actor=world["requester"], at=at)
    gross: Decimal = sent.gross.amount
    return requisition_approve(requisition_id=sent.pk, gross_seen=gross, actor=world["approver"], at=at)[0]


def _approvals(world: World, at: datetime) -> None:
    """A step of the policy and a delegation, both to come: today everything is as without them."""
    later = localdate(at) + timedelta(days=30)
    administrator, approver = world["entity_administrator"], world["approver"]
    world.rule = rule_add(position=1, who="anyone", valid_from=later, actor=administrator, at=at)
    world.delegation = delegation_give(
        principal=approver,
        delegate=world["finance_officer"],
        valid_from=later,
        valid_until=later + timedelta(days=7),
        reason="Vacaciones",
        actor=approver,
        at=at,
    )


def _delivery(world: World, at: datetime) -> None:
    """Of 3 units 1 was accepted and 1 refused, with a photograph."""
    certificate = make.CertificateFactory(entity=world["requester"].entity)
    world.delivered = ordered(world, certificate, at)
    order_accept(order_id=world.delivered.pk, actor=world["supplier_manager"], at=at)
    order_dispatch(order_id=world.delivered.pk, guide_number="004-1187", actor=world["supplier_manager"], at=at)
    refused = Brought(1, accepted=1, refused=1, reason="damaged", explanation="Llegó mojada", photograph=a_photograph())
    world.delivery = delivery_record(
        order_id=world.delivered.pk,
        brought=[refused],
        received_on=localdate(at),
        acts_seen=0,
        actor=world["receiver"],
        at=at,
    )


def _money(world: World, at: datetime) -> None:
    """An order with an invoice that waits, another whose payment is on its way, a third that is liquidated."""
    certificate = make.CertificateFactory(entity=world["requester"].entity)
    world.billed, second, world.liquidated = (received(world, certificate, at) for _ in range(3))
    world.invoice = invoiced(world, world.billed, 2, at)
    world.payment = payment_of(world, invoiced(world, second, 3, at), at)
    last = payment_of(world, invoiced(world, world.liquidated, 3, at), at)
    notice = gateway.Notice(1, "paid", last.amount.amount)
    notice_receive(letter=gateway.Letter(last.id_public, notice, {}), at=at)
    order_liquidate(order_id=world.liquidated.pk, actor=world["order_administrator"], at=at)


def received(world: World, certificate, at: datetime) -> Order:
    order = order_accept(order_id=ordered(world, certificate, at).pk, actor=world["supplier_manager"], at=at)
    receive(order, 3, receiver=world["receiver"], at=at)
    return order


def invoiced(world: World, order: Order, quantity: int, at: datetime) -> Invoice:
    paper = paper_for(order, quantity, number=f"001-001-{order.pk:09d}", at=localtime(at))
    return invoice_register(order_id=order.pk, paper=paper, actor=world["supplier_manager"], at=at)


def payment_of(world: World, invoice: Invoice, at: datetime) -> PaymentOrder:
    invoice_certify(invoice_id=invoice.pk, actor=world["finance_officer"], at=at)
    return payment_order(invoice_id=invoice.pk, actor=world["finance_officer"], at=at)


def _imports(world: World, at: datetime) -> None:
    """An applied import with a proposal that waits, another that is still a simulation, and one whose columns are asked for."""
    lot, shelf = world.listing.lot, world.listing.product.categories.get()
    world.mapping = CategoryMapping.objects.create(
        agreement=lot.agreement, file_category="Paper and labels", lot=lot, cpc_code="321290011", category=shelf
    )
    world.applied = run_apply(run_id=previewed(world, {"sku": "P-1"}, at).pk, at=at)
    world.proposal = world.applied.proposals.get()
    world.run = previewed(world, {"sku": "P-2"}, at)
    world.looked_at = run_look(run_id=_uploaded(world, {"sku": "P-3"}, at).pk, at=at)


def previewed(world: World, row: dict[str, str], at: datetime) -> ImportRun:
    return run_read(run_id=_uploaded(world, row, at).pk, at=at)


def _uploaded(world: World, row: dict[str, str], at: datetime) -> ImportRun:
    supplier, agreement = world["supplier_manager"].supplier, world.listing.agreement
    file = ContentFile(text_of(row).encode())
    return run_create(supplier=supplier, agreement=agreement, file=file, file_name="lista.csv", actor=None, at=at)
