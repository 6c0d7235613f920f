import threading
from decimal import Decimal

import pytest
from django.db import ProgrammingError, connection, transaction

from marketplace.kernel.acting import acting
from marketplace.kernel.limits.models import Limit, LimitEntry
from marketplace.kernel.limits.services import LimitExceeded, Taking, give_back, held_by, set_limit, take


@pytest.fixture
def cause(entity_factory):
    return entity_factory()


def taken(limit) -> Decimal:
    limit.refresh_from_db()
    return limit.taken


def test_takes_from_all(limit_factory, cause):
    stock, ceiling = limit_factory(limit=10), limit_factory(limit=Decimal("99.50"))

    take([Taking(ceiling.pk, Decimal("12.34"), cause), Taking(stock.pk, 3, cause), Taking(stock.pk, 2, cause)])

    assert (taken(stock), taken(ceiling)) == (5, Decimal("12.34"))
    assert sorted(LimitEntry.objects.values_list("quantity", flat=True)) == [2, 3, Decimal("12.34")]


def test_takes_nothing_when_one_does_not_suffice(limit_factory, cause):
    first, second = limit_factory(limit=10), limit_factory(limit=4)

    with pytest.raises(LimitExceeded) as short:
        take([Taking(first.pk, 10, cause), Taking(second.pk, 5, cause)])

    assert (short.value.limit_id, short.value.asked, short.value.left, short.value.missing) == (second.pk, 5, 4, 1)
    assert (taken(first), taken(second)) == (0, 0)
    assert not LimitEntry.objects.exists()


def test_names_the_first_in_key_order(limit_factory, cause):
    first, second = limit_factory(limit=1), limit_factory(limit=1)

    with pytest.raises(LimitExceeded) as short:
        take([Taking(second.pk, 2, cause), Taking(first.pk, 2, cause)])

    assert short.value.limit_id == first.pk


def test_gives_back_what_a_cause_holds_once(limit_factory, cause, entity_factory):
    limit = limit_factory(limit=10)
    take([Taking(limit.pk, 4, cause), Taking(limit.pk, 1, entity_factory())])

    give_back(cause)
    give_back(cause)

    assert taken(limit) == 1
    assert held_by(cause) == {}


def test_cannot_give_back_below_nothing(limit_factory, cause):
    limit = limit_factory(limit=10)

    with pytest.raises(LimitExceeded):
        take([Taking(limit.pk, -1, cause)])


def test_a_limit_is_not_set_below_what_is_taken(limit_factory, cause):
    limit = limit_factory(limit=10)
    take([Taking(limit.pk, 6, cause)])

    with pytest.raises(LimitExceeded) as short:
        set_limit(limit, 5)

    assert short.value.missing == 1
    assert Limit.objects.get(pk=limit.pk).limit == 10


def test_the_ledger_only_grows(own_database, limit_factory, cause):
    limit = limit_factory(limit=10)
    take([Taking(limit.pk, 6, cause)])

    for statement in ("UPDATE limits_limitentry SET quantity = 1", "DELETE FROM limits_limitentry", "TRUNCATE limits_limitentry"):
        with pytest.raises(ProgrammingError, match="only grows"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)

    assert taken(limit) == 6


@pytest.mark.threat("O1")
def test_a_thousand_buyers_of_three_hundred_units(own_database, limit_factory, entity_factory):
    """1,000 attempts over 50 connections, each for one unit and three cents of a ceiling that several share."""
    stock, ceiling, cause = limit_factory(limit=300), limit_factory(limit=Decimal("1000.00")), entity_factory()
    sold, refused = [], []

    def buy(times: int) -> None:
        with acting(reason="race"):
            for _ in range(times):
                try:
                    take([Taking(ceiling.pk, Decimal("0.03"), cause), Taking(stock.pk, 1, cause)])
                    sold.append(1)
                except LimitExceeded:
                    refused.append(1)
        connection.close()

    run_together([lambda: buy(20)] * 50)

    assert (len(sold), len(refused)) == (300, 700)
    assert (taken(stock), taken(ceiling)) == (300, Decimal("9.00"))
    assert LimitEntry.objects.filter(limit=stock).count() == 300


def test_opposite_orders_do_not_deadlock(own_database, limit_factory, entity_factory):
    limits, cause = [limit_factory(limit=1000) for _ in range(3)], entity_factory()
    failures = []

    def buy(order) -> None:
        with acting(reason="race"):
            for _ in range(20):
                try:
                    take([Taking(limit.pk, 1, cause) for limit in order])
                except Exception as failure:
                    failures.append(failure)
        connection.close()

    run_together([lambda order=order: buy(order) for order in (limits, limits[::-1]) * 10])

    assert failures == []
    assert [taken(limit) for limit in limits] == [400, 400, 400]


def run_together(calls) -> None:
    threads = [threading.Thread(target=call) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
