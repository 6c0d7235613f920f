from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.utils.timezone import localdate

from marketplace.registry.models import Membership
from marketplace.shop.fulfilment.facts import Brought
from marketplace.shop.fulfilment.selectors import acts_count
from marketplace.shop.fulfilment.services import delivery_record
from marketplace.shop.invoicing.models import Invoice
from marketplace.shop.invoicing.services import Paper, invoice_certify, invoice_register
from marketplace.shop.order.models import Order
from marketplace.shop.order.services import order_accept
from marketplace.shop.partner.totals import PricedLine, document_totals
from marketplace.shop.requisition.approval import requisition_approve
from tests.factories import factories as make


def receive(order: Order, *accepted: int, receiver: Membership, at: datetime) -> None:
    """A delivery that brought so many of each line."""
    brought = [Brought(place, quantity) for place, quantity in enumerate(accepted, start=1)]
    came = {"brought": brought, "received_on": localdate(at), "acts_seen": acts_count(order), "actor": receiver}
    delivery_record(order_id=order.pk, **came, at=at)
    order.refresh_from_db()


def gross_of(order: Order, *quantities: int) -> Decimal:
    lines = zip(order.lines.order_by("pk"), quantities, strict=True)
    return document_totals(
        PricedLine(line.unit_price_excl_tax, quantity, line.tax_code, line.vat_percent) for line, quantity in lines
    ).gross


def paper_for(order: Order, *quantities: int, number: str = "001-001-000000123", at: datetime, **said) -> Paper:
    said = {"gross": gross_of(order, *quantities), "issued_on": at.date()} | said
    return Paper(number=number, quantities=dict(enumerate(quantities, start=1)), **said)


@pytest.fixture
def entity_people(requester):
    """Colleagues of the requester, by role."""
    return lambda role: make.MembershipFactory(role=role, entity=requester.entity)


@pytest.fixture
def receiver(entity_people):
    return entity_people("receiver")


@pytest.fixture
def finance(entity_people):
    return entity_people("finance_officer")


@pytest.fixture
def placed(send, approver, listing_factory, item_factory, noon):
    """An accepted order of one supplier: `placed((price, quantity), …)`."""

    def placed(*wanted) -> Order:
        first = item_factory(ceiling_price=Decimal(10_000))
        items = [first, *(item_factory(adjudication=first.adjudication, ceiling_price=Decimal(10_000)) for _ in wanted[1:])]
        listings = [
            (listing_factory(adjudicated_item=item, price=Decimal(price), stock_left=Decimal(1000)), quantity)
            for item, (price, quantity) in zip(items, wanted, strict=True)
        ]
        sent = send(*listings)
        [order] = requisition_approve(requisition_id=sent.pk, gross_seen=sent.gross.amount, actor=approver, at=noon)
        return order_accept(order_id=order.pk, actor=seller_of(order), at=noon)

    return placed


def seller_of(order: Order) -> Membership:
    """The supplier's manager, the same person each time."""
    known = Membership.objects.filter(role="supplier_manager", supplier=order.supplier).first()
    return known or make.MembershipFactory(role="supplier_manager", supplier=order.supplier)


@pytest.fixture
def later(noon):
    """Two days on: within the lead time of three."""
    return noon + timedelta(days=2)


@pytest.fixture
def received(placed, receiver, later):
    """An order of 10 × 2.00 (23.00 with VAT), all of it accepted."""
    order = placed(("2.00", 10))
    receive(order, 10, receiver=receiver, at=later)
    return order


@pytest.fixture
def invoiced(later):
    def invoiced(order: Order, *quantities: int, number: str = "001-001-000000123") -> Invoice:
        paper = paper_for(order, *quantities, number=number, at=later)
        return invoice_register(order_id=order.pk, paper=paper, actor=seller_of(order), at=later)

    return invoiced


@pytest.fixture
def certified(invoiced, finance, later):
    def certified(order: Order, *quantities: int, number: str = "001-001-000000123") -> Invoice:
        return invoice_certify(invoice_id=invoiced(order, *quantities, number=number).pk, actor=finance, at=later)

    return certified
