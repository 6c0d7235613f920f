"""From the cart to the supplier's answer."""

from decimal import Decimal

from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from marketplace.shop.basket.models import Line as CartLine
from marketplace.shop.basket.services import basket_add, basket_line_remove
from marketplace.shop.order.ending import order_cancel, order_lapse
from marketplace.shop.order.services import order_accept, order_reject
from marketplace.shop.partner.models import StockRecord
from marketplace.shop.partner.services import listing_reprice, listing_terms_change
from marketplace.shop.requisition.approval import requisition_approve
from marketplace.shop.requisition.services import (
    certificate_register,
    requisition_correct,
    requisition_return,
    requisition_submit,
    requisition_withdraw,
)
from tests.shop.conftest import a_need

from .books import ANSWER_TIME, CENT, Line, Order, Requisition
from .ground import DICE, OFFERS, Ground

PLACE = st.integers(0, len(OFFERS) - 1)
MICRO = Decimal("0.000001")


class Buying(Ground):
    # ---------------------------------------------------------------- suppliers
    @rule(place=PLACE, change=st.sampled_from(["0.9", "0.95", "1", "1.1"]))
    def reprice(self, place: int, change: str) -> None:
        offer = self.books.offers[place]
        price = max((offer.price * Decimal(change)).quantize(MICRO), MICRO)
        refusals = {"price_same"} if price == offer.price else {"price_rise"} if price > offer.price else set()
        terms = {"listing_id": offer.key, "price": price, "actor": self.seller(offer.supplier), "at": self.at}
        if self.act("reprice", refusals, lambda: listing_reprice(**terms)):
            offer.price = price

    @rule(place=PLACE, left=st.integers(0, 60))
    def restock(self, place: int, left: int) -> None:
        """So many can be sold from now on, whatever has been sold before."""
        offer = self.books.offers[place]
        terms = {"listing_id": offer.key, "actor": self.seller(offer.supplier), "at": self.at, "stock": left}
        self.act("restock", set(), lambda: listing_terms_change(**terms))
        self.books.limits[offer.limit] = self.books.taken()[offer.limit] + left

    # ---------------------------------------------------------------- the cart
    @rule(place=PLACE, quantity=st.integers(-1, 12))
    def put_in_cart(self, place: int, quantity: int) -> None:
        offer, wanted = self.books.offers[place], self.books.cart.get(place, 0) + quantity
        refusals = set()
        if quantity < 1:
            refusals = {"quantity_not_positive"}
        elif wanted > self.books.left(offer.limit):
            refusals = {"not_enough_stock"}
        listing = StockRecord.objects.with_terms().with_refusal(self.today).get(pk=offer.key)
        add = {"listing": listing, "quantity": quantity, "actor": self.requester, "at": self.at}
        if self.act("put in cart", refusals, lambda: basket_add(**add)):
            self.books.cart[place] = wanted

    @rule(dice=DICE)
    def take_out_of_cart(self, dice: int) -> None:
        place = self.one(self.books.cart, lambda each: True, dice)
        if place is None:
            return
        line = CartLine.objects.get(basket__membership=self.requester, basket__status="Open", stockrecord=self.listings[place])
        self.act("take out of cart", set(), lambda: basket_line_remove(line=line))
        del self.books.cart[place]

    # ---------------------------------------------------------------- the need
    @rule(amount=st.integers(1, 90_000), is_known=st.sampled_from([False, False, True]))
    def certify_budget(self, amount: int, is_known: bool) -> None:
        """`amount`: in cents."""
        number = self.certificates[-1].number if is_known else f"P-{len(self.certificates)}"
        paper = {"number": number, "budget_line": "53.08.05", "purpose": "", "issued_on": self.today, "amount": amount * CENT}
        refusals = {"certificate_known"} if is_known else set()
        known = self.act("certify budget", refusals, lambda: certificate_register(**paper, actor=self.people["budget_officer"]))
        if known:
            self.certificates.append(known)
            self.books.limits[known.amount_id] = amount * CENT

    @rule(n=st.integers(0, 5))
    def submit(self, n: int) -> None:
        """`n`: which certificate pays, the newest first; 5: another entity's."""
        books, certificate = self.books, self.foreign_certificate if n == 5 else self.certificates[-1 - n % len(self.certificates)]
        offers = [(books.offers[place], quantity) for place, quantity in books.cart.items()]
        asked = Requisition(0, certificate.amount_id, [Line(offer, quantity, offer.price) for offer, quantity in offers])
        refusals = {"not_enough_stock" for offer, quantity in offers if quantity > books.left(offer.limit)}
        refusals |= {"cart_is_empty"} if not offers else set()
        refusals |= {"certificate_elsewhere"} if n == 5 else set()
        if not refusals and asked.gross > books.left(certificate.amount_id):
            refusals = {"certificate_short"}
        send = {"need": a_need(certificate), "actor": self.requester, "at": self.at}
        sent = self.act("submit", refusals, lambda: requisition_submit(**send))
        if sent:
            self._is_sent(asked, sent.pk)

    def _is_sent(self, asked: Requisition, key: int) -> None:
        back, asked.key = self.books.cart_of, key
        if back:  # it came back and goes again, with its number
            assert back.key == key
            back.certificate, back.lines, back.status = asked.certificate, asked.lines, "in_approval"
        else:
            self.books.requisitions.append(asked)
        self.books.cart, self.books.cart_of = {}, None

    def _reopen(self, need: Requisition) -> bool:
        """The cart is the requester's again, unless another one holds something."""
        if self.books.cart and self.books.cart_of is not need:
            return False
        if self.books.cart_of is not need:
            places = {offer.key: place for place, offer in enumerate(self.books.offers)}
            self.books.cart = {places[line.offer.key]: line.quantity for line in need.lines}
            self.books.cart_of = need
        return True

    @rule(dice=DICE, mischief=st.sampled_from(["", "", "own", "mute"]))
    def give_back_to_correct(self, dice: int, mischief: str) -> None:
        need = self._need(dice, "in_approval")
        if need is None:
            return
        refusals = self._not_decidable(need, mischief) or ({"comment_missing"} if mischief == "mute" else set())
        actor = self.self_approver if mischief == "own" else self.people["approver"]
        say = {"comment": " " if mischief == "mute" else "Corrija el lugar", "actor": actor, "at": self.at}
        if self.act("return", refusals, lambda: requisition_return(requisition_id=need.key, **say)):
            need.status = "returned"
            self._reopen(need)

    def _not_decidable(self, need: Requisition, mischief: str) -> set[str]:
        decided = {"already_decided"} if need.status != "in_approval" else set()
        return decided | ({"own_need"} if mischief == "own" else set())

    @rule(dice=DICE)
    def correct(self, dice: int) -> None:
        need = self._need(dice, "returned")
        if need is None:
            return
        refusals = {"not_returned"} if need.status != "returned" else set()
        if not refusals and self.books.cart and self.books.cart_of is not need:
            refusals = {"cart_in_use"}
        if self.act("correct", refusals, lambda: requisition_correct(requisition_id=need.key, actor=self.requester)):
            assert self._reopen(need)

    @rule(dice=DICE, is_other=st.sampled_from([False, False, True]))
    def withdraw(self, dice: int, is_other: bool) -> None:
        need = self._need(dice // 3, "in_approval" if dice % 3 else "returned")
        if need is None:
            return
        refusals = {"not_yours"} if is_other else set()
        if not refusals and need.status not in {"in_approval", "returned"}:
            refusals = {"illegal_move"}
        actor = self.people["approver"] if is_other else self.requester
        if self.act("withdraw", refusals, lambda: requisition_withdraw(requisition_id=need.key, actor=actor, at=self.at)):
            need.status = "withdrawn"
            if self.books.cart_of is need:
                self.books.cart, self.books.cart_of = {}, None

    @rule(dice=DICE, mischief=st.sampled_from(["", "", "", "own", "amount"]))
    def approve(self, dice: int, mischief: str) -> None:
        need = self._need(dice, "in_approval")
        if need is None:
            return
        now = Requisition(0, need.certificate, [Line(line.offer, line.quantity, line.offer.price) for line in need.lines])
        seen = now.gross + (1 if mischief == "amount" else 0)
        refusals = self._not_decidable(need, mischief) or self._not_orderable(now, seen)
        actor = self.self_approver if mischief == "own" else self.people["approver"]
        decide = {"requisition_id": need.key, "gross_seen": seen, "actor": actor, "at": self.at}
        placed = self.act("approve", refusals, lambda: requisition_approve(**decide))
        if placed is not None:
            need.status, need.lines = "approved", now.lines
            self._are_placed(need, placed)

    def _not_orderable(self, need: Requisition, seen: Decimal) -> set[str]:
        books = self.books
        if any(line.quantity > books.left(line.offer.limit) for line in need.lines):
            return {"not_enough_stock"}
        if seen != need.gross:
            return {"amount_changed"}
        asked: dict[int, Decimal] = {}
        for order in self._orders_of(need):
            for limit, quantity in order.takings().items():
                asked[limit] = asked.get(limit, Decimal(0)) + quantity
        short = [limit for limit in asked if limit != need.certificate and asked[limit] > books.left(limit)]
        return {"ceiling_short"} if short else set()

    def _orders_of(self, need: Requisition) -> list[Order]:
        suppliers = sorted({line.offer.supplier for line in need.lines})
        lines = {name: [line for line in need.lines if line.offer.supplier == name] for name in suppliers}
        return [Order(0, name, need.certificate, lines[name], self.at) for name in suppliers]

    def _are_placed(self, need: Requisition, placed: list) -> None:
        orders = self._orders_of(need)
        for order, row in zip(orders, placed, strict=True):
            assert row.supplier_id == self.seller(order.supplier).supplier_id
            order.key = row.pk
        self.books.orders += orders

    def _need(self, dice: int, status: str) -> Requisition | None:
        return self.one(self.books.requisitions, lambda each: each.status == status, dice)

    # ---------------------------------------------------------------- the supplier's answer
    def _order(self, dice: int, *statuses: str) -> Order | None:
        return self.one(self.books.orders, lambda each: each.status in statuses, dice)

    def _not_answerable(self, order: Order) -> set[str]:
        if order.status != "issued":
            return {"order_already_answered"}
        return {"answer_too_late"} if self.at >= order.placed_at + ANSWER_TIME else set()

    @rule(dice=DICE)
    def accept(self, dice: int) -> None:
        order = self.one(self.books.orders, lambda each: not self._not_answerable(each), dice)
        if order is None:
            return
        answer = {"order_id": order.key, "actor": self.seller(order.supplier), "at": self.at}
        if self.act("accept", self._not_answerable(order), lambda: order_accept(**answer)):
            order.status, order.accepted_on = "accepted", self.today

    @rule(dice=DICE)
    def reject(self, dice: int) -> None:
        order = self.one(self.books.orders, lambda each: not self._not_answerable(each), dice)
        if order is None:
            return
        answer = {"order_id": order.key, "cause": self.cause, "actor": self.seller(order.supplier), "at": self.at}
        if self.act("reject", self._not_answerable(order), lambda: order_reject(**answer)):
            order.status = "rejected"

    @rule(dice=DICE)
    def lapse(self, dice: int) -> None:
        order = self.one(self.books.orders, lambda each: self._not_answerable(each) == {"answer_too_late"}, dice)
        if order is None:
            return
        if self._not_answerable(order) == {"answer_too_late"}:
            self.act("lapse", set(), lambda: order_lapse(order_id=order.key, at=self.at))
            order.status = "cancelled"
        else:
            self.nothing_comes_of("lapse", lambda: order_lapse(order_id=order.key, at=self.at))

    @rule(dice=DICE, is_mute=st.sampled_from([False, False, True]))
    def cancel(self, dice: int, is_mute: bool) -> None:
        order = self._order(dice, "issued", "accepted", "in_delivery")
        if order is None:
            return
        if order.status not in {"issued", "accepted", "in_delivery"}:
            refusals = {"order_not_cancellable"}
        else:
            refusals = {"cancel_reason_missing"} if is_mute else set()
        say = {"reason": " " if is_mute else "Ya no hace falta", "actor": self.people["order_administrator"], "at": self.at}
        if self.act("cancel", refusals, lambda: order_cancel(order_id=order.key, **say)):
            order.status = "cancelled"

    @initialize(first=st.integers(1, 9), second=st.integers(1, 9))
    def begin_with_two_orders(self, first: int, second: int) -> None:
        """Else most walks would end before anything is delivered."""
        for place, quantity in ((0, first), (1, second), (2, first + second), (3, second)):
            self.put_in_cart(place, quantity)
        self.submit(0)
        self.approve(1, "")
        for dice in (1, 6):
            self.accept(dice)
