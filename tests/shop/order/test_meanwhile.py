"""What happens to suppliers, lots, offers and needs in the very moment of an approval; and many limits at once, in any order."""

import threading
from decimal import Decimal
from random import Random

import pytest
from django.db import OperationalError, connection

from framework_agreements.services import adjudication_suspend, agreement_close, lot_suspend
from marketplace.kernel.acting import acting
from marketplace.kernel.events.models import Event
from marketplace.kernel.limits.models import Limit
from marketplace.kernel.limits.services import set_limit
from marketplace.registry.services import supplier_suspend
from marketplace.shop.order.models import Order
from marketplace.shop.partner.services import listing_withdraw
from marketplace.shop.requisition import approval as approving
from marketplace.shop.requisition.approval import requisition_approve
from marketplace.shop.requisition.models import Requisition
from marketplace.shop.requisition.services import requisition_return, requisition_withdraw
from tests.races import together

from .test_oversell import approve_all, assert_ledger_and_limits_agree

# what somebody does → the code of an approval that comes after it
INTERRUPTIONS = {
    "supplier_suspended": lambda it, **act: supplier_suspend(supplier_id=it.supplier.pk, reason="RUC suspendido", **act),
    "lot_suspended": lambda it, **act: lot_suspend(lot_id=it.lot.pk, reason="Reclamo", **act),
    "adjudication_not_in_force": lambda it, **act: adjudication_suspend(
        adjudication_id=it.adjudicated_item.adjudication_id, reason="Reclamo", **act
    ),
    "agreement_not_in_force": lambda it, **act: agreement_close(agreement_id=it.agreement.pk, **act),
    "listing_not_published": lambda it, **act: listing_withdraw(listing_id=it.pk, **act),
}


def approval(requisition: Requisition, approver, at):
    seen = requisition.gross.amount
    return lambda: requisition_approve(requisition_id=requisition.pk, gross_seen=seen, actor=approver, at=at)


@pytest.mark.threat("O6")
@pytest.mark.parametrize("rounds", [1, pytest.param(40, marks=pytest.mark.long)])
def test_no_order_is_issued_after_what_forbids_it(own_database, send, listing_factory, approver, officer, noon, rounds):
    for code, interrupt in list(INTERRUPTIONS.items()) * rounds:
        listing = listing_factory(price=Decimal("1.00"))
        needs = [send((listing, 1)) for _ in range(8)]
        approvals = [approval(need, approver, noon) for need in needs]
        last = Event.objects.latest("pk").pk

        refused = together(*approvals[:4], lambda it=listing, do=interrupt: do(it, actor=officer, at=noon), *approvals[4:])

        issued = Event.objects.filter(pk__gt=last, kind="order.issued").values_list("pk", flat=True)
        forbidden = (
            Event.objects.filter(pk__gt=last).exclude(kind__startswith="order.").exclude(kind__startswith="requisition.").get()
        )
        assert set(refused) <= {code}
        assert len(issued) == 8 - len(refused)
        assert [pk for pk in issued if pk > forbidden.pk] == []
        assert Requisition.objects.filter(pk__in=[need.pk for need in needs], status="in_approval").count() == len(refused)
    assert_ledger_and_limits_agree()


@pytest.mark.threat("O6")
@pytest.mark.parametrize("code", INTERRUPTIONS)
def test_between_judging_and_ordering_nobody_changes_the_terms(
    own_database, send, listing_factory, approver, officer, noon, monkeypatch, code
):
    listing = listing_factory()
    need, judge, waited = send((listing, 1)), approving.refusals_of, []

    def interrupt() -> None:
        with acting(reason="race"), connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '50ms'")
            try:
                INTERRUPTIONS[code](listing, actor=officer, at=noon)
            except OperationalError as refusal:
                waited.append("lock timeout" in str(refusal))
        connection.close()

    def judge_and_be_interrupted(*facts):
        reasons = judge(*facts)
        somebody = threading.Thread(target=interrupt)
        somebody.start()
        somebody.join()
        return reasons

    monkeypatch.setattr(approving, "refusals_of", judge_and_be_interrupted)
    approval(need, approver, noon)()

    assert (waited, Order.objects.count()) == ([True], 1)


@pytest.mark.threat("O6")
@pytest.mark.parametrize("rounds", [3, pytest.param(100, marks=pytest.mark.long)])
def test_a_need_that_is_given_up_while_it_is_approved_is_one_or_the_other(
    own_database, send, listing_factory, approver, requester, noon, left, rounds
):
    listing = listing_factory(price=Decimal("1.00"), stock_left=Decimal(1000))
    for _ in range(rounds):
        need = send((listing, 1))
        before = left(listing.stock)
        give_up = {"requisition_id": need.pk, "at": noon}

        refused = together(
            approval(need, approver, noon),
            lambda it=give_up: requisition_withdraw(**it, actor=requester),
            lambda it=give_up: requisition_return(**it, actor=approver, comment="Corrija"),
        )

        need.refresh_from_db()
        orders = Order.objects.filter(requisition=need).count()
        assert (need.status == "approved") == (orders == 1)
        assert need.status in {"approved", "withdrawn", "returned"}
        assert set(refused) <= {"already_decided", "illegal_move"}
        assert len(refused) == (1 if need.status == "withdrawn" and need.decided_at else 2)
        assert before - left(listing.stock) == orders
        if need.status == "returned":  # so that the next need has a cart of its own
            requisition_withdraw(requisition_id=need.pk, actor=requester, at=noon)
    assert_ledger_and_limits_agree()


@pytest.mark.threat("O2")
@pytest.mark.parametrize("needs", [60, pytest.param(1000, marks=pytest.mark.long)])
def test_many_agreements_lots_and_budgets_at_once_and_in_any_order_pass_none(
    own_database, send, listing_factory, item_factory, adjudication_factory, lot_factory, certificate_factory, requester, approver,
    noon, left, needs,
):  # fmt: skip
    """Three agreements of two lots, two budgets; each need buys in four of the lots, whose orders share all these limits."""
    rng = Random(needs)
    lots = [lot for first in (lot_factory() for _ in range(3)) for lot in (first, lot_factory(agreement=first.agreement))]
    listings = [
        listing_factory(
            price=Decimal("1.00"),
            stock_left=Decimal(needs),
            adjudicated_item=item_factory(adjudication=adjudication_factory(lot=lot)),
        )
        for lot in lots
    ]
    budgets = [certificate_factory(entity=requester.entity) for _ in range(2)]
    sent = [send(*((each, 1) for each in rng.sample(listings, 4)), money=budgets[n % 2]) for n in range(needs)]
    for lot in lots:
        set_limit(lot.ceiling, needs // 3 * Decimal("1.15"))  # two thirds of the needs ask for it

    refused = approve_all(sent, approver, noon)

    assert set(refused) == {"ceiling_short"}
    assert Requisition.objects.filter(status="approved").count() == needs - len(refused)
    assert Order.objects.count() == 4 * (needs - len(refused))
    for lot in lots:
        ordered = Order.objects.filter(lines__lot=lot).count()
        assert needs // 3 * Decimal("1.15") - left(lot.ceiling) == ordered * Decimal("1.15")
    assert not Limit.objects.filter(taken__lt=0).exists()
    assert sum(100_000 - left(budget.amount) for budget in budgets) == needs * Decimal("4.60")  # what waits is reserved still
    assert_ledger_and_limits_agree()
