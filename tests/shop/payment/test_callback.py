"""The finance system's notices over HTTP: signed or refused, in any order, however often (PY-4)."""

import json
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from marketplace.shop.payment.gateway import Notice
from marketplace.shop.payment.ledger import balances
from marketplace.shop.payment.models import LedgerEntry, PaymentNotice, PaymentOrder, SuspectNotice
from marketplace.shop.payment.rules import standing_after
from marketplace.shop.payment.services import payment_order
from marketplace.shop.payment.signing import HEADER, signature_of

SECRET = "a secret of two"


@pytest.fixture
def payment(received, certified, finance, later, settings) -> PaymentOrder:
    settings.FINANCE_GATEWAY_SECRET = SECRET
    return payment_order(invoice_id=certified(received, 10).pk, actor=finance, at=later)


def post(body: bytes, signature: str | None = None) -> int:
    """As another program does: no session, no token."""
    headers = {HEADER: signature_of(body, SECRET) if signature is None else signature}
    client = Client(enforce_csrf_checks=True)
    return client.post(reverse("payment:notices"), body, content_type="application/json", headers=headers).status_code


def written(payment: PaymentOrder, **said) -> bytes:
    return json.dumps({"key": str(payment.id_public), "sequence": 1, "kind": "paid", "amount": "23.00"} | said).encode()


@pytest.mark.feature("PY-4")
@pytest.mark.threat("O3")
def test_said_five_times_it_is_booked_once(payment):
    assert [post(written(payment)) for _ in range(5)] == [200] * 5

    payment.refresh_from_db()
    assert (payment.status, payment.paid.amount) == ("paid", Decimal("23.00"))
    assert PaymentNotice.objects.count() == 1
    assert balances(payment.invoice.obligation)["bank"] == Decimal("23.00")


@pytest.mark.threat("F4")
@pytest.mark.parametrize("secret", ["", "another secret"])
def test_only_the_gateway_is_heard(payment, settings, secret):
    body = written(payment)

    assert post(body, signature_of(body, secret)) == 403
    settings.FINANCE_GATEWAY_SECRET = ""
    assert post(body, signature_of(body, "")) == 403  # without a secret nobody is the gateway
    payment.refresh_from_db()
    assert (payment.status, PaymentNotice.objects.count(), SuspectNotice.objects.count()) == ("prepared", 0, 0)


BAD = [
    {"amount": "NaN"},
    {"amount": "1e400"},
    {"amount": "-23.00"},
    {"amount": "23.001"},
    {"amount": 23.0},
    {"amount": "0.00"},
    {"amount": "23.01"},
    {"currency": "EUR"},
    {"kind": "stolen"},
    {"kind": "scheduled"},
    {"sequence": 0},
    {"sequence": "first"},
    {"sequence": 10**30},
    {"key": "no key"},
    {"key": None},
    {"kind": "scheduled", "amount": "0.00", "scheduled_for": "tomorrow"},
]


NO_NOTICES = [b"", b"[]", b"3", b"{", b'"a"', b"\xff"]


@pytest.mark.threat("F4")
def test_what_cannot_be_is_not_believed(payment):
    bodies = [*(written(payment, **lie) for lie in BAD), *NO_NOTICES]

    assert [body for body in bodies if post(body) != 422] == []
    assert PaymentNotice.objects.count() == 0
    payment.refresh_from_db()
    assert payment.status == "prepared"


def test_is_asked_by_post_alone(payment):
    assert Client().get(reverse("payment:notices")).status_code == 405


CENTS = st.integers(1, 2300).map(lambda cents: Decimal(cents) / 100)
NOTICES = st.lists(st.tuples(st.sampled_from(["scheduled", "paid", "paid", "reversed", "refused"]), CENTS), min_size=1, max_size=6)


@pytest.mark.feature("PY-4")
@hypothesis_settings(deadline=None, max_examples=300)
@given(NOTICES, st.randoms(use_true_random=False))
def test_the_same_notices_come_to_the_same_in_any_order(said, chance):
    notices = [
        Notice(number, kind, amount if kind in {"paid", "reversed"} else Decimal("0.00"))
        for number, (kind, amount) in enumerate(said, start=1)
    ]
    in_turn = standing_after(notices, asked=Decimal("23.00"), status="sent")
    shuffled = chance.sample(notices * 2, k=2 * len(notices))

    assert standing_after(shuffled, asked=Decimal("23.00"), status="sent") == in_turn
    assert 0 <= in_turn.paid <= Decimal("23.00")


@pytest.mark.feature("PY-4")
@hypothesis_settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(NOTICES, st.randoms(use_true_random=False))
def test_the_ledger_balances_whatever_is_said(received, certified, finance, later, settings, said, chance):
    """Each example in a transaction of its own, rolled back with the notices it posted."""
    settings.FINANCE_GATEWAY_SECRET = SECRET
    with transaction.atomic():
        payment = payment_order(invoice_id=certified(received, 10).pk, actor=finance, at=later)
        bodies = [
            written(payment, sequence=number, kind=kind, amount=str(amount) if kind in {"paid", "reversed"} else "0.00")
            for number, (kind, amount) in enumerate(said, start=1)
        ]
        for body in chance.sample(bodies * 2, k=2 * len(bodies)):
            post(body)
        payment.refresh_from_db()
        books = balances(payment.invoice.obligation)
        assert sum(LedgerEntry.objects.values_list("amount", flat=True)) == 0
        assert books["bank"] == payment.paid.amount
        assert books["payable"] == Decimal("23.00") - payment.paid.amount
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        transaction.set_rollback(True)
