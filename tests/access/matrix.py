"""Who may open which page of ours. A view that is not in this table fails the suite.

`Page(roles, …)`: the roles for whom it answers; everybody else reads 403, a visitor is led to sign in. `is_foreign_hidden`:
the same role of another entity or supplier is answered like a missing page; `hidden_from`: so are these roles. `is_act`: a
button, asked by POST. `is_signed`: another program asks, and its signature decides: nobody's session opens it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from marketplace.registry.roles import AUTHORITY_ROLES, ENTITY_ROLES

from .world import World

ENTITY = frozenset(ENTITY_ROLES)
SELLER = frozenset({"supplier_manager"})
EVERYBODY = ENTITY | SELLER | frozenset(AUTHORITY_ROLES)
REQUESTER = frozenset({"requester"})
OFFICER = frozenset({"catalogue_officer"})
REGISTRARS = frozenset({"catalogue_officer", "administrator"})
AGREEMENT_READERS = frozenset({"catalogue_officer", "administrator", "auditor", "legal_reviewer"})
BUDGET = frozenset({"budget_officer", "finance_officer", "approver", "order_administrator"})
FINANCE = frozenset({"finance_officer"})
CLOSERS = frozenset({"order_administrator", "finance_officer"})
RECEIVERS = frozenset({"receiver", "order_administrator"})
TEAM = frozenset({"entity_administrator", "supplier_manager"})
DELEGATING = frozenset({"approver", "entity_administrator"})


@dataclass(frozen=True)
class Page:
    roles: frozenset[str]
    kwargs: Callable[[World], dict[str, Any]] = lambda world: {}
    is_public: bool = False
    is_act: bool = False
    is_foreign_hidden: bool = False
    is_signed: bool = False
    hidden_from: frozenset[str] = frozenset()


def who_opens(name: str) -> str:
    """One who may see the page, the same at each run."""
    roles = MATRIX[name].roles
    return "requester" if "requester" in roles else sorted(roles)[0]


def public(kwargs=lambda world: {}) -> Page:
    return Page(EVERYBODY, kwargs, is_public=True)


def _agreement(world: World) -> dict[str, Any]:
    return {"code": world.listing.agreement.code}


def _lot(world: World) -> dict[str, Any]:
    return _agreement(world) | {"number": world.listing.lot.number}


def _adjudication(world: World) -> dict[str, Any]:
    return {"id_public": world.item.adjudication.id_public}


def _item(world: World) -> dict[str, Any]:
    return _adjudication(world) | {"product_code": world.item.product.code}


def _listing(world: World) -> dict[str, Any]:
    return {"id_public": world.listing.id_public}


def _line(world: World) -> dict[str, Any]:
    return {"listing": world.listing.id_public}


def _list(world: World) -> dict[str, Any]:
    return {"id_public": world.purchase_list.id_public}


def _listed(world: World) -> dict[str, Any]:
    return _list(world) | _line(world)


def _order(world: World) -> dict[str, Any]:
    return {"number": world.order.number}


def _delivered(world: World) -> dict[str, Any]:
    return {"number": world.delivered.number}


def _billed(world: World) -> dict[str, Any]:
    return {"number": world.billed.number}


def _liquidated(world: World) -> dict[str, Any]:
    return {"number": world.liquidated.number}


def _invoice(world: World) -> dict[str, Any]:
    return {"id_public": world.invoice.id_public}


def _payment(world: World) -> dict[str, Any]:
    return {"number": world.payment.number}


def _act(world: World) -> dict[str, Any]:
    return {"number": world.delivery.number}


def _photograph(world: World) -> dict[str, Any]:
    return _act(world) | {"n": 1}


def _waiting(world: World) -> dict[str, Any]:
    return {"number": world.waiting.number}


def _run(world: World) -> dict[str, Any]:
    return {"id_public": world.run.id_public}


def _looked_at(world: World) -> dict[str, Any]:
    return {"id_public": world.looked_at.id_public}


def _applied_run(world: World) -> dict[str, Any]:
    return {"id_public": world.applied.id_public}


def _proposal(world: World) -> dict[str, Any]:
    return {"id_public": world.proposal.id_public}


def _mapping(world: World) -> dict[str, Any]:
    return _agreement(world) | {"category": world.mapping.url_key}


def _notice(world: World) -> dict[str, Any]:
    return {"id_public": world.notice.id_public}


def _supplier(world: World) -> dict[str, Any]:
    return {"ruc": world["supplier_manager"].supplier.ruc}


def _entity(world: World) -> dict[str, Any]:
    return {"ruc": world["requester"].entity.ruc}


MATRIX: dict[str, Page] = {
    # doors
    "dashboard:purchases": Page(ENTITY),
    "dashboard:supplier": Page(SELLER),
    "dashboard:office": Page(frozenset(AUTHORITY_ROLES)),
    "dashboard:style-page": Page(frozenset({"administrator", "editor", "catalogue_officer"})),
    "dashboard:appearance": public(),
    # accounts
    "registry:account": Page(EVERYBODY),
    "registry:start": Page(EVERYBODY),
    "registry:role": Page(EVERYBODY),
    "registry:invitation-door": public(),
    "registry:invitation-accept": public(lambda world: {"code": world.invitation.code}),
    "registry:delegations": Page(DELEGATING),
    "registry:delegation-create": Page(DELEGATING),
    "registry:delegation-end": Page(
        DELEGATING, lambda world: {"id_public": world.delegation.id_public}, is_act=True, is_foreign_hidden=True
    ),
    "communication:notices": Page(EVERYBODY),
    "communication:preferences": Page(EVERYBODY),
    "communication:notices-read": Page(EVERYBODY, is_act=True),
    "communication:notice-read": Page(
        frozenset({"approver"}), _notice, is_act=True, is_foreign_hidden=True, hidden_from=EVERYBODY - {"approver"}
    ),
    # teams and organisations
    "registry:team": Page(TEAM),
    "registry:team-invite": Page(TEAM),
    "registry:membership-end": Page(
        frozenset({"entity_administrator"}),
        lambda world: {"id_public": world["receiver"].id_public},
        is_act=True,
        is_foreign_hidden=True,
        hidden_from=SELLER,
    ),
    "registry:invitation-withdraw": Page(
        frozenset({"entity_administrator"}),
        lambda world: {"id_public": world.invitation.id_public},
        is_act=True,
        is_foreign_hidden=True,
        hidden_from=SELLER,
    ),
    "registry:suppliers": Page(REGISTRARS),
    "registry:supplier-create": Page(REGISTRARS),
    "registry:supplier": Page(REGISTRARS, _supplier),
    "registry:supplier-invite": Page(REGISTRARS, _supplier),
    "registry:supplier-suspend": Page(REGISTRARS, _supplier, is_act=True),
    "registry:supplier-resume": Page(REGISTRARS, _supplier, is_act=True),
    "registry:entities": Page(REGISTRARS),
    "registry:entity-create": Page(REGISTRARS),
    "registry:entity": Page(REGISTRARS, _entity),
    "registry:entity-invite": Page(REGISTRARS, _entity),
    # agreements
    "framework_agreements:agreements": public(),
    "framework_agreements:agreement": public(_agreement),
    "framework_agreements:agreements-panel": Page(AGREEMENT_READERS),
    "framework_agreements:agreement-create": Page(OFFICER),
    "framework_agreements:agreement-panel": Page(AGREEMENT_READERS, _agreement),
    "framework_agreements:agreement-edit": Page(OFFICER, _agreement),
    "framework_agreements:agreement-publish": Page(OFFICER, _agreement, is_act=True),
    "framework_agreements:agreement-close": Page(OFFICER, _agreement, is_act=True),
    "framework_agreements:cause-add": Page(OFFICER, _agreement),
    "framework_agreements:lot-create": Page(OFFICER, _agreement),
    "framework_agreements:lot-edit": Page(OFFICER, _lot),
    "framework_agreements:lot-suspend": Page(OFFICER, _lot, is_act=True),
    "framework_agreements:lot-resume": Page(OFFICER, _lot, is_act=True),
    "framework_agreements:adjudication-create": Page(OFFICER, _lot),
    "framework_agreements:adjudication": Page(AGREEMENT_READERS, _adjudication),
    "framework_agreements:adjudication-edit": Page(OFFICER, _adjudication),
    "framework_agreements:adjudication-suspend": Page(OFFICER, _adjudication, is_act=True),
    "framework_agreements:adjudication-resume": Page(OFFICER, _adjudication, is_act=True),
    "framework_agreements:item-create": Page(OFFICER, _adjudication),
    "framework_agreements:item-edit": Page(OFFICER, _item),
    # the portal
    "cms:pages-at-work": Page(frozenset({"editor", "legal_reviewer", "administrator"})),
    # the shop
    "catalogue:detail": public(lambda world: {"slug": world.listing.product.slug, "code": world.listing.product.code.lower()}),
    "search:landing": public(),
    "search:results": public(),
    "search:delivery": public(),
    "search:category": public(lambda world: {"slug": world.listing.product.categories.get().slug}),
    "partner:listings": Page(SELLER),
    "partner:listings-edit": Page(SELLER),
    "partner:listing": Page(SELLER, _listing, is_foreign_hidden=True),
    "partner:listing-terms": Page(SELLER, _listing, is_act=True, is_foreign_hidden=True),
    "partner:listing-withdraw": Page(SELLER, _listing, is_act=True, is_foreign_hidden=True),
    "partner:listing-publish": Page(SELLER, _listing, is_act=True, is_foreign_hidden=True),
    # imports
    "catalog_import:offer-create": Page(SELLER),
    "catalog_import:runs": Page(SELLER),
    "catalog_import:run-create": Page(SELLER),
    "catalog_import:template": Page(SELLER),
    "catalog_import:template-workbook": Page(SELLER, _agreement),
    "catalog_import:price-list": Page(SELLER, _agreement),
    "catalog_import:run": Page(SELLER, _run, is_foreign_hidden=True),
    "catalog_import:run-columns": Page(SELLER, _looked_at, is_foreign_hidden=True),
    "catalog_import:run-stop": Page(SELLER, _looked_at, is_act=True, is_foreign_hidden=True),
    "catalog_import:run-errors": Page(SELLER, _run, is_foreign_hidden=True),
    "catalog_import:run-confirm": Page(SELLER, _run, is_act=True, is_foreign_hidden=True),
    "catalog_import:run-discard": Page(SELLER, _run, is_act=True, is_foreign_hidden=True),
    "catalog_import:run-undo": Page(SELLER, _applied_run, is_foreign_hidden=True),
    "catalog_import:proposals": Page(OFFICER),
    "catalog_import:run-accept": Page(OFFICER, _run, is_act=True),
    "catalog_import:proposal": Page(OFFICER, _proposal),
    "catalog_import:proposal-correct": Page(OFFICER, _proposal),
    "catalog_import:proposal-reject": Page(OFFICER, _proposal, is_act=True),
    "catalog_import:maps": Page(OFFICER),
    "catalog_import:map": Page(OFFICER, _agreement),
    "catalog_import:mapping-create": Page(OFFICER, _agreement),
    "catalog_import:mapping-edit": Page(OFFICER, _mapping),
    "basket:summary": Page(frozenset({"requester"})),
    "basket:add": Page(frozenset({"requester"}), is_act=True),
    "basket:line-set": Page(frozenset({"requester"}), _line, is_act=True, is_foreign_hidden=True),
    "basket:line-remove": Page(frozenset({"requester"}), _line, is_act=True, is_foreign_hidden=True),
    "basket:cart-park": Page(REQUESTER),
    "basket:quick-order": Page(REQUESTER),
    "basket:quick-order-act": Page(REQUESTER, is_act=True),
    "basket:quick-order-sample": Page(REQUESTER),
    "basket:lists": Page(REQUESTER),
    "basket:list-create": Page(REQUESTER),
    "basket:list": Page(REQUESTER, _list, is_foreign_hidden=True),
    "basket:list-refill": Page(REQUESTER, _list, is_foreign_hidden=True),
    "basket:list-add-cart": Page(REQUESTER, _list, is_act=True, is_foreign_hidden=True),
    "basket:list-merge": Page(REQUESTER, _list, is_act=True, is_foreign_hidden=True),
    "basket:list-close": Page(REQUESTER, _list, is_act=True, is_foreign_hidden=True),
    "basket:list-line-set": Page(REQUESTER, _listed, is_act=True, is_foreign_hidden=True),
    "basket:list-line-remove": Page(REQUESTER, _listed, is_act=True, is_foreign_hidden=True),
    "basket:order-refill": Page(REQUESTER, _order, is_foreign_hidden=True),
    "basket:requisition-refill": Page(REQUESTER, _waiting, is_foreign_hidden=True),
    "basket:requisition-rejected-refill": Page(REQUESTER, _waiting, is_foreign_hidden=True),
    "requisition:requisitions": Page(ENTITY),
    "requisition:requisition-create": Page(frozenset({"requester"})),
    "requisition:requisition": Page(ENTITY, _waiting, is_foreign_hidden=True),
    "requisition:requisition-correct": Page(frozenset({"requester"}), _waiting, is_act=True, is_foreign_hidden=True),
    "requisition:requisition-withdraw": Page(frozenset({"requester"}), _waiting, is_act=True, is_foreign_hidden=True),
    "requisition:approvals": Page(frozenset({"approver"})),
    "requisition:approval": Page(frozenset({"approver"}), _waiting, is_foreign_hidden=True),
    "requisition:rules": Page(frozenset({"entity_administrator"})),
    "requisition:rule-create": Page(frozenset({"entity_administrator"})),
    "requisition:rule-end": Page(
        frozenset({"entity_administrator"}),
        lambda world: {"id_public": world.rule.id_public},
        is_act=True,
        is_foreign_hidden=True,
    ),
    "requisition:certificates": Page(BUDGET),
    "requisition:certificate-create": Page(frozenset({"budget_officer"})),
    "order:orders": Page(ENTITY),
    "order:order": Page(ENTITY, _order, is_foreign_hidden=True),
    "order:order-pdf": Page(ENTITY, _order, is_foreign_hidden=True),
    "order:supplier-orders": Page(SELLER),
    "order:supplier-order": Page(SELLER, _order, is_foreign_hidden=True),
    "order:supplier-order-pdf": Page(SELLER, _order, is_foreign_hidden=True),
    "order:order-accept": Page(SELLER, _order, is_act=True, is_foreign_hidden=True),
    "order:order-cancel": Page(frozenset({"order_administrator"}), _order, is_act=True, is_foreign_hidden=True),
    "order:order-reject": Page(SELLER, _order, is_act=True, is_foreign_hidden=True),
    # invoices and payments
    "invoicing:invoices": Page(BUDGET),
    "invoicing:invoice": Page(BUDGET, _invoice, is_foreign_hidden=True),
    "invoicing:invoice-certify": Page(FINANCE, _invoice, is_act=True, is_foreign_hidden=True),
    "invoicing:invoice-reject": Page(FINANCE, _invoice, is_act=True, is_foreign_hidden=True),
    "invoicing:supplier-invoices": Page(SELLER),
    "invoicing:supplier-invoice": Page(SELLER, _invoice, is_foreign_hidden=True),
    "invoicing:invoice-annul": Page(SELLER, _invoice, is_act=True, is_foreign_hidden=True),
    "invoicing:invoice-create": Page(SELLER, _billed, is_foreign_hidden=True),
    "payment:payments": Page(BUDGET),
    "payment:payment": Page(BUDGET, _payment, is_foreign_hidden=True),
    "payment:payment-retry": Page(FINANCE, _payment, is_act=True, is_foreign_hidden=True),
    "payment:payment-order": Page(FINANCE, _invoice, is_act=True, is_foreign_hidden=True),
    "payment:liquidation": Page(ENTITY, _liquidated, is_foreign_hidden=True),
    "payment:liquidation-pdf": Page(ENTITY, _liquidated, is_foreign_hidden=True),
    "payment:order-liquidate": Page(CLOSERS, _billed, is_act=True, is_foreign_hidden=True),
    "payment:supplier-liquidation": Page(SELLER, _liquidated, is_foreign_hidden=True),
    "payment:supplier-liquidation-pdf": Page(SELLER, _liquidated, is_foreign_hidden=True),
    "payment:notices": Page(frozenset(), is_act=True, is_signed=True),
    "order:verification-door": public(),
    "order:verification": public(lambda world: {"code": world.order.verification_code}),
    "fulfilment:receptions": Page(RECEIVERS),
    "fulfilment:delivery-create": Page(RECEIVERS, _delivered, is_foreign_hidden=True),
    "fulfilment:order-close-short": Page(frozenset({"order_administrator"}), _delivered, is_act=True, is_foreign_hidden=True),
    "fulfilment:delivery": Page(ENTITY, _act, is_foreign_hidden=True),
    "fulfilment:delivery-pdf": Page(ENTITY, _act, is_foreign_hidden=True),
    "fulfilment:photograph": Page(ENTITY, _photograph, is_foreign_hidden=True),
    "fulfilment:delivery-void": Page(frozenset({"order_administrator"}), _act, is_act=True, is_foreign_hidden=True),
    "fulfilment:order-dispatch": Page(SELLER, _delivered, is_foreign_hidden=True),
    "fulfilment:supplier-delivery": Page(SELLER, _act, is_foreign_hidden=True),
    "fulfilment:supplier-delivery-pdf": Page(SELLER, _act, is_foreign_hidden=True),
    "fulfilment:supplier-photograph": Page(SELLER, _photograph, is_foreign_hidden=True),
    "fulfilment:verification": public(lambda world: {"code": world.delivery.verification_code}),
}
