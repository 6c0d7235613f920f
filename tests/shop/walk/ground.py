"""Where the walk takes place: an entity, two suppliers, little stock and little money; and what must hold after each step."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.timezone import localdate
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from marketplace.kernel.acting import acting
from marketplace.kernel.errors import RuleBroken
from marketplace.registry.models import Membership
from marketplace.shop.invoicing.models import Invoice
from marketplace.shop.order.models import Order
from marketplace.shop.partner.models import StockRecord
from marketplace.shop.payment.models import PaymentOrder
from marketplace.shop.requisition.models import Requisition
from tests.factories import factories as make

from . import reading
from .books import Books, Offer

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=ZoneInfo("America/Guayaquil"))
MOVES = {"requisition": Requisition.MOVES, "order": Order.MOVES, "invoice": Invoice.MOVES, "payment": PaymentOrder.MOVES}
# (supplier, lot, price, VAT, stock): a price whose lines round, one of which a single unit costs nothing, rates that differ
OFFERS = [
    ("A", 1, "2.00", "S", 60), ("A", 1, "0.335", "AA", 40), ("A", 2, "0.004", "Z", 500),
    ("B", 1, "3.333333", "S", 30), ("B", 1, "0.222222", "Z", 50),
]  # fmt: skip
CEILINGS = {1: Decimal("900.00"), 2: Decimal("50.00")}
MONEY = [Decimal("260.00"), Decimal("700.00")]
DICE = st.integers(0, 1_000_000)


class Ground(RuleBasedStateMachine):
    """Does things to the database and to its own books alike. What the books say is impossible is tried as well."""

    tally: Counter = Counter()  # (act, "done" or "refused"): whether the walks got anywhere

    def __init__(self) -> None:
        super().__init__()
        self.at = NOON
        self._undone = transaction.atomic()
        self._undone.__enter__()
        self._acting = acting(reason="walk")
        self._acting.__enter__()
        self._people()
        self._goods()
        self.seen = reading.states()
        self.closed: dict[int, str] = {}  # liquidated orders, as they were then
        self.is_to_be_judged = True

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self._undone.__exit__(None, None, None)
        self._acting.__exit__(None, None, None)

    def _people(self) -> None:
        entity = make.EntityFactory()
        self.requester = make.MembershipFactory(role="requester", entity=entity)
        roles = ("approver", "receiver", "finance_officer", "order_administrator", "budget_officer")
        self.people = {role: make.MembershipFactory(role=role, entity=entity) for role in roles}
        self.self_approver = make.MembershipFactory(role="approver", entity=entity, user=self.requester.user)
        self.receiver_pays = make.MembershipFactory(role="finance_officer", entity=entity, user=self.people["receiver"].user)

    def _goods(self) -> None:
        agreement = make.AgreementFactory()
        self.cause = make.CauseFactory(agreement=agreement)
        lots = {n: make.LotFactory(agreement=agreement, number=n, ceiling__limit=most) for n, most in CEILINGS.items()}
        suppliers = {name: make.SupplierFactory(name=f"Proveedor {name}") for name in "AB"}
        self.sellers = {name: make.MembershipFactory(role="supplier_manager", supplier=suppliers[name]) for name in suppliers}
        awards = {
            (name, lot): make.AdjudicationFactory(lot=lots[lot], supplier=suppliers[name])
            for name, lot in {(each[0], each[1]) for each in OFFERS}
        }
        self.listings = [self._listing(awards[name, lot], price, vat, stock) for name, lot, price, vat, stock in OFFERS]
        self.certificates = [make.CertificateFactory(entity=self.requester.entity, money=money) for money in MONEY]
        self.foreign_certificate = make.CertificateFactory()
        offers = [
            Offer(listing.pk, name, Decimal(price), vat, listing.stock_id, lots[lot].ceiling_id)
            for listing, (name, lot, price, vat, _) in zip(self.listings, OFFERS, strict=True)
        ]
        there_is = {key: limit for key, (limit, _) in reading.limits().items()}
        self.books = Books(offers, there_is)

    def _listing(self, award, price: str, vat: str, stock: int) -> StockRecord:
        item = make.ItemFactory(adjudication=award)
        return make.ListingFactory(adjudicated_item=item, price=Decimal(price), vat_category=vat, stock_left=Decimal(stock))

    # ---------------------------------------------------------------- acting
    @property
    def today(self):
        return localdate(self.at)

    def seller(self, supplier: str) -> Membership:
        return self.sellers[supplier]

    def one(self, rows: Iterable, fits: Callable[[Any], bool], dice: int):
        """Mostly one for which it is the time; now and then any of them, or None: then this step is left out."""
        rows = list(rows)
        pool = rows if dice % 5 == 4 else [row for row in rows if fits(row)]
        return pool[dice // 5 % len(pool)] if pool else None

    def act(self, name: str, refusals: Iterable[str], call: Callable[[], Any]) -> Any:
        """Do it, or see it refused for exactly these reasons, in words, and nothing changed; then None."""
        expected = set(refusals)
        before = reading.everything() if expected else {}
        self._note(name, "refused" if expected else "done")
        try:
            done = call()
        except RuleBroken as refusal:
            assert set(refusal.codes) == expected, f"{name}: {refusal.codes}, and not {sorted(expected)}"
            assert all(said != code and said.strip() for said, code in zip(refusal.sentences, refusal.codes, strict=True))
            assert reading.everything() == before, f"{name} was refused and has written something"
            return None
        assert not expected, f"{name} was done, though {sorted(expected)}"
        return done

    def nothing_comes_of(self, name: str, call: Callable[[], Any]) -> Any:
        """For what does nothing when it is not the time, and says nothing."""
        before = reading.everything()
        done = call()
        assert reading.everything() == before, name
        self._note(name, "refused")
        return done

    def _note(self, name: str, what: str) -> None:
        self.tally[name, what] += 1
        self.is_to_be_judged = True

    @rule(days=st.sampled_from([0, 0, 0, 0, 1, 1, 2, 4, 30]), hours=st.integers(0, 23))
    def time_passes(self, days: int, hours: int) -> None:
        self.at += timedelta(days=days, hours=hours)

    # ---------------------------------------------------------------- what must hold
    @invariant()
    def all_is_as_in_the_books(self) -> None:
        if not self.is_to_be_judged:
            return
        self._nothing_contradicts()
        self._limits_are_what_lives()
        self._units_and_totals_are_kept()
        self._money_is_kept()
        self._states_move_as_declared()
        self._what_is_liquidated_stands()
        self.is_to_be_judged = False

    def _nothing_contradicts(self) -> None:
        assert reading.contradictions() == []

    def _limits_are_what_lives(self) -> None:
        expected = {key: (limit, self.books.taken()[key]) for key, limit in self.books.limits.items()}
        assert reading.limits() == expected
        orders = {order.key: {key: held for key, held in order.takings().items() if held} for order in self.books.orders}
        assert reading.holdings("order.order") == {key: held for key, held in orders.items() if held}
        waiting = {each.key: {each.certificate: each.gross} for each in self.books.requisitions if each.status == "in_approval"}
        held = reading.holdings("requisition.requisition")
        assert held == {key: found for key, found in waiting.items() if any(found.values())}

    def _units_and_totals_are_kept(self) -> None:
        assert reading.orders() == {
            order.key: [(line.quantity, line.accepted, line.invoiced) for line in order.lines] for order in self.books.orders
        }
        assert reading.order_totals() == {order.key: order.gross for order in self.books.orders}
        assert reading.invoices() == {each.key: (each.net, each.gross) for each in self.books.invoices}

    def _money_is_kept(self) -> None:
        expected = {order.key: {name: sum_ for name, sum_ in order.books.items() if sum_} for order in self.books.orders}
        assert reading.books() == {key: found for key, found in expected.items() if found}
        assert reading.payments() == {each.key: (each.amount, each.penalty, each.paid) for each in self.books.payments}

    def _states_move_as_declared(self) -> None:
        now = reading.states()
        moved = {key: (self.seen[key], state) for key, state in now.items() if key in self.seen and self.seen[key] != state}
        assert [(key, move) for key, move in moved.items() if move[1] not in MOVES[key[0]][move[0]]] == []
        rows = {
            "requisition": self.books.requisitions, "order": self.books.orders,
            "invoice": self.books.invoices, "payment": self.books.payments,
        }  # fmt: skip
        assert now == {(name, each.key): each.status for name, found in rows.items() for each in found}
        self.seen = now

    def _what_is_liquidated_stands(self) -> None:
        assert {key: reading.picture_of(key) for key in self.closed} == self.closed
