"""The reconciliation finds each thing that can be wrong: one row is falsified behind the back of triggers, and it says which."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction
from django.utils.timezone import now

from marketplace.kernel.jobs.running import run_all_due
from marketplace.shop.payment.liquidation import order_liquidate

from .books import RECONCILIATION, disagreements
from .buying import Buying

pytestmark = pytest.mark.threat("O4")

FALSE = {
    "limit is not the sum of its ledger": "UPDATE limits_limit SET taken = taken + 1 WHERE taken > 0",
    "requisition holds another amount on its certificate than it waits for": (
        "UPDATE requisition_requisition SET status = 'withdrawn' WHERE status = 'in_approval'"
    ),
    "order holds another amount on its certificate than it may spend": (
        "UPDATE limits_limitentry SET quantity = quantity - 1 WHERE cause_type = 'order.order'"
    ),
    "order holds other stock than it ordered": "UPDATE order_line SET quantity = quantity + 1",
    "orders do not come to what was approved": "UPDATE order_order SET total_incl_tax = total_incl_tax + 1",
    "lines of the orders are not those of the requisition": "UPDATE requisition_requisitionline SET quantity = quantity + 1",
    "order is not the sum of its lines and its VAT": "UPDATE order_ordervat SET amount = amount + 1",
    "order that waits for an answer has no alarm": "DELETE FROM jobs_job WHERE task LIKE '%answer_time_ends'",
    "accepted units are not those of the acceptance acts": "UPDATE fulfilment_deliveryline SET accepted = accepted - 1",
    "order says that all has come, or that something is owed, and it is not so": (
        "UPDATE order_order SET status = 'partially_received' WHERE status = 'liquidated'"
    ),
    "acceptance act without a line": "DELETE FROM fulfilment_deliveryline",
    "invoice is not the sum of its lines and its VAT": "UPDATE invoicing_invoicevat SET amount = amount + 1",
    "more is invoiced than was accepted": "UPDATE order_line SET accepted_quantity = 1 WHERE accepted_quantity > 1",
    "obligation without an invoice": "DELETE FROM payment_liquidation; DELETE FROM invoicing_invoice",
    "bookkeeping act does not balance": "UPDATE payment_ledgerentry SET amount = amount + 1",
    "certified invoices are not what the ledger says is owed, withheld and paid": (
        "UPDATE invoicing_invoice SET status = 'registered' WHERE status = 'paid'"
    ),
    "what was paid is not what the ledger took from the bank": "UPDATE payment_paymentorder SET paid = paid - 1 WHERE paid > 1",
    "invoice and its payment do not agree that it is paid": (
        "UPDATE payment_paymentorder SET status = 'partly_paid' WHERE status = 'paid'"
    ),
    "notices that were taken in are not there": "DELETE FROM payment_paymentnotice",
    "payment that is to be sent has no job that sends it": "DELETE FROM jobs_job WHERE task LIKE '%payment_prepare'",
    "order and its liquidation act do not agree": "DELETE FROM payment_liquidation",
    "happened, and was not told once: invoice.registered": "DELETE FROM events_event WHERE kind = 'invoice.registered'",
    "supplier was not told of its order": "DELETE FROM jobs_job WHERE task LIKE '%notices_tell'",
    "notice of something that never happened": "DELETE FROM events_event WHERE kind = 'requisition.submitted'",
    "job of something that never happened": "DELETE FROM events_event WHERE kind = 'payment.ordered'",
    "job was given up": "UPDATE jobs_job SET dead_at = now()",
}


@pytest.fixture
def purchases(db) -> None:
    """One that has ended, one that waits for its approval; and one on its way, of which nobody has been told yet."""
    told, untold = Buying(at=now()), Buying(at=now())
    order_liquidate(order_id=told.paid().pk, actor=told.colleague("order_administrator"), at=told.at)
    told.sent()
    run_all_due()
    untold.payable()


@contextmanager
def falsified(statement: str) -> Iterator[None]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement)
        yield
        transaction.set_rollback(True)


def test_each_falsehood_is_found_and_a_true_world_has_none(purchases):
    assert disagreements() == []

    missed = []
    for what, statement in FALSE.items():
        with falsified(statement):
            if what not in {found for found, _which in disagreements()}:
                missed.append(what)

    assert missed == []


def test_every_part_of_the_query_has_been_seen_to_find_something():
    parts = re.findall(r"^SELECT '([^']+)'", RECONCILIATION, flags=re.MULTILINE)

    assert len(parts) == len(set(parts))
    assert {what for what in parts if not any(known.startswith(what) for known in FALSE)} == set()
