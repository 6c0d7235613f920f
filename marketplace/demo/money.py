"""What follows an accepted order of the demonstration: reception, invoice, payment, liquidation, each by whoever does it."""

from datetime import datetime

from django.utils.timezone import localdate, localtime

from marketplace.registry.models import Membership
from marketplace.registry.roles import Role
from marketplace.shop.invoicing.models import Invoice
from marketplace.shop.invoicing.selectors import open_lines
from marketplace.shop.invoicing.services import Paper, invoice_certify, invoice_register
from marketplace.shop.order.models import Order
from marketplace.shop.payment.gateway import Letter, Notice
from marketplace.shop.payment.liquidation import order_liquidate
from marketplace.shop.payment.models import PaymentOrder
from marketplace.shop.payment.money import money_of
from marketplace.shop.payment.services import notice_receive, payment_order

from .acting import as_member
from .deliveries import DAY, order_receive
from .organisations import People

INVOICED, PAID, LIQUIDATED = "invoiced", "paid", "liquidated"
CARRIED_ON = (INVOICED, PAID, LIQUIDATED)
FINANCE, ADMINISTRATOR = "financiero", "administrador.orden"


def order_carry_on(order: Order, outcome: str, people: People, manager: Membership, at: datetime) -> None:
    """From acceptance at `at` as far as the scene goes, a day for each step."""
    finance, administrator = people[FINANCE, Role.FINANCE_OFFICER], people[ADMINISTRATOR, Role.ORDER_ADMINISTRATOR]
    order_receive(order, people, at + DAY)
    invoice = _invoice(order, manager, at + 2 * DAY)
    if outcome == INVOICED:
        return
    with as_member(finance):
        invoice_certify(invoice_id=invoice.pk, actor=finance, at=at + 3 * DAY)
        payment = payment_order(invoice_id=invoice.pk, actor=finance, at=at + 4 * DAY)
    _arrive(payment, at + 5 * DAY)
    if outcome == LIQUIDATED:
        with as_member(administrator):
            order_liquidate(order_id=order.pk, actor=administrator, at=at + 8 * DAY)


def _invoice(order: Order, manager: Membership, at: datetime) -> Invoice:
    paper = Paper(
        number=f"001-002-{1480 + Invoice.objects.count():09d}",
        issued_on=localtime(at).date(),
        quantities={each.facts.position: each.facts.open for each in open_lines(order)},
        gross=money_of(Order.objects.get(pk=order.pk)).received,
    )
    with as_member(manager):
        return invoice_register(order_id=order.pk, paper=paper, actor=manager, at=at)


def _arrive(payment: PaymentOrder, at: datetime) -> None:
    """As the finance system tells it: scheduled, and paid the day after."""
    scheduled = Notice(1, "scheduled", scheduled_for=localdate(at + DAY))
    paid = Notice(2, "paid", payment.amount.amount)
    for notice, when in ((scheduled, at), (paid, at + DAY)):
        notice_receive(letter=Letter(payment.id_public, notice, {}), at=when)
