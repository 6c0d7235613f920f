"""Random walks over needs, orders, receptions, invoices, payments and closings, beside books kept in plain Python.

After each step the database is what the books say, to the unit and to the cent; what they call impossible is refused in words.
"""

from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from .settling import Walk

SEED = 20_261_123
ACTS = {
    "put in cart", "submit", "return", "withdraw", "approve", "accept", "reject", "cancel", "receive", "void", "close short",
    "invoice", "certify", "refuse invoice", "annul", "pay", "liquidate",
}  # fmt: skip


def walk(walks: int, steps: int, first: int) -> Counter:
    Walk.tally = Counter()
    limits = settings(
        max_examples=walks,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(seed(first)(Walk), settings=limits)
    return Walk.tally


@pytest.mark.feature("PY-1")
@pytest.mark.feature("PY-6")
@pytest.mark.feature("OR-5")
def test_a_hundred_steps_lose_no_unit_and_no_cent(db):
    tally = walk(5, 100, SEED)

    assert sum(tally.values()) >= 100


@pytest.mark.long
@pytest.mark.feature("PY-1")
@pytest.mark.feature("PY-6")
@pytest.mark.feature("OR-5")
def test_ten_thousand_steps_lose_no_unit_and_no_cent(db, record_property):
    tally = walk(60, 400, SEED)

    record_property("steps", sum(tally.values()))
    record_property("acts done and refused", {f"{act}, {what}": count for (act, what), count in sorted(tally.items())})
    assert sum(tally.values()) >= 10_000
    assert {act for act in ACTS if not tally[act, "done"]} == set()
    assert {act for act in ACTS if not tally[act, "refused"]} == set()
