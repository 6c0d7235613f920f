from datetime import date
from decimal import Decimal

import pytest

from marketplace.kernel.law import parameter_on
from marketplace.shop.fulfilment.correcting import order_close_short
from marketplace.shop.fulfilment.facts import Brought
from marketplace.shop.fulfilment.rules import Portion, days_late, due_on, penalty_on
from marketplace.shop.fulfilment.selectors import delays_of, penalty_of

from .conftest import DAY

DUE = date(2026, 11, 26)


# ---------------------------------------------------------------- vectors: 1 per 1,000 a day of the net value that is late
@pytest.mark.feature("PY-2")
@pytest.mark.parametrize(
    ("price", "portions", "penalty"),
    [
        ("2.00", [(10, date(2026, 11, 20))], "0.00"),  # early
        ("2.00", [(10, DUE)], "0.00"),  # on the day: it counts to its end
        ("2.00", [(10, date(2026, 11, 27))], "0.02"),  # one day late: 20.00 × 1 ‰
        ("100.00", [(10, date(2026, 12, 6))], "10.00"),  # ten days: 1,000.00 × 10 ‰
        ("100.00", [(6, DUE), (4, date(2026, 12, 6))], "4.00"),  # six in time, four ten days late
        ("100.00", [(6, date(2026, 11, 28)), (4, date(2026, 12, 6))], "5.20"),  # 600 × 2 ‰ + 400 × 10 ‰
        ("3.333333", [(3, date(2026, 11, 27))], "0.01"),  # 0.009999… is rounded once, half up
        ("0.335000", [(1, date(2026, 11, 28)), (1, date(2026, 12, 5))], "0.00"),  # 0.003685
        ("50.00", [(1, date(2026, 12, 6)), (1, date(2026, 12, 7))], "1.05"),  # 0.50 + 0.55
        ("1250.00", [(4, date(2027, 11, 26))], "1825.00"),  # a whole year; there is no ceiling of it
        ("2.00", [], "0.00"),
    ],
)
def test_vectors(price, portions, penalty):
    late = [Portion(*portion) for portion in portions]

    assert penalty_on(late, due=DUE, unit_price=Decimal(price), per_thousand=Decimal(1)) == Decimal(penalty)


def test_the_day_after_acceptance_is_the_first():
    assert due_on(date(2026, 11, 23), 3) == date(2026, 11, 26)
    assert [days_late(DUE, date(2026, 11, day)) for day in (25, 26, 27, 30)] == [0, 0, 1, 4]


def test_the_figures_are_said_to_be_unverified():
    penalty, hours = parameter_on("delivery.penalty_per_thousand", DUE), parameter_on("order.answer_hours", DUE)

    assert (penalty.value, penalty.is_verified) == (1, False)
    assert (hours.value, hours.is_verified) == (72, False)
    with pytest.raises(LookupError):
        parameter_on("order.answer_hours", date(2008, 8, 3))


# ---------------------------------------------------------------- on orders: due 26 November, line of 10 at 100.00
@pytest.mark.feature("PY-2")
def test_runs_on_what_is_pending_and_stops_for_what_came(taken_on, receive, noon):
    order = taken_on(10, price="9.00")  # due on the 26th
    assert [penalty_of(order, noon + days * DAY) for days in (0, 3, 4, 5)] == [0, 0, Decimal("0.09"), Decimal("0.18")]

    receive(order, Brought(1, accepted=6), days=5)  # the 28th, two days late: 54.00 × 2 ‰ = 0.108
    later = noon + 13 * DAY  # the 6th of December, ten days late: 36.00 × 10 ‰ = 0.36

    assert penalty_of(order, later) == Decimal("0.47")  # 0.468
    [delay] = delays_of(order, later)
    assert (delay.due_on, delay.pending, delay.days) == (DUE, 4, 10)


@pytest.mark.feature("PY-2")
def test_what_is_refused_is_late_until_it_is_replaced(taken_on, receive, noon):
    order = taken_on(10, price="9.00")

    receive(order, Brought(1, refused=10, reason="damaged"), days=3)  # in time, but refused
    receive(order, Brought(1, accepted=10), days=8)  # five days late: 90.00 × 5 ‰

    assert penalty_of(order, noon + 30 * DAY) == Decimal("0.45")


@pytest.mark.feature("PY-2")
def test_closing_short_stops_the_clock(taken_on, receive, administrator, noon):
    order = taken_on(10, price="9.00")
    receive(order, Brought(1, accepted=6), days=3)

    order_close_short(order_id=order.pk, reason="Ya no hace falta", actor=administrator, at=noon + 5 * DAY)
    order.refresh_from_db()

    assert penalty_of(order, noon + 30 * DAY) == Decimal("0.07")  # 36.00 × 2 ‰ = 0.072
    assert [delay.pending for delay in delays_of(order, noon + 30 * DAY)] == [0]


def test_none_before_acceptance(place, noon):
    assert penalty_of(place(10), noon + 30 * DAY) == 0
