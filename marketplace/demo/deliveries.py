"""What becomes of the orders that a supplier of the demonstration accepted: on their way, come in part, come whole; or lapsed."""

from datetime import datetime, timedelta

from django.utils.timezone import localdate

from marketplace.kernel.acting import acting
from marketplace.registry.models import Membership
from marketplace.registry.roles import Role
from marketplace.shop.fulfilment.facts import Brought
from marketplace.shop.fulfilment.services import delivery_record, order_dispatch
from marketplace.shop.order.ending import order_lapse
from marketplace.shop.order.models import Order

from .acting import as_member
from .organisations import People

ON_THE_WAY = (Order.Status.IN_DELIVERY, Order.Status.PARTIALLY_RECEIVED, Order.Status.RECEIVED)
RECEIVER = "receptor"
DAY = timedelta(days=1)


def order_bring(order: Order, outcome: str, people: People, manager: Membership, at: datetime) -> None:
    """Sent off at `at`; two days later it has come, as far as the scene goes."""
    with as_member(manager):
        guide, expected = f"001-002-{order.pk:09d}", localdate(at + 2 * DAY)
        order_dispatch(order_id=order.pk, guide_number=guide, expected_on=expected, actor=manager, at=at)
    if outcome != Order.Status.IN_DELIVERY:
        order_receive(order, people, at + 2 * DAY, in_part=outcome == Order.Status.PARTIALLY_RECEIVED)


def order_receive(order: Order, people: People, at: datetime, *, in_part: bool = False) -> None:
    """All of it; or all but the last product, of which one unit came damaged."""
    receiver = people[RECEIVER, Role.RECEIVER]
    lines = list(order.lines.order_by("pk"))
    brought = [Brought(n, accepted=line.quantity) for n, line in enumerate(lines, start=1)]
    if in_part:
        brought[-1] = Brought(len(lines), refused=1, reason="damaged", explanation="La caja llegó abierta y mojada.")
    values = {"received_on": localdate(at), "acts_seen": 0, "note": "Entregado en la bodega general."}
    with as_member(receiver):
        delivery_record(order_id=order.pk, brought=brought, actor=receiver, at=at, **values)


def order_left_unanswered(order: Order, *, until: datetime) -> None:
    """Nobody answers for suppliers without an account here: what has had its time by now has lapsed."""
    if order.answer_until and order.answer_until <= until:
        with acting(reason="demo_load"):
            order_lapse(order_id=order.pk, at=order.answer_until)
