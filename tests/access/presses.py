"""What is sent to each address of ours that takes a form, as its reader would send it. One that is missing fails the suite.

`values`: what is typed, over what the page begins with. `begin`: makes something of its own to press the button on, and
answers the address's arguments. `moves`: money or units, or it makes a row: pressed five times at once as well.
`leaves`: whether anything stays in the database.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import localdate

from catalog_import.models import ImportRun
from catalog_import.services import run_apply
from framework_agreements.services import adjudication_suspend, lot_suspend
from marketplace.registry.services import supplier_suspend
from marketplace.shop.basket.models import Line as CartLine
from marketplace.shop.basket.purchase_lists import list_save
from marketplace.shop.fulfilment.facts import Brought
from marketplace.shop.fulfilment.services import delivery_record
from marketplace.shop.invoicing.services import invoice_certify
from marketplace.shop.order.services import order_accept
from marketplace.shop.partner.services import listing_withdraw
from marketplace.shop.payment.gateway import Letter, Notice
from marketplace.shop.payment.services import notice_receive
from marketplace.shop.requisition.approval import requisition_approve
from marketplace.shop.requisition.services import requisition_return, requisition_submit
from tests.catalog_import.conftest import text_of
from tests.factories import factories as make
from tests.shop.conftest import a_need, put_in_cart
from tests.shop.invoicing.conftest import gross_of

from .world import World, invoiced, ordered, payment_of, previewed, received

Begin = Callable[[World, datetime], dict[str, Any]]


@dataclass(frozen=True)
class Press:
    role: str
    values: Callable[[World], dict[str, Any]] = lambda world: {}
    begin: Begin | None = None
    moves: bool = False
    leaves: bool = True


def typed(**values: Any) -> Callable[[World], dict[str, Any]]:
    return lambda world: values


def _money(world: World):
    return make.CertificateFactory(entity=world["requester"].entity)


def _afresh(world: World):
    """With an empty cart, and money of its own."""
    CartLine.objects.filter(basket__membership=world["requester"], basket__status="Open").delete()
    return _money(world)


def _in_cart(world: World, at: datetime) -> dict[str, Any]:
    put_in_cart((world.listing, 1), actor=world["requester"], at=at)
    return {"listing": world.listing.id_public}


def _cart_filled(world: World, at: datetime) -> dict[str, Any]:
    _in_cart(world, at)
    return {}


def _run(world: World, at: datetime):
    """A simulation of a list with one product that nobody knows."""
    sku = f"P-{ImportRun.objects.count()}"
    return previewed(world, {"sku": sku, "name": f"Carpeta {sku}", "gtin": ""}, at)


def _applied(world: World, at: datetime):
    return run_apply(run_id=_run(world, at).pk, at=at)


def _issued(world: World, at: datetime) -> dict[str, Any]:
    return {"number": ordered(world, _afresh(world), at).number}


def _accepted(world: World, at: datetime) -> dict[str, Any]:
    order = order_accept(order_id=ordered(world, _afresh(world), at).pk, actor=world["supplier_manager"], at=at)
    return {"number": order.number}


def _delivered(world: World, at: datetime) -> dict[str, Any]:
    return {"number": received(world, _afresh(world), at).number}


def _partly(world: World, at: datetime):
    order = order_accept(order_id=ordered(world, _afresh(world), at).pk, actor=world["supplier_manager"], at=at)
    brought = [Brought(1, accepted=1)]
    act = {"order_id": order.pk, "brought": brought, "received_on": localdate(at), "acts_seen": 0, "actor": world["receiver"]}
    return delivery_record(**act, at=at)


def _sent(world: World, at: datetime):
    _afresh(world)
    put_in_cart((world.listing, 1), actor=world["requester"], at=at)
    return requisition_submit(need=a_need(_money(world)), actor=world["requester"], at=at)


def _returned(world: World, at: datetime) -> dict[str, Any]:
    sent = _sent(world, at)
    put_in_cart((world.listing, 1), actor=world["requester"], at=at)  # so that it does not become the cart by itself
    requisition_return(requisition_id=sent.pk, comment="Corrija", actor=world["approver"], at=at)
    world["requester"].baskets.get(status="Open").lines.all().delete()
    return {"number": sent.number}


def _partly_rejected(world: World, at: datetime) -> dict[str, Any]:
    _afresh(world)
    other = make.ListingFactory(adjudicated_item=make.ItemFactory(adjudication=world.item.adjudication))
    put_in_cart((world.listing, 1), (other, 1), actor=world["requester"], at=at)
    sent = requisition_submit(need=a_need(_money(world)), actor=world["requester"], at=at)
    rejections = {sent.lines.get(listing=other).pk: "Muy caro"}
    kept = gross_of(world.order, 1)
    requisition_approve(requisition_id=sent.pk, gross_seen=kept, actor=world["approver"], at=at, rejections=rejections)
    return {"number": sent.number}


def _invoice(world: World, at: datetime):
    return invoiced(world, received(world, _afresh(world), at), 3, at)


def _certified(world: World, at: datetime) -> dict[str, Any]:
    invoice = invoice_certify(invoice_id=_invoice(world, at).pk, actor=world["finance_officer"], at=at)
    return {"id_public": invoice.id_public}


def _paid(world: World, at: datetime) -> dict[str, Any]:
    payment = payment_of(world, _invoice(world, at), at)
    notice_receive(letter=Letter(payment.id_public, Notice(1, "paid", payment.amount.amount), {}), at=at)
    return {"number": payment.invoice.obligation.order.number}


def _supplier(world: World) -> dict[str, Any]:
    return {"ruc": world["supplier_manager"].supplier.ruc}


def _suspended_supplier(world: World, at: datetime) -> dict[str, Any]:
    supplier_suspend(supplier_id=world["supplier_manager"].supplier_id, reason="RUC", actor=world["administrator"], at=at)
    return _supplier(world)


def _suspended_lot(world: World, at: datetime) -> dict[str, Any]:
    lot_suspend(lot_id=world.listing.lot.pk, reason="Reclamo", actor=world["catalogue_officer"], at=at)
    return {"code": world.listing.agreement.code, "number": world.listing.lot.number}


def _suspended_adjudication(world: World, at: datetime) -> dict[str, Any]:
    adjudication = world.item.adjudication
    adjudication_suspend(adjudication_id=adjudication.pk, reason="Reclamo", actor=world["catalogue_officer"], at=at)
    return {"id_public": adjudication.id_public}


def _draft(world: World, at: datetime) -> dict[str, Any]:
    agreement = make.AgreementFactory(status="draft")
    make.LotFactory(agreement=agreement)
    make.CauseFactory(agreement=agreement)
    return {"code": agreement.code}


def _withdrawn(world: World, at: datetime) -> dict[str, Any]:
    listing_withdraw(listing_id=world.listing.pk, actor=world["supplier_manager"], at=at)
    return {"id_public": world.listing.id_public}


def _second_list(world: World) -> dict[str, Any]:
    at = world.order.date_placed
    return {"target": list_save(name="Otra", is_for_all=True, actor=world["requester"], at=at).id_public}


def _mapping(world: World) -> dict[str, Any]:
    shelf = world.listing.product.categories.get()
    return {"lot": world.listing.lot.number, "category": shelf.slug, "cpc_code": "321290011"}


def _day(days: int) -> str:
    return f"{localdate() + timedelta(days=days):%d/%m/%Y}"


REASON = typed(reason="Reclamo en curso")
QUANTITY = typed(quantity=5)
OFFICER, SELLER, REQUESTER = "catalogue_officer", "supplier_manager", "requester"
INVITED = {"email": "otra@ejemplo.ec"}

PRESSES: dict[str, Press] = {
    # the cart and its lists
    "basket:add": Press(REQUESTER, lambda world: {"listing": world.listing.id_public, "quantity": 2}, moves=True),
    "basket:line-set": Press(REQUESTER, QUANTITY),
    "basket:line-remove": Press(REQUESTER, begin=_in_cart, moves=True),
    "basket:cart-park": Press(REQUESTER, typed(name="Para diciembre")),
    "basket:quick-order": Press(REQUESTER, lambda world: {"lines": f"{world.listing.partner_sku} 2"}, leaves=False),
    "basket:quick-order-act": Press(
        REQUESTER, lambda world: {"act": "add", "number": "1", "code": world.listing.partner_sku, "quantity": "2"}, moves=True
    ),
    "basket:list-create": Press(REQUESTER, typed(name="Papel de enero"), begin=_cart_filled, moves=True),
    "basket:list-add-cart": Press(REQUESTER),
    "basket:list-merge": Press(REQUESTER, _second_list),
    "basket:list-close": Press(REQUESTER),
    "basket:list-line-set": Press(REQUESTER, QUANTITY),
    "basket:list-line-remove": Press(REQUESTER),
    "basket:list-refill": Press(REQUESTER, moves=True),
    "basket:order-refill": Press(REQUESTER, moves=True),
    "basket:requisition-refill": Press(REQUESTER, moves=True),
    "basket:requisition-rejected-refill": Press(REQUESTER, begin=_partly_rejected, moves=True),
    # needs
    "requisition:requisition-create": Press(
        REQUESTER,
        lambda world: {
            "need": "Papel",
            "justification": "Reposición",
            "delivery_canton": "1101",
            "delivery_address": "Bodega",
            "delivery_contact": "R. Maldonado",
            "certificate": _money(world).id_public,
        },
        begin=_cart_filled,
        moves=True,
    ),
    "requisition:requisition-withdraw": Press(REQUESTER, begin=lambda world, at: {"number": _sent(world, at).number}, moves=True),
    "requisition:requisition-correct": Press(REQUESTER, begin=_returned),
    "requisition:approval": Press(
        "approver",
        lambda world: {"decision": "approve", "gross_seen": gross_of(world.order, 1)},
        begin=lambda world, at: {"number": _sent(world, at).number},
        moves=True,
    ),
    "requisition:certificate-create": Press(
        "budget_officer", typed(number="C-77", budget_line="53.08.05", issued_on=_day(-3), amount="100,00"), moves=True
    ),
    "requisition:rule-create": Press("entity_administrator", typed(position="2", who="anyone", valid_from=_day(9))),
    "requisition:rule-end": Press("entity_administrator"),
    # orders
    "order:order-accept": Press(SELLER, begin=_issued, moves=True),
    "order:order-reject": Press(
        SELLER, lambda world: {"cause": world.listing.agreement.rejection_causes.first().text}, begin=_issued, moves=True
    ),
    "order:order-cancel": Press("order_administrator", REASON, begin=_issued, moves=True),
    "order:verification-door": Press("auditor", lambda world: {"code": world.order.verification_code}, leaves=False),
    # deliveries
    "fulfilment:order-dispatch": Press(SELLER, typed(guide_number="004-1"), begin=_accepted, moves=True),
    "fulfilment:delivery-create": Press("receiver", typed(accepted_1="3"), begin=_accepted, moves=True),
    "fulfilment:delivery-void": Press(
        "order_administrator", REASON, begin=lambda world, at: {"number": _partly(world, at).number}, moves=True
    ),
    "fulfilment:order-close-short": Press(
        "order_administrator", REASON, begin=lambda world, at: {"number": _partly(world, at).order.number}, moves=True
    ),
    # money
    "invoicing:invoice-create": Press(
        SELLER,
        lambda world: {
            "number": "001-001-000777777",
            "quantity_1": "3",
            "gross": f"{gross_of(world.order, 3):n}".replace(".", ","),
        },
        begin=_delivered,
        moves=True,
    ),
    "invoicing:invoice-certify": Press(
        "finance_officer", begin=lambda world, at: {"id_public": _invoice(world, at).id_public}, moves=True
    ),
    "invoicing:invoice-reject": Press(
        "finance_officer", REASON, begin=lambda world, at: {"id_public": _invoice(world, at).id_public}, moves=True
    ),
    "invoicing:invoice-annul": Press(SELLER, REASON, begin=_certified, moves=True),
    "payment:payment-order": Press("finance_officer", begin=_certified, moves=True),
    "payment:payment-retry": Press("finance_officer", moves=True),
    "payment:order-liquidate": Press("order_administrator", begin=_paid, moves=True),
    # offers
    "partner:listing": Press(SELLER, typed(price="3,05")),
    "partner:listing-terms": Press(SELLER, typed(stock=7, minimum_quantity=1, lead_time_days=4)),
    "partner:listing-withdraw": Press(SELLER),
    "partner:listing-publish": Press(SELLER, begin=_withdrawn),
    "partner:listings-edit": Press(
        SELLER, lambda world: {"listing": world.listing.id_public, f"price_{world.listing.id_public.hex}": "3,05"}
    ),
    # imports
    "catalog_import:run-create": Press(
        SELLER,
        lambda world: {
            "agreement": world.listing.agreement.code,
            "file": SimpleUploadedFile("otra.csv", text_of({"sku": "P-9"}).encode(), "text/csv"),
        },
        moves=True,
    ),
    "catalog_import:run-columns": Press(SELLER),
    "catalog_import:run-stop": Press(SELLER),
    "catalog_import:offer-create": Press(
        SELLER,
        typed(
            sku="U-1",
            name="Perforadora",
            category="paper and labels",
            unit="C62",
            price="3,45",
            vat_percent="15",
            stock="1.000",
            lead_time_days="3",
        ),
        moves=True,
    ),
    "catalog_import:run-confirm": Press(
        SELLER, typed(falls_are_right="on"), begin=lambda world, at: {"id_public": _run(world, at).id_public}, moves=True
    ),
    "catalog_import:run-discard": Press(SELLER),
    "catalog_import:run-undo": Press(SELLER, moves=True),
    "catalog_import:proposal": Press(
        OFFICER, begin=lambda world, at: {"id_public": _applied(world, at).proposals.get().id_public}, moves=True
    ),
    "catalog_import:proposal-reject": Press(OFFICER, REASON),
    "catalog_import:proposal-correct": Press(OFFICER, lambda world: _mapping(world) | {"cpc_code": "321290099", "product": ""}),
    "catalog_import:run-accept": Press(OFFICER, begin=lambda world, at: {"id_public": _applied(world, at).id_public}, moves=True),
    "catalog_import:mapping-create": Press(OFFICER, lambda world: _mapping(world) | {"file_category": "Otra categoría"}),
    "catalog_import:mapping-edit": Press(OFFICER, lambda world: _mapping(world) | {"cpc_code": "321290012"}),
    # agreements
    "framework_agreements:agreement-create": Press(
        OFFICER, typed(code="CM-2026-77", name="Nuevo", valid_from=_day(0), valid_until=_day(90))
    ),
    "framework_agreements:agreement-edit": Press(OFFICER, typed(name="Otro nombre")),
    "framework_agreements:agreement-publish": Press(OFFICER, begin=_draft),
    "framework_agreements:agreement-close": Press(OFFICER),
    "framework_agreements:cause-add": Press(OFFICER, typed(text="Cierre de la frontera")),
    "framework_agreements:lot-create": Press(
        OFFICER, typed(number="7", name="Tinta", ceiling="1000,00", whole_country="on"), begin=_draft
    ),
    "framework_agreements:lot-edit": Press(OFFICER, typed(name="Otro nombre")),
    "framework_agreements:lot-suspend": Press(OFFICER, REASON),
    "framework_agreements:lot-resume": Press(OFFICER, REASON, begin=_suspended_lot),
    "framework_agreements:adjudication-create": Press(
        OFFICER,
        lambda world: {"supplier": make.SupplierFactory().ruc, "valid_from": _day(0), "valid_until": _day(90)},
    ),
    "framework_agreements:adjudication-edit": Press(OFFICER, typed(valid_until=_day(90))),
    "framework_agreements:adjudication-suspend": Press(OFFICER, REASON),
    "framework_agreements:adjudication-resume": Press(OFFICER, REASON, begin=_suspended_adjudication),
    "framework_agreements:item-create": Press(
        OFFICER, lambda world: {"product_code": make.ProductFactory().code, "ceiling_price": "4,00"}
    ),
    "framework_agreements:item-edit": Press(OFFICER, typed(ceiling_price="11,00")),
    # people
    "registry:role": Press(REQUESTER, lambda world: {"membership": world[REQUESTER].id_public}, leaves=False),
    "registry:delegation-create": Press(
        "approver",
        lambda world: {
            "delegate": world["order_administrator"].id_public,
            "valid_from": _day(60),
            "valid_until": _day(70),
            "reason": "Viaje",
        },
    ),
    "registry:delegation-end": Press("approver"),
    "registry:team-invite": Press("entity_administrator", typed(**INVITED, role="receiver")),
    "registry:membership-end": Press("entity_administrator"),
    "registry:invitation-withdraw": Press("entity_administrator"),
    "registry:invitation-door": Press("auditor", lambda world: {"code": world.invitation.code}, leaves=False),
    "registry:invitation-accept": Press("auditor"),
    "registry:supplier-create": Press(
        OFFICER, lambda world: {"ruc": make.company_ruc(88_001), "name": "Nueva", "canton_code": "1101"}
    ),
    "registry:supplier-invite": Press(OFFICER, typed(**INVITED, role=SELLER)),
    "registry:supplier-suspend": Press(OFFICER, REASON),
    "registry:supplier-resume": Press(OFFICER, REASON, begin=_suspended_supplier),
    "registry:entity": Press(OFFICER, typed(name="Bodega norte")),
    "registry:entity-create": Press(OFFICER, lambda world: {"ruc": make.public_ruc(8_801), "name": "Nueva", "canton_code": "1101"}),
    "registry:entity-invite": Press(OFFICER, typed(**INVITED, role="entity_administrator")),
    "communication:notice-read": Press("approver"),
    "communication:preferences": Press("approver", typed(language="en")),
    "communication:notices-read": Press("approver"),
    # how it looks, and where to
    "dashboard:appearance": Press(REQUESTER, typed(theme="dark"), leaves=False),
    "search:delivery": Press(REQUESTER, typed(canton="1101"), leaves=False),
}
PROVED_ELSEWHERE = {"payment:notices"}  # no form: tests/shop/payment/test_callback.py sends it five times
