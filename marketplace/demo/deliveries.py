"""What becomes of the orders that a supplier of the demonstration accepted: on their way, come in part, come whole; or lapsed."""

from datetime import datetime, timedelta

from django.utils.timezone import localdate

from marketplace.registry.models import Membership
from marketplace.shop.fulfilment.facts import Brought
from marketplace.shop.fulfilment.selectors import acts_count
from marketplace.shop.fulfilment.services import delivery_record, order_dispatch
from marketplace.shop.order.ending import order_lapse
from marketplace.shop.order.models import Order

DAY = timedelta(days=1)
ON_THE_WAY = (Order.Status.IN_DELIVERY, Order.Status.PARTIALLY_RECEIVED, Order.Status.RECEIVED)


def order_send(order: Order, *, manager: Membership, at: datetime) -> None:
    order_dispatch(
        order_id=order.pk,
        guide_number=f"001-002-{order.pk:09d}",
        expected_on=localdate(at + 2 * DAY),
        actor=manager,
        at=at,
    )


def order_receive(order: Order, outcome: str, *, receiver: Membership, at: datetime) -> None:
    """All of it; or all but the last product, of which one unit came damaged."""
    lines = list(order.lines.order_by("pk"))
    brought = [Brought(n, accepted=line.quantity) for n, line in enumerate(lines, start=1)]
    if outcome == Order.Status.PARTIALLY_RECEIVED:
        brought[-1] = Brought(len(lines), refused=1, reason="damaged", explanation="La caja llegó abierta y mojada.")
    delivery_record(
        order_id=order.pk,
        brought=brought,
        received_on=localdate(at),
        acts_seen=acts_count(order),
        actor=receiver,
        at=at,
        note="Entregado en la bodega general.",
    )


def order_left_unanswered(order: Order, *, until: datetime) -> None:
    """Nobody answers for suppliers without an account here: what has had its time by now has lapsed."""
    if order.answer_until and order.answer_until <= until:
        order_lapse(order_id=order.pk, at=order.answer_until)
