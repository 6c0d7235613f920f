"""The outbox: what was ordered goes out, however long the gateway is away; what the gateway did not tell is asked for."""

from datetime import timedelta

from django.utils.timezone import now

from marketplace.kernel.events import subscribe
from marketplace.kernel.events.models import Event
from marketplace.kernel.jobs import job

from .gateway import GatewayTrouble, gateway
from .models import PaymentOrder
from .services import notice_receive, payment_postpone, payment_send

FIRST_QUESTION, LAST_QUESTION = timedelta(minutes=2), timedelta(hours=6)
OPEN_ENDED = {PaymentOrder.Status.SENT, PaymentOrder.Status.SCHEDULED, PaymentOrder.Status.PARTLY_PAID}


@subscribe("payment.ordered", "payment.sent_again")
@job(retries=5)
def payment_prepare(event: Event) -> None:
    payment_deliver.enqueue(payment_id=event.subject_id)


def payment_is_stuck(payment_id: int) -> None:
    """A mistake of ours, not of the gateway's: whoever looks at the payment reads that it has to be sent again by hand."""
    payment_postpone(payment_id=payment_id, problem="the job that sends it has failed for good")


@job(retries=5, is_atomic=False, is_single=True, when_dead=payment_is_stuck)
def payment_deliver(payment_id: int) -> None:
    """Send one payment; when the gateway is in trouble, later again, without end. The gateway knows a repeated key."""
    wait = payment_send(payment_id=payment_id, gateway=gateway(), at=now())
    if wait:
        payment_deliver.enqueue(payment_id=payment_id, run_at=now() + wait)


@subscribe("payment.sent")
@job(retries=5)
def payment_question_plan(event: Event) -> None:
    payment_ask.enqueue(payment_id=event.subject_id, times=0, run_at=now() + FIRST_QUESTION)


@job(retries=5, is_atomic=False, is_single=True)
def payment_ask(payment_id: int, times: int) -> None:
    """Ask for all that the gateway has said of a payment, so that a lost notice is found; until it has ended."""
    payment = PaymentOrder.objects.get(pk=payment_id)
    if payment.status not in OPEN_ENDED:
        return
    try:
        for letter in gateway().letters_about(payment.id_public):
            notice_receive(letter=letter, at=now())
    except GatewayTrouble:
        pass
    wait = min(FIRST_QUESTION * 2 ** min(times, 10), LAST_QUESTION)
    payment_ask.enqueue(payment_id=payment_id, times=times + 1, run_at=now() + wait)
