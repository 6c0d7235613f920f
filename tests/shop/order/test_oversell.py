"""Races over whole orders, with real connections."""

import os
import subprocess
import sys
import threading
from decimal import Decimal

import pytest
from django.conf import settings
from django.db import connection

from marketplace.kernel.acting import acting
from marketplace.kernel.errors import RuleBroken
from marketplace.kernel.limits.models import Limit, LimitEntry
from marketplace.kernel.limits.services import set_limit
from marketplace.shop.order.models import Order
from marketplace.shop.requisition.approval import requisition_approve
from marketplace.shop.requisition.models import Requisition

CONNECTIONS = 50


def approve_all(requisitions: list[Requisition], approver, noon) -> list[str]:
    """Approve them all at once; the codes of those that were refused."""
    refused, queue, lock = [], list(requisitions), threading.Lock()

    def work() -> None:
        with acting(reason="race"):
            while True:
                with lock:
                    if not queue:
                        break
                    requisition = queue.pop()
                try:
                    gross = requisition.gross.amount
                    requisition_approve(requisition_id=requisition.pk, gross_seen=gross, actor=approver, at=noon)
                except RuleBroken as refusal:
                    refused.extend(refusal.codes)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refused


@pytest.mark.threat("O1")
def test_a_thousand_orders_for_three_hundred_units_sell_three_hundred(
    own_database, send, listing_factory, approver, noon, left, record_property
):
    listing = listing_factory(price=Decimal("1.00"), stock_left=Decimal(300))
    requisitions = [send((listing, 1)) for _ in range(1000)]

    refused = approve_all(requisitions, approver, noon)

    assert Order.objects.count() == 300
    assert len(refused) == 700
    assert set(refused) <= {"stock_short", "not_enough_stock"}
    assert left(listing.stock) == 0
    assert_ledger_and_limits_agree()
    certificate = requisitions[0].certificate.amount
    certificate.refresh_from_db()
    assert certificate.taken == 1000 * Decimal("1.15")  # 300 orders and 700 reservations that still wait
    record_property("sold of 300 units, 1,000 attempts", Order.objects.count())


@pytest.mark.threat("O1")
def test_a_ceiling_shared_by_many_listings_is_never_passed(
    own_database, send, listing_factory, adjudication_factory, item_factory, lot_factory, approver, noon, left
):
    lot = lot_factory()
    listings = [
        listing_factory(price=Decimal("1.00"), adjudicated_item=item_factory(adjudication=adjudication_factory(lot=lot)))
        for _ in range(10)
    ]
    requisitions = [send((listings[number % 10], 1), (listings[(number + 3) % 10], 1)) for number in range(200)]
    set_limit(lot.ceiling, Decimal("138.00"))  # 60 requisitions of two orders at 1.15

    refused = approve_all(requisitions, approver, noon)

    assert Order.objects.count() == 120
    assert refused == ["ceiling_short"] * 140
    assert left(lot.ceiling) == 0
    assert_ledger_and_limits_agree()


@pytest.mark.threat("O2")
@pytest.mark.parametrize("orders", [200, pytest.param(1000, marks=pytest.mark.long)])
def test_orders_of_many_listings_under_one_ceiling_sell_what_fits(
    own_database, send, listing_factory, item_factory, adjudication_factory, approver, noon, left, orders
):
    fit = orders * 3 // 10
    award = adjudication_factory()
    listings = [listing_factory(price=Decimal("1.00"), adjudicated_item=item_factory(adjudication=award)) for _ in range(40)]
    requisitions = [send((listings[number % 40], 1)) for number in range(orders)]
    set_limit(award.lot.ceiling, fit * Decimal("1.15") + Decimal("0.99"))  # and 0.99 that no order fits into

    refused = approve_all(requisitions, approver, noon)

    assert Order.objects.count() == fit
    assert refused == ["ceiling_short"] * (orders - fit)
    assert left(award.lot.ceiling) == Decimal("0.99")
    assert sum(left(listing.stock) for listing in listings) == 40 * 100 - fit
    assert_ledger_and_limits_agree()


def assert_ledger_and_limits_agree() -> None:
    for limit in Limit.objects.all():
        assert sum(LimitEntry.objects.filter(limit=limit).values_list("quantity", flat=True)) == limit.taken


@pytest.mark.trap
@pytest.mark.threat("O1")
def test_stock_oscar_oversells(empty_database, record_property):
    """The control: five units, twenty buyers at once. Without a control, ours would prove nothing."""
    environment = os.environ | {"DATABASE_URL": empty_database}
    race = [sys.executable, "-m", "tests.stock_oscar.race"]
    done = subprocess.run(race, cwd=settings.ROOT, env=environment, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 5
    record_property("stock Oscar sold of 5 units, 20 attempts", int(done.stdout))
