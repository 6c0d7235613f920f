from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.kernel.errors import RuleBroken
from marketplace.kernel.limits.services import held_by
from marketplace.kernel.money import line_net
from marketplace.shop.partner.totals import PricedLine, document_totals
from marketplace.shop.payment.ledger import balances
from marketplace.shop.payment.liquidation import order_liquidate
from marketplace.shop.payment.models import Liquidation
from marketplace.shop.payment.services import notice_receive, payment_order
from tests.shop.invoicing.conftest import receive

from .test_services import letter


@pytest.fixture
def paid(certified, finance, later):
    """An invoice of so many units, certified, and its payment arrived."""

    def paid(order, *quantities, number="001-001-000000123"):
        invoice = certified(order, *quantities, number=number)
        payment = payment_order(invoice_id=invoice.pk, actor=finance, at=later)
        notice_receive(letter=letter(payment, 1, "paid", str(payment.amount.amount)), at=later)
        return payment

    return paid


@pytest.fixture
def administrator(entity_people):
    return entity_people("order_administrator")


@pytest.mark.feature("PY-6")
def test_says_everything_that_is_still_to_be_done(placed, receiver, certified, administrator, later):
    order = placed(("2.00", 10))
    receive(order, 6, receiver=receiver, at=later)
    certified(order, 4)

    with pytest.raises(RuleBroken) as refusal:
        order_liquidate(order_id=order.pk, actor=administrator, at=later)

    assert refusal.value.codes == ["goods_still_owed", "not_all_invoiced", "invoice_unpaid"]
    assert Liquidation.objects.count() == 0


@pytest.mark.feature("PY-6")
@pytest.mark.feature("OR-9")
def test_settles_the_cent_of_partial_invoices(placed, receiver, paid, administrator, later, left):
    order = placed(("0.335", 3), ("1.00", 1))  # 1.01 + 1.00, VAT 0.30: 2.31
    for number in range(3):
        receive(order, 1, int(number == 0), receiver=receiver, at=later)
        paid(order, 1, int(number == 0), number=f"001-001-00000000{number}")  # 1.34 + 0.20, 0.34 + 0.05, 0.34 + 0.05

    act = order_liquidate(order_id=order.pk, actor=administrator, at=later)

    order.refresh_from_db()
    assert order.status == "liquidated"
    assert [amount.amount for amount in (act.ordered, act.received, act.invoiced, act.cents, act.paid, act.released)] == [
        Decimal(each) for each in ("2.31", "2.31", "2.32", "0.01", "2.32", "0.00")
    ]
    books = balances(order.obligation)
    assert (books["expense"], books["cents"], books["payable"], books["bank"]) == (
        Decimal("2.31"), Decimal("0.01"), 0, Decimal("2.32"),
    )  # fmt: skip


@pytest.mark.feature("PY-6")
def test_the_certificate_gets_back_what_was_not_needed(placed, receiver, paid, administrator, later, left):
    order = placed(("2.00", 10))
    receive(order, 6, receiver=receiver, at=later)
    order.closed_short_at, order.closing_reason = later, "El proveedor dejó de fabricarlo."
    order.move_to("received", at=later, also=("closed_short_at", "closing_reason"))
    paid(order, 6)

    act = order_liquidate(order_id=order.pk, actor=administrator, at=later)

    certificate = order.requisition.certificate.amount
    assert act.released.amount == Decimal("9.20")
    assert held_by(order)[certificate.pk] == Decimal("13.80")
    assert left(certificate) == Decimal("99986.20")


CHANGES = [
    "UPDATE order_order SET total_incl_tax = 1 WHERE id = {order}",
    "UPDATE order_order SET status = 'received' WHERE id = {order}",
    "DELETE FROM order_order WHERE id = {order}",
    "UPDATE order_line SET quantity = 9 WHERE order_id = {order}",
    "DELETE FROM order_line WHERE order_id = {order}",
    "INSERT INTO fulfilment_dispatch (order_id, guide_number, note, dispatched_by_id, dispatched_at)"
    " SELECT {order}, '', '', received_by_id, now() FROM fulfilment_delivery",
    "INSERT INTO fulfilment_deliveryvoid (delivery_id, reason, voided_by_id, voided_at)"
    " SELECT id, 'x', received_by_id, now() FROM fulfilment_delivery",
    "UPDATE invoicing_invoice SET status = 'annulled', reason = 'x'",
    "DELETE FROM invoicing_invoice",
    "UPDATE payment_paymentorder SET paid = 0",
    "INSERT INTO payment_ledgertransaction (obligation_id, kind, at) SELECT id, 'paid', now() FROM invoicing_obligation",
]


@pytest.mark.feature("PY-6")
def test_a_liquidated_order_stands_as_it_is(received, paid, administrator, later):
    payment = paid(received, 10)
    order_liquidate(order_id=received.pk, actor=administrator, at=later)

    refused = []
    for change in CHANGES:
        with pytest.raises(IntegrityError, match="liquidated"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change.format(order=received.pk))
        refused.append(change)
    assert refused == CHANGES
    with pytest.raises(RuleBroken) as refusal:
        order_liquidate(order_id=received.pk, actor=administrator, at=later)
    assert refusal.value.codes == ["already_liquidated"]
    assert not notice_receive(letter=letter(payment, 2, "reversed", "23.00"), at=later)


@pytest.mark.feature("OR-9")
@pytest.mark.feature("PY-6")
@settings(deadline=None, max_examples=300)
@given(
    price=st.integers(1, 10_000_000),
    percent=st.sampled_from([0, 5, 8, 15]),
    parts=st.lists(st.integers(1, 50), min_size=1, max_size=12),
)
def test_partial_invoices_are_at_most_a_cent_each_way_per_rounding_off(price, percent, parts):
    """Each invoice rounds its line and its VAT: half a cent each way for either, and as much for the whole."""
    unit = (Decimal(price) / 1_000_000).quantize(Decimal("0.000001"))

    def gross(quantity: int) -> Decimal:
        return document_totals([PricedLine(unit, quantity, "S", Decimal(percent))]).gross

    cents = sum(map(gross, parts)) - gross(sum(parts))

    assert abs(cents) <= Decimal("0.01") * (len(parts) + 1) * (1 + Decimal(percent) / 200)
    if len(parts) == 1:
        assert cents == 0
    assert line_net(unit, sum(parts)) == document_totals([PricedLine(unit, sum(parts), "S", Decimal(percent))]).net
