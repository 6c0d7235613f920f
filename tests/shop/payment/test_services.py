from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from marketplace.kernel.errors import RuleBroken
from marketplace.kernel.events.models import Event
from marketplace.kernel.jobs.running import run_all_due
from marketplace.shop.invoicing.services import invoice_annul
from marketplace.shop.payment.gateway import GatewayRefusal, GatewayTrouble, Letter, Notice
from marketplace.shop.payment.ledger import Kind, balances, post
from marketplace.shop.payment.models import LedgerEntry, LedgerTransaction, PaymentOrder, SuspectNotice
from marketplace.shop.payment.services import notice_receive, payment_order, payment_send
from tests.races import together
from tests.shop.invoicing.conftest import receive, seller_of


class Gateway:
    """Answers with what it is told to, and remembers what it was asked."""

    def __init__(self, answer="SIM-1"):
        self.answer, self.asked = answer, []

    def send(self, request):
        self.asked.append(request)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def letters_about(self, key):
        return []


def letter(payment: PaymentOrder, sequence: int, kind: str, amount="0.00") -> Letter:
    body = {"key": str(payment.id_public), "sequence": sequence, "kind": kind, "amount": amount}
    return Letter(payment.id_public, Notice(sequence, kind, Decimal(amount)), body)


@pytest.fixture
def invoice(received, certified):
    return certified(received, 10)


@pytest.fixture
def payment(invoice, finance, later):
    return payment_order(invoice_id=invoice.pk, actor=finance, at=later)


@pytest.fixture
def told(payment, later):
    """Take in notices: `told((1, "paid", "23.00"))`."""

    def told(*said) -> PaymentOrder:
        for each in said:
            notice_receive(letter=letter(payment, *each), at=later)
        payment.refresh_from_db()
        return payment

    return told


def books_of(invoice) -> tuple[Decimal, Decimal, Decimal]:
    books = balances(invoice.obligation)
    return books["payable"], books["penalty"], books["bank"]


@pytest.mark.feature("PY-4")
def test_is_ordered_once_for_what_is_owed(payment, invoice, finance, later):
    assert (payment.amount.amount, payment.penalty.amount, payment.status) == (Decimal("23.00"), 0, "prepared")

    with pytest.raises(RuleBroken) as refusal:
        payment_order(invoice_id=invoice.pk, actor=finance, at=later)

    assert refusal.value.codes == ["payment_ordered_already"]
    assert PaymentOrder.objects.count() == 1


@pytest.mark.feature("PY-4")
def test_the_penalty_of_the_delay_is_withheld(placed, receiver, certified, finance, noon, later):
    order = placed(("200.00", 10))  # 2,000.00 net, due after three days
    receive(order, 10, receiver=receiver, at=noon + timedelta(days=8))  # five days late: 5 × 1 per thousand of 2,000.00
    invoice = certified(order, 10)

    payment = payment_order(invoice_id=invoice.pk, actor=finance, at=noon + timedelta(days=9))

    assert (payment.amount.amount, payment.penalty.amount) == (Decimal("2290.00"), Decimal("10.00"))
    assert books_of(invoice) == (Decimal("2290.00"), Decimal("10.00"), 0)


@pytest.mark.threat("F4")
def test_a_notice_about_a_payment_that_the_penalty_took_is_not_believed(placed, receiver, certified, finance, noon):
    order, at = placed(("2.00", 10)), noon + timedelta(days=1200)
    receive(order, 10, receiver=receiver, at=at)
    payment = payment_order(invoice_id=certified(order, 1).pk, actor=finance, at=at)
    assert (payment.amount.amount, payment.penalty.amount, payment.status) == (0, Decimal("2.30"), "paid")

    assert not notice_receive(letter=letter(payment, 1, "scheduled"), at=at)

    payment.refresh_from_db()
    assert (payment.status, payment.invoice.status) == ("paid", "paid")
    assert SuspectNotice.objects.get().code == "nothing_was_sent"


@pytest.mark.feature("PY-4")
@pytest.mark.feature("PY-2")
def test_a_penalty_is_given_up_with_a_payment_that_came_to_nothing(placed, receiver, certified, finance, noon):
    order, at = placed(("200.00", 10)), noon + timedelta(days=8)
    receive(order, 10, receiver=receiver, at=at)
    invoice = certified(order, 10)
    payment = payment_order(invoice_id=invoice.pk, actor=finance, at=at)

    notice_receive(letter=letter(payment, 1, "refused"), at=at)

    assert books_of(invoice) == (Decimal("2300.00"), 0, 0)
    assert payment_order(invoice_id=invoice.pk, actor=finance, at=at).penalty.amount == Decimal("10.00")


@pytest.mark.feature("PY-4")
def test_is_scheduled_partly_paid_paid_and_reversed(told, invoice):
    assert told((1, "scheduled")).status == "scheduled"
    assert told((2, "paid", "10.00")).status == "partly_paid"
    assert told((3, "paid", "13.00")).status == "paid"
    invoice.refresh_from_db()
    assert (invoice.status, books_of(invoice)) == ("paid", (0, 0, Decimal("23.00")))

    assert told((4, "reversed", "23.00")).status == "reversed"

    invoice.refresh_from_db()
    assert (invoice.status, books_of(invoice)) == ("certified", (Decimal("23.00"), 0, 0))


@pytest.mark.feature("PY-4")
def test_a_notice_that_overtook_another_waits_for_it(told):
    assert told((2, "paid", "23.00")).status == "prepared"
    assert told((1, "scheduled")).status == "paid"


LIES = [
    ((1, "paid", "23.01"), "amount_not_asked_for"),
    ((1, "reversed", "1.00"), "more_reversed_than_paid"),
]


@pytest.mark.threat("F4")
@pytest.mark.parametrize(("lie", "code"), LIES)
def test_an_amount_that_nobody_asked_for_is_not_believed(told, invoice, lie, code):
    payment = told(lie, lie)

    assert (payment.status, payment.paid.amount, books_of(invoice)) == ("prepared", 0, (Decimal("23.00"), 0, 0))
    assert [each.code for each in SuspectNotice.objects.all()] == [code]  # said twice, kept once
    assert told((1, "paid", "23.00")).status == "paid"  # the truth still finds its place


@pytest.mark.threat("F4")
def test_what_contradicts_or_belongs_to_nobody_is_not_believed(told, payment, later):
    told((1, "paid", "10.00"), (1, "paid", "11.00"), (2, "paid", "13.01"))
    stranger = letter(payment, 1, "paid", "10.00")
    believed = notice_receive(letter=Letter(uuid4(), stranger.notice, {"key": "another"}), at=later)

    assert not believed
    assert told().paid.amount == Decimal("10.00")
    assert sorted(SuspectNotice.objects.values_list("code", flat=True)) == [
        "amount_not_asked_for", "notice_contradicts", "payment_unknown",
    ]  # fmt: skip


@pytest.mark.threat("F4")
def test_a_gateway_in_trouble_is_asked_again_with_the_same_key(payment, later):
    gateway = Gateway(GatewayTrouble("HTTP 503"))
    waits = [payment_send(payment_id=payment.pk, gateway=gateway, at=later) for _ in range(8)]
    gateway.answer = "SIM-7"

    assert waits == [timedelta(seconds=seconds) for seconds in (5, 10, 20, 40, 80, 160, 300, 300)]
    assert payment_send(payment_id=payment.pk, gateway=gateway, at=later) is None
    assert payment_send(payment_id=payment.pk, gateway=gateway, at=later) is None  # it is out: nothing is sent again
    assert {request.key for request in gateway.asked} == {payment.id_public}
    assert len(gateway.asked) == 9
    payment.refresh_from_db()
    assert (payment.status, payment.reference, payment.problem) == ("sent", "SIM-7", "")


def test_a_gateway_that_refuses_ends_the_payment(payment, invoice, later):
    payment_send(payment_id=payment.pk, gateway=Gateway(GatewayRefusal("La cuenta no existe")), at=later)

    payment.refresh_from_db()
    assert (payment.status, payment.reason) == ("refused", "La cuenta no existe")
    assert books_of(invoice)[0] == Decimal("23.00")


def test_waits_in_the_job_table_while_no_gateway_is_configured(payment, settings):
    settings.FINANCE_GATEWAY_URL = ""
    run_all_due()

    payment.refresh_from_db()
    assert payment.status == "prepared"
    assert "FINANCE_GATEWAY_URL" in payment.problem


def test_a_notice_that_was_faster_than_the_outbox_leaves_nothing_to_send(told, settings):
    settings.FINANCE_GATEWAY_URL = ""
    told((1, "paid", "23.00"))
    run_all_due()

    paid = told()
    assert (paid.status, paid.problem, paid.attempts) == ("paid", "", 0)


def test_an_invoice_that_is_being_paid_is_not_annulled(payment, invoice, received, later):
    with pytest.raises(RuleBroken) as refusal:
        invoice_annul(invoice_id=invoice.pk, reason="Error", actor=seller_of(received), at=later)

    assert refusal.value.codes == ["invoice_being_paid"]
    assert books_of(invoice)[0] == Decimal("23.00")


@pytest.mark.threat("O3")
def test_two_who_order_the_payment_at_once_order_it_once(own_database, invoice, finance, entity_people, later):
    people = (finance, entity_people("finance_officer"))

    codes = together(*(lambda who=who: payment_order(invoice_id=invoice.pk, actor=who, at=later) for who in people))

    assert codes == ["payment_ordered_already"]
    assert Event.objects.filter(kind="payment.ordered").count() == 1


@pytest.mark.feature("PY-4")
def test_the_database_refuses_what_does_not_balance(invoice, later):
    with pytest.raises(IntegrityError, match="does not balance"), transaction.atomic(), connection.cursor() as cursor:
        act = LedgerTransaction.objects.create(kind=Kind.PAID, obligation=invoice.obligation, at=later)
        LedgerEntry.objects.create(transaction=act, account="bank", amount=5)
        LedgerEntry.objects.create(transaction=act, account="payable", amount=-4)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError, match="has 0 entries"), transaction.atomic(), connection.cursor() as cursor:
        LedgerTransaction.objects.create(kind=Kind.PAID, obligation=invoice.obligation, at=later)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    post(Kind.PAID, invoice.obligation, Decimal("5.00"), debit="payable", credit="bank", at=later)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
