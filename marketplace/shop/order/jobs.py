"""The clock of the answer: each order brings its own alarm, written in the transaction that issues it."""

from django.utils.timezone import now

from marketplace.kernel.jobs import job

from .ending import order_lapse


@job(retries=20)
def answer_time_ends(order_id: int) -> None:
    """The supplier's time is over: an order that it has not answered lapses."""
    order_lapse(order_id=order_id, at=now())
