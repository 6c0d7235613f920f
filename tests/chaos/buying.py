"""The way of a purchase, by the services that people use: `Buying(at=…)` brings it as far as a test asks."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property

from django.utils.timezone import localdate

from marketplace.registry.models import Membership
from marketplace.shop.fulfilment.facts import Brought
from marketplace.shop.fulfilment.services import delivery_record
from marketplace.shop.invoicing.models import Invoice
from marketplace.shop.invoicing.services import Paper, invoice_certify, invoice_register
from marketplace.shop.order.models import Order
from marketplace.shop.order.services import order_accept
from marketplace.shop.payment.gateway import Letter, Notice
from marketplace.shop.payment.models import PaymentOrder
from marketplace.shop.payment.services import notice_receive, payment_order
from marketplace.shop.requisition.approval import requisition_approve
from marketplace.shop.requisition.models import Requisition
from marketplace.shop.requisition.services import requisition_submit
from tests.factories import factories as make
from tests.shop.conftest import a_need, put_in_cart

NUMBER = "001-001-000000123"
QUANTITY = 10  # of each line, at 2.00; an order of the first supplier has two


@dataclass
class Buying:
    at: datetime

    @cached_property
    def requester(self) -> Membership:
        return make.MembershipFactory(role="requester")

    def colleague(self, role: str) -> Membership:
        found = Membership.objects.filter(role=role, entity=self.requester.entity).first()
        return found or make.MembershipFactory(role=role, entity=self.requester.entity)

    def seller(self, order: Order) -> Membership:
        found = Membership.objects.filter(role="supplier_manager", supplier=order.supplier).first()
        return found or make.MembershipFactory(role="supplier_manager", supplier=order.supplier)

    def sent(self) -> Requisition:
        """Three lines of two suppliers: two orders to come."""
        self.colleague("approver")
        first, other = make.ItemFactory(), make.ItemFactory()
        items = (first, make.ItemFactory(adjudication=first.adjudication), other)
        listings = [make.ListingFactory(adjudicated_item=item, price=Decimal("2.00")) for item in items]
        put_in_cart(*((listing, QUANTITY) for listing in listings), actor=self.requester, at=self.at)
        certificate = make.CertificateFactory(entity=self.requester.entity)
        return requisition_submit(need=a_need(certificate), actor=self.requester, at=self.at)

    def accepted(self) -> Order:
        """The order of two lines, accepted by its supplier; the other one goes on waiting."""
        sent = self.sent()
        orders = requisition_approve(
            requisition_id=sent.pk, gross_seen=sent.gross.amount, actor=self.colleague("approver"), at=self.at
        )
        order = max(orders, key=lambda each: each.lines.count())
        return order_accept(order_id=order.pk, actor=self.seller(order), at=self.at)

    def received(self) -> Order:
        order = self.accepted()
        brought = [Brought(line=n, accepted=QUANTITY) for n in (1, 2)]
        delivery_record(
            order_id=order.pk,
            brought=brought,
            received_on=localdate(self.at),
            acts_seen=0,
            actor=self.colleague("receiver"),
            at=self.at,
        )
        return order

    def invoiced(self) -> Invoice:
        order = self.received()
        quantities = {1: QUANTITY, 2: QUANTITY}
        paper = Paper(NUMBER, localdate(self.at), quantities, order.total_incl_tax)
        return invoice_register(order_id=order.pk, paper=paper, actor=self.seller(order), at=self.at)

    def certified(self) -> Invoice:
        return invoice_certify(invoice_id=self.invoiced().pk, actor=self.colleague("finance_officer"), at=self.at)

    def payable(self) -> PaymentOrder:
        return payment_order(invoice_id=self.certified().pk, actor=self.colleague("finance_officer"), at=self.at)

    def paid(self) -> Order:
        payment = self.payable()
        notice_receive(letter=paid_in_full(payment), at=self.at)
        return payment.invoice.obligation.order


def paid_in_full(payment: PaymentOrder) -> Letter:
    notice = Notice(1, "paid", payment.amount.amount)
    body = {"key": str(payment.id_public), "sequence": 1, "kind": "paid", "amount": str(notice.amount)}
    return Letter(payment.id_public, notice, body)
