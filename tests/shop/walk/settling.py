"""From the first delivery to the liquidation."""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import strategies as st
from hypothesis.stateful import rule

from marketplace.shop.fulfilment.correcting import delivery_void, order_close_short
from marketplace.shop.fulfilment.facts import Brought
from marketplace.shop.fulfilment.services import delivery_record, order_dispatch
from marketplace.shop.invoicing.services import Paper, invoice_annul, invoice_certify, invoice_register, invoice_reject
from marketplace.shop.payment.gateway import GatewayRefusal, GatewayTrouble, Letter, Notice
from marketplace.shop.payment.liquidation import order_liquidate
from marketplace.shop.payment.models import PaymentOrder, SuspectNotice
from marketplace.shop.payment.services import notice_receive, payment_order, payment_send

from . import reading
from .books import CENT, ZERO, Delivery, Invoice, Order, Payment, net_and_gross
from .buying import Buying
from .ground import DICE

UNITS = st.lists(st.one_of(st.just(99), st.integers(0, 12)), min_size=4, max_size=4)  # 99: all that is open
TOUCHING = [
    "UPDATE order_order SET total_incl_tax = total_incl_tax + 1 WHERE id = {order}",
    "UPDATE order_line SET accepted_quantity = 0 WHERE order_id = {order}",
    "UPDATE order_order SET status = 'received' WHERE id = {order}",
]


class Desk:
    """A gateway that answers as it is told."""

    def __init__(self, answer: str) -> None:
        self.answer = answer

    def send(self, request) -> str:
        if self.answer == "trouble":
            raise GatewayTrouble("HTTP 503")
        if self.answer == "refuses":
            raise GatewayRefusal("La cuenta no existe")
        return "SIM-1"


class Walk(Buying):
    # ---------------------------------------------------------------- receptions
    @rule(dice=DICE)
    def dispatch(self, dice: int) -> None:
        order = self._order(dice, "accepted", "in_delivery", "partially_received")
        if order is None:
            return
        refusals = set() if order.awaits_goods else {"order_awaits_nothing"}
        send = {"order_id": order.key, "actor": self.seller(order.supplier), "at": self.at}
        if self.act("dispatch", refusals, lambda: order_dispatch(**send)) and order.status == "accepted":
            order.status = "in_delivery"

    @rule(
        dice=DICE,
        units=UNITS,
        refused=st.integers(0, 2),
        days_ago=st.integers(0, 1),
        is_stale=st.sampled_from([False, False, True]),
    )
    def receive(self, dice: int, units: list[int], refused: int, days_ago: int, is_stale: bool) -> None:
        """`refused`: of the first line, besides what is accepted."""
        order = self._order(dice, "accepted", "in_delivery", "partially_received")
        if order is None:
            return
        accepted = [line.owed if n == 99 else n for line, n in zip(order.lines, units, strict=False)]
        day, acts = self.today - timedelta(days=days_ago), order.acts - (is_stale and order.acts > 0)
        brought = [
            Brought(place, n, refused if place == 1 else 0, "damaged" if refused and place == 1 else "")
            for place, n in enumerate(accepted, start=1)
        ]
        came = {"brought": brought, "received_on": day, "acts_seen": acts, "actor": self.people["receiver"], "at": self.at}
        refusals = self._not_receivable(order, accepted, refused, day, acts)
        act = self.act("receive", refusals, lambda: delivery_record(order_id=order.key, **came))
        if act:
            order.deliveries.append(Delivery(act.pk, order, accepted, day))
            for line, n in zip(order.lines, accepted, strict=True):
                line.accepted += n
            order.settle_status()

    def _not_receivable(self, order: Order, accepted: list[int], refused: int, day, acts: int) -> set[str]:
        if not order.awaits_goods:
            return {"order_awaits_nothing"}
        if acts != order.acts:
            return {"received_meanwhile"}
        refusals = {"nothing_brought"} if not any(accepted) and not refused else set()
        refusals |= {"received_before_acceptance"} if day < order.accepted_on else set()
        too_many = any(n > line.owed for line, n in zip(order.lines, accepted, strict=True))
        return refusals | ({"more_than_owed"} if too_many else set())

    @rule(dice=DICE)
    def void(self, dice: int) -> None:
        act = self.one(self.books.deliveries, lambda each: not each.is_void and not each.order.closed_on, dice)
        if act is None:
            return
        order = act.order
        both = list(zip(order.lines, act.accepted, strict=True))
        if act.is_void:
            refusals = {"already_void"}
        elif order.closed_on or not (order.awaits_goods or order.status == "received"):
            refusals = {"too_late_to_void"}
        else:
            refusals = {"void_of_invoiced"} if any(line.accepted - n < line.invoiced for line, n in both) else set()
        say = {"reason": "Otra orden", "actor": self.people["order_administrator"], "at": self.at}
        if self.act("void", refusals, lambda: delivery_void(delivery_id=act.key, **say)):
            act.is_void = True
            for line, n in both:
                line.accepted -= n
            order.settle_status()

    @rule(dice=DICE, is_mute=st.sampled_from([False, False, True]))
    def close_short(self, dice: int, is_mute: bool) -> None:
        order = self._order(dice, "partially_received")
        if order is None:
            return
        refusals = {"closing_reason_missing"} if is_mute else set()
        if order.status != "partially_received":
            refusals = {"nothing_accepted_yet" if order.status in {"accepted", "in_delivery"} else "not_partially_received"}
        say = {"reason": " " if is_mute else "Basta", "actor": self.people["order_administrator"], "at": self.at}
        if self.act("close short", refusals, lambda: order_close_short(order_id=order.key, **say)):
            order.status, order.closed_on = "received", self.today

    # ---------------------------------------------------------------- invoices
    @rule(dice=DICE, units=UNITS, slip=st.sampled_from([0, 0, 0, 1]), is_known=st.sampled_from([False, False, False, True]))
    def invoice(self, dice: int, units: list[int], slip: int, is_known: bool) -> None:
        """`slip`: cents by which the paper's total is off; `is_known`: with a number that was used."""
        order = self.one(self.books.orders, lambda each: any(line.open for line in each.lines), dice)
        if order is None:
            return
        said = [max(line.open, 0) if n == 99 else n for line, n in zip(order.lines, units, strict=False)]
        net, gross = net_and_gross([(line, n) for line, n in zip(order.lines, said, strict=True) if n])
        used = [each.number for each in self.books.invoices if each.stands and each.order.supplier == order.supplier]
        number = used[0] if is_known and used else f"001-001-{len(self.books.invoices) + 1:09d}"
        quantities = dict(enumerate(said, start=1))
        paper = Paper(number=number, issued_on=self.today, quantities=quantities, gross=gross + slip * CENT)
        send = {"order_id": order.key, "paper": paper, "actor": self.seller(order.supplier), "at": self.at}
        refusals = self._not_matching(order, said, net) | ({"gross_differs"} if slip else set())
        refusals |= {"invoice_number_used"} if number in used else set()
        written = self.act("invoice", refusals, lambda: invoice_register(**send))
        if written:
            order.invoices.append(Invoice(written.pk, order, number, said, net, gross))
            for line, n in zip(order.lines, said, strict=True):
                line.invoiced += n

    def _not_matching(self, order: Order, said: list[int], net: Decimal) -> set[str]:
        refusals = {"order_not_invoiceable"} if order.status not in {"partially_received", "received"} else set()
        for line, n in zip(order.lines, said, strict=True):
            if n > line.open:
                refusals.add("over_invoiced_with_others" if line.invoiced else "over_invoiced")
        if not any(said):
            refusals.add("nothing_invoiced")
        elif not net:
            refusals.add("invoice_of_nothing")
        return refusals

    def _invoice(self, dice: int, *statuses: str) -> Invoice | None:
        return self.one(self.books.invoices, lambda each: each.status in statuses, dice)

    def _who_pays(self, is_receiver: bool):
        return self.receiver_pays if is_receiver else self.people["finance_officer"]

    def _received_it(self, invoice: Invoice, is_receiver: bool) -> bool:
        return is_receiver and bool(invoice.order.deliveries)

    @rule(dice=DICE, is_receiver=st.sampled_from([False, False, False, True]))
    def certify(self, dice: int, is_receiver: bool) -> None:
        invoice = self._invoice(dice, "registered")
        if invoice is None:
            return
        refusals = {"invoice_already_decided"} if invoice.status != "registered" else set()
        refusals |= {"certifier_received"} if self._received_it(invoice, is_receiver) else set()
        decide = {"invoice_id": invoice.key, "actor": self._who_pays(is_receiver), "at": self.at}
        if self.act("certify", refusals, lambda: invoice_certify(**decide)):
            invoice.status = "certified"
            invoice.order.post(invoice.gross, debit="expense", credit="payable")

    @rule(dice=DICE)
    def refuse_invoice(self, dice: int) -> None:
        invoice = self._invoice(dice, "registered")
        if invoice is None:
            return
        refusals = {"invoice_already_decided"} if invoice.status != "registered" else set()
        say = {"reason": "El total no es ese", "actor": self.people["finance_officer"], "at": self.at}
        if self.act("refuse invoice", refusals, lambda: invoice_reject(invoice_id=invoice.key, **say)):
            invoice.fall("rejected")

    @rule(dice=DICE)
    def annul(self, dice: int) -> None:
        invoice = self._invoice(dice, "registered", "certified")
        if invoice is None:
            return
        refusals = {"illegal_move"} if not invoice.stands else set()
        if invoice.status == "paid" or invoice.is_being_paid:
            refusals = {"invoice_being_paid"}
        say = {"reason": "Emitida dos veces", "actor": self.seller(invoice.order.supplier), "at": self.at}
        if self.act("annul", refusals, lambda: invoice_annul(invoice_id=invoice.key, **say)):
            if invoice.status == "certified":
                invoice.order.post(invoice.gross, debit="payable", credit="expense")
            invoice.fall("annulled")

    # ---------------------------------------------------------------- payments
    @rule(dice=DICE, is_receiver=st.sampled_from([False, False, False, True]))
    def pay(self, dice: int, is_receiver: bool) -> None:
        invoice = self.one(self.books.invoices, lambda each: each.status == "certified" and not each.is_being_paid, dice)
        if invoice is None:
            return
        order = invoice.order
        refusals = {"invoice_not_certified"} if invoice.status != "certified" else set()
        refusals = {"payment_ordered_already"} if invoice.is_being_paid else refusals
        refusals |= {"payer_received"} if self._received_it(invoice, is_receiver) else set()
        decide = {"invoice_id": invoice.key, "actor": self._who_pays(is_receiver), "at": self.at}
        ordered = self.act("pay", refusals, lambda: payment_order(**decide))
        if ordered:
            penalty = min(max(order.penalty(self.today) + order.books_of("penalty"), ZERO), invoice.gross)
            payment = Payment(ordered.pk, invoice, invoice.gross - penalty, penalty)
            order.post(penalty, debit="payable", credit="penalty")
            if not payment.amount:  # the penalty takes all of it
                payment.status = invoice.status = "paid"
            invoice.payments.append(payment)

    @rule(dice=DICE, answer=st.sampled_from(["takes it", "takes it", "trouble", "refuses"]))
    def send(self, dice: int, answer: str) -> None:
        payment = self._payment(dice, "prepared")
        if payment is None:
            return
        call = {"payment_id": payment.key, "gateway": Desk(answer), "at": self.at}
        if payment.status != "prepared":
            assert self.nothing_comes_of("send", lambda: payment_send(**call)) is None
            return
        waits = self.act(f"send: {answer}", set(), lambda: payment_send(**call))
        assert bool(waits) == (answer == "trouble")
        if answer == "takes it":
            payment.status = "sent"
        elif answer == "refuses":
            payment.status = "refused"
            payment.invoice.order.post(payment.penalty, debit="penalty", credit="payable")

    @rule(dice=DICE, kind=st.sampled_from(["scheduled", "paid", "paid", "paid", "refused", "reversed"]), part=st.integers(0, 5))
    def notice(self, dice: int, kind: str, part: int) -> None:
        """`part`: 0 a cent, 1 half, 2 a cent too much, else all that is left."""
        payment = self._payment(dice, "prepared", "sent", "scheduled", "partly_paid", "paid")
        if payment is None:
            return
        rest = payment.paid if kind == "reversed" else payment.amount - payment.paid
        amount = {0: CENT, 1: (rest / 2).quantize(CENT), 2: rest + CENT}.get(part, rest)
        amount = max(amount, CENT) if kind in {"paid", "reversed"} else ZERO
        row = PaymentOrder.objects.get(pk=payment.key)
        letter = letter_of(row.id_public, payment.heard + 1, kind, amount)
        if payment.doubt(kind, amount):
            self._not_believed(letter, payment)
        else:
            assert self.act(f"notice: {kind}", set(), lambda: notice_receive(letter=letter, at=self.at))
            payment.hear(kind, amount)
            assert self.nothing_comes_of("notice again", lambda: notice_receive(letter=letter, at=self.at))

    def _not_believed(self, letter: Letter, payment: Payment) -> None:
        """Kept for a person to see, and nothing else."""
        before = reading.everything()
        assert not notice_receive(letter=letter, at=self.at)
        after = reading.everything()
        assert {table for table in after if after[table] != before[table]} <= {"payment_suspectnotice"}
        assert SuspectNotice.objects.filter(payment=payment.key, body=letter.body).exists()  # said again, it keeps its first reason
        self._note("notice", "refused")

    def _payment(self, dice: int, *statuses: str) -> Payment | None:
        return self.one(self.books.payments, lambda each: each.status in statuses, dice)

    # ---------------------------------------------------------------- closing
    @rule(dice=DICE)
    def liquidate(self, dice: int) -> None:
        order = self.one(self.books.orders, lambda each: not self._not_liquidable(each), dice)
        if order is None:
            return
        close = {"order_id": order.key, "actor": self.people["order_administrator"], "at": self.at}
        act = self.act("liquidate", self._not_liquidable(order), lambda: order_liquidate(**close))
        if act is None:
            return
        reserved = order.takings().get(order.certificate, ZERO)
        withheld, paid = -order.books_of("penalty"), -order.books_of("bank")
        claimed = max(order.penalty(self.today) - withheld, ZERO)
        said = [
            each.amount for each in (act.ordered, act.received, act.invoiced, act.withheld, act.paid, act.claimed, act.released)
        ]
        assert said == [order.gross, order.worth, order.invoiced, withheld, paid, claimed, max(reserved - order.invoiced, ZERO)]
        assert order.books_of("payable") == 0
        order.post(order.invoiced - order.worth, debit="cents", credit="expense")
        order.post(claimed, debit="receivable", credit="penalty")
        order.status = "liquidated"
        self.closed[order.key] = reading.picture_of(order.key)

    def _not_liquidable(self, order: Order) -> set[str]:
        if order.status == "liquidated":
            return {"already_liquidated"}
        refusals = {"goods_still_owed"} if order.status != "received" else set()
        refusals |= {"not_all_invoiced"} if any(line.open for line in order.lines) else set()
        return refusals | ({"invoice_unpaid"} if any(each.stands and each.status != "paid" for each in order.invoices) else set())

    @rule(dice=DICE, times=st.integers(1, 3))
    def go_on(self, dice: int, times: int) -> None:
        """Somebody does what waits to be done: else few walks would come to a payment, and none to a liquidation."""
        dice -= dice % 5
        for _ in range(times):
            books, all_of_it = self.books, [99] * 4
            waiting = {
                "liquidate": any(not self._not_liquidable(order) for order in books.orders),
                "notice": any(each.status in {"prepared", "sent", "scheduled", "partly_paid"} for each in books.payments),
                "pay": any(each.status == "certified" and not each.is_being_paid for each in books.invoices),
                "certify": any(each.status == "registered" for each in books.invoices),
                "invoice": any(line.open for order in books.orders for line in order.lines),
                "receive": any(order.awaits_goods for order in books.orders),
            }
            how = {"notice": ("paid", 5), "pay": (False,), "certify": (False,), "invoice": (all_of_it, 0, False),
                   "receive": (all_of_it, 0, 0, False)}  # fmt: skip
            possible = [name for name, waits in waiting.items() if waits]
            if possible:
                name = possible[dice // 5 % len(possible)]
                getattr(self, name)(dice, *how.get(name, ()))
                self.all_is_as_in_the_books()

    @rule(dice=DICE, change=st.sampled_from(TOUCHING))
    def touch_what_is_liquidated(self, dice: int, change: str) -> None:
        """By hand, past every service."""
        if not self.closed:
            return
        key = list(self.closed)[dice % len(self.closed)]
        with pytest.raises(IntegrityError, match="liquidated"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change.format(order=key))
        self._note("touch what is liquidated", "refused")


def letter_of(key: UUID, sequence: int, kind: str, amount: Decimal) -> Letter:
    body = {"key": str(key), "sequence": sequence, "kind": kind, "amount": str(amount)}
    return Letter(key, Notice(sequence, kind, amount), body)
