"""Every pair of states of an order: the moves of the table, and no other."""

from itertools import product

import pytest

from marketplace.kernel.errors import RuleBroken
from marketplace.shop.order.models import Order

LEGAL = {
    "issued": {"accepted", "rejected", "cancelled"},
    "accepted": {"in_delivery", "partially_received", "received", "cancelled"},
    "rejected": set(),
    "in_delivery": {"partially_received", "received", "cancelled"},
    "partially_received": {"received", "in_delivery"},  # back: an act recorded in error, voided
    "received": {"liquidated", "partially_received", "in_delivery"},
    "liquidated": set(),
    "cancelled": set(),
}


@pytest.mark.feature("OR-5")
@pytest.mark.parametrize(("now", "then"), list(product(Order.Status.values, repeat=2)))
def test_moves_are_those_of_the_table(monkeypatch, noon, now, then):
    saved = []
    monkeypatch.setattr(Order, "save", lambda order, **options: saved.append(order.status))
    order = Order(status=now)

    if then in LEGAL[now]:
        order.move_to(then, at=noon)
        assert (saved, order.status_at) == ([then], noon)
        return
    with pytest.raises(RuleBroken) as refusal:
        order.move_to(then, at=noon)
    assert (refusal.value.codes, saved, order.status) == (["illegal_move"], [], now)
