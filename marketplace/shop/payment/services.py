"""Ordering a payment, sending it, hearing of it. Each owns its transaction; none keeps one open while it waits for the gateway."""

import hashlib
import json
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.timezone import localdate

from marketplace.kernel.errors import Broken, refuse
from marketplace.kernel.events import record
from marketplace.kernel.failpoints import failpoint
from marketplace.kernel.money import dollars
from marketplace.kernel.numbers import next_number
from marketplace.registry.models import Membership
from marketplace.shop.fulfilment.selectors import penalty_of
from marketplace.shop.invoicing.models import Invoice
from marketplace.shop.invoicing.selectors import has_received
from marketplace.shop.invoicing.services import invoice_held
from marketplace.shop.order.models import Order

from .gateway import FinanceGateway, GatewayRefusal, GatewayTrouble, Letter, Notice, PaymentRequest
from .ledger import Account, balances, is_being_paid, post_paid, post_penalty
from .models import PaymentNotice, PaymentOrder, SuspectNotice
from .rules import Standing, penalty_to_withhold, reasons_not_payable, signed_amount, standing_after

Status = PaymentOrder.Status
SHORTEST_WAIT, LONGEST_WAIT = timedelta(seconds=5), timedelta(minutes=5)


@transaction.atomic
def payment_order(*, invoice_id: int, actor: Membership, at: datetime) -> PaymentOrder:
    """Order the payment of a certified invoice, less the penalty that the delay has come to.

    The event is the outbox: a job sends it, as often as it takes. Raises RuleBroken (``payment_ordered_already``,
    ``invoice_not_certified``, ``payer_received``).
    """
    invoice = invoice_held(invoice_id)
    received = has_received(invoice.obligation, actor)
    refuse(reasons_not_payable(invoice, has_received=received, is_being_paid=is_being_paid(invoice)))
    penalty = penalty_for(invoice, at)
    payment = PaymentOrder.objects.create(
        number=next_number("OP", year=localdate(at).year),
        invoice=invoice,
        amount=invoice.gross - dollars(penalty),
        penalty=dollars(penalty),
        ordered_by=actor,
        ordered_at=at,
        status_at=at,
    )
    failpoint("payment.written")
    post_penalty(payment, penalty, at=at)
    failpoint("payment.penalty_posted")
    record("payment.ordered", payment, actor=actor, at=at)
    failpoint("payment.told")
    if not payment.amount:
        _move(payment, Standing(Status.PAID), at)  # the penalty takes all of it: there is nothing to send
    return payment


def penalty_for(invoice: Invoice, at: datetime) -> Decimal:
    """USD to withhold if the invoice were paid now."""
    withheld = balances(invoice.obligation)[Account.PENALTY]
    penalty = penalty_of(invoice.obligation.order, at)
    return penalty_to_withhold(penalty=penalty, withheld=withheld, gross=invoice.gross.amount)


@transaction.atomic
def payment_send_again(*, payment_id: int, actor: Membership, at: datetime) -> PaymentOrder:
    """Do not wait for the next attempt. Raises RuleBroken (``payment_not_waiting``)."""
    payment = payment_held(payment_id)
    if payment.status != Status.PREPARED:
        refuse([Broken("payment_not_waiting", number=payment.number, status=payment.get_status_display())])
    record("payment.sent_again", payment, actor=actor, at=at)
    return payment


def payment_send(*, payment_id: int, gateway: FinanceGateway, at: datetime) -> timedelta | None:
    """Send it once. None when it is done; else how long to wait until it is sent again."""
    payment = PaymentOrder.objects.select_related("invoice__obligation__entity", "invoice__supplier").get(pk=payment_id)
    if payment.status != Status.PREPARED:
        return None
    failpoint("gateway.before_call")
    try:
        reference = gateway.send(_request(payment))
    except GatewayTrouble as trouble:
        return payment_postpone(payment_id=payment_id, problem=str(trouble))
    except GatewayRefusal as refusal:
        _refused(payment_id, str(refusal), at)
    else:
        failpoint("gateway.answered")
        _sent(payment_id, reference, at)
    return None


def _request(payment: PaymentOrder) -> PaymentRequest:
    invoice = payment.invoice
    return PaymentRequest(
        key=payment.id_public,
        number=payment.number,
        amount=payment.amount.amount,
        entity_ruc=invoice.obligation.entity.ruc,
        supplier_ruc=invoice.supplier.ruc,
        invoice_number=invoice.number,
    )


@transaction.atomic
def payment_postpone(*, payment_id: int, problem: str) -> timedelta:
    """Say why it has not gone out, for whoever looks; each time twice as long until the next attempt."""
    PaymentOrder.objects.filter(pk=payment_id).update(attempts=F("attempts") + 1, problem=problem)
    attempts = PaymentOrder.objects.values_list("attempts", flat=True).get(pk=payment_id)
    return min(SHORTEST_WAIT * 2 ** min(attempts - 1, 10), LONGEST_WAIT)


@transaction.atomic
def _sent(payment_id: int, reference: str, at: datetime) -> None:
    payment = payment_held(payment_id)
    payment.reference, payment.problem = reference, ""
    payment.save(update_fields=["reference", "problem"])
    if payment.status == Status.PREPARED:  # else a notice was faster than this answer
        _move(payment, Standing(Status.SENT), at)
    failpoint("payment.sent")


@transaction.atomic
def _refused(payment_id: int, reason: str, at: datetime) -> None:
    payment = payment_held(payment_id)
    if payment.status == Status.PREPARED:
        _move(payment, Standing(Status.REFUSED, reason=reason), at)


@transaction.atomic
def notice_receive(*, letter: Letter, at: datetime) -> bool:
    """Take in what the gateway says, in any order and any number of times. False when it is not believed: a person is shown it."""
    payment = payment_held_by_key(letter)
    doubt = "payment_unknown" if payment is None else _doubt_about(payment, letter.notice)
    if doubt:
        _suspect(payment, doubt, letter.body, at)
        return False
    if not payment.notices.filter(sequence=letter.notice.sequence).exists():
        _write(payment, letter.notice, at)
        failpoint("notice.written")
        _take_in(payment, _standing(payment, notices_of(payment)), at)
        failpoint("notice.taken_in")
    return True


def payment_held_by_key(letter: Letter) -> PaymentOrder | None:
    found = PaymentOrder.objects.filter(id_public=letter.key).values_list("pk", flat=True).first()
    return payment_held(found) if found else None


def payment_held(payment_id: int) -> PaymentOrder:
    """Order, invoice and payment, held in that order."""
    invoice = invoice_held(PaymentOrder.objects.values_list("invoice_id", flat=True).get(pk=payment_id))
    payment = PaymentOrder.objects.select_for_update().get(pk=payment_id)
    payment.invoice = invoice
    return payment


def _doubt_about(payment: PaymentOrder, notice: Notice) -> str:
    known = notices_of(payment)
    twin = next((each for each in known if each.sequence == notice.sequence), None)
    if twin is not None:
        return "" if twin == notice else "notice_contradicts"
    if payment.invoice.obligation.order.status == Order.Status.LIQUIDATED:
        return "order_is_liquidated"
    if not payment.amount:
        return "nothing_was_sent"
    if notice.amount > payment.amount.amount:
        return "amount_not_asked_for"
    return _standing(payment, [*known, notice]).doubt


def _standing(payment: PaymentOrder, notices: list[Notice]) -> Standing:
    return standing_after(notices, asked=payment.amount.amount, status=payment.status if not payment.heard else Status.SENT)


def notices_of(payment: PaymentOrder) -> list[Notice]:
    return [Notice(n.sequence, n.kind, n.amount.amount, n.scheduled_for, n.reason) for n in payment.notices.order_by("sequence")]


def _write(payment: PaymentOrder, notice: Notice, at: datetime) -> None:
    PaymentNotice.objects.create(
        payment=payment,
        sequence=notice.sequence,
        kind=notice.kind,
        amount=dollars(notice.amount),
        scheduled_for=notice.scheduled_for,
        reason=notice.reason,
        received_at=at,
    )


def _suspect(payment: PaymentOrder | None, code: str, body: dict[str, Any], at: datetime) -> None:
    digest = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
    row = SuspectNotice(payment=payment, code=code, digest=digest, body=body, received_at=at)
    SuspectNotice.objects.bulk_create([row], ignore_conflicts=True)  # said again, it is known


def _take_in(payment: PaymentOrder, standing: Standing, at: datetime) -> None:
    """Book each notice that is new, then what they come to together."""
    for notice in standing.believed[payment.heard :]:
        post_paid(payment, signed_amount(notice), at=at)
        failpoint("notice.posted")
    payment.heard, payment.paid = len(standing.believed), dollars(standing.paid)
    payment.scheduled_for, payment.reason = standing.scheduled_for, standing.reason
    payment.save(update_fields=["heard", "paid", "scheduled_for", "reason"])
    _move(payment, standing, at)


def _move(payment: PaymentOrder, standing: Standing, at: datetime) -> None:
    """Bring payment and invoice to where they stand now, and tell it."""
    before = payment.status
    if standing.status == before:
        return
    payment.reason = standing.reason
    payment.move_to(standing.status, at=at, also=("reason",))
    record(f"payment.{standing.status}", payment, at=at, reason=standing.reason, paid=str(payment.paid.amount))
    if standing.status in PaymentOrder.ENDED_UNPAID:
        post_penalty(payment, -payment.penalty.amount, at=at)
    _move_invoice(payment.invoice, is_paid=standing.status == Status.PAID, at=at)


def _move_invoice(invoice: Invoice, *, is_paid: bool, at: datetime) -> None:
    if is_paid and invoice.status == Invoice.Status.CERTIFIED:
        invoice.move_to(Invoice.Status.PAID, at=at)
        record("invoice.paid", invoice, at=at)
    elif not is_paid and invoice.status == Invoice.Status.PAID:
        invoice.move_to(Invoice.Status.CERTIFIED, at=at)
        record("invoice.unpaid", invoice, at=at)
