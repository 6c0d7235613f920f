"""How late what is, and what that costs: pure, so that every case is a vector in the tests.

A line is due on the day of acceptance plus its lead time in calendar days: the day after acceptance is the first of them, and
the day on which it is due still counts to its end. Each unit is late by the days from then until the day on which it was
received; one that is still owed, until today. What was refused is still owed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from marketplace.kernel.money import to_cents

PER_THOUSAND = Decimal(1000)


@dataclass(frozen=True)
class Portion:
    """So many sales units of a line that were owed until a day: received on it, given up on it, or owed still."""

    quantity: int
    until: date


def due_on(accepted_on: date, lead_time_days: int) -> date:
    return accepted_on + timedelta(days=lead_time_days)


def days_late(due: date, until: date) -> int:
    """0 on the day on which it is due, 1 on the next."""
    return max((until - due).days, 0)


def penalty_on(portions: Iterable[Portion], *, due: date, unit_price: Decimal, per_thousand: Decimal) -> Decimal:
    """USD in cents, rounded once for the line. `unit_price`: USD per sales unit, net."""
    unit_days = sum(portion.quantity * days_late(due, portion.until) for portion in portions)
    return to_cents(unit_days * unit_price * per_thousand / PER_THOUSAND)
