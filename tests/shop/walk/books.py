"""What should have become of every unit and every dollar, told plainly: Python and Decimal, nothing of the code under test."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

CENT, ZERO = Decimal("0.01"), Decimal("0.00")
ANSWER_TIME = timedelta(hours=72)
LEAD_TIME = timedelta(days=3)
PER_DAY = Decimal("0.001")
VAT = {"S": Decimal(15), "AA": Decimal(5), "Z": Decimal(0)}


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)


@dataclass
class Offer:
    """`price`: USD per unit, net. `limit`, `lot_limit`: keys of its stock and of its lot's ceiling."""

    key: int
    supplier: str
    price: Decimal
    vat: str
    limit: int
    lot_limit: int


@dataclass
class Line:
    offer: Offer
    quantity: int
    price: Decimal
    accepted: int = 0
    invoiced: int = 0

    @property
    def owed(self) -> int:
        return self.quantity - self.accepted

    @property
    def open(self) -> int:
        return self.accepted - self.invoiced


def net_and_gross(priced: list[tuple[Line, int]]) -> tuple[Decimal, Decimal]:
    """Of one document that bears these quantities: every line in cents, VAT once for each rate."""
    bases: dict[str, Decimal] = {}
    for line, quantity in priced:
        bases[line.offer.vat] = bases.get(line.offer.vat, ZERO) + cents(line.price * quantity)
    net = sum(bases.values(), ZERO)
    return net, net + sum((cents(base * VAT[rate] / 100) for rate, base in bases.items()), ZERO)


@dataclass
class Requisition:
    key: int
    certificate: int
    lines: list[Line]
    status: str = "in_approval"

    @property
    def gross(self) -> Decimal:
        """The sum over its orders: one for each supplier."""
        suppliers = {line.offer.supplier for line in self.lines}
        return sum((_gross([line for line in self.lines if line.offer.supplier == each]) for each in suppliers), ZERO)


def _gross(lines: list[Line], *, accepted: bool = False) -> Decimal:
    return net_and_gross([(line, line.accepted if accepted else line.quantity) for line in lines])[1]


@dataclass
class Order:
    key: int
    supplier: str
    certificate: int
    lines: list[Line]
    placed_at: datetime
    status: str = "issued"
    accepted_on: date | None = None
    closed_on: date | None = None
    deliveries: list["Delivery"] = field(default_factory=list)
    invoices: list["Invoice"] = field(default_factory=list)
    books: dict[str, Decimal] = field(default_factory=dict)  # USD by account, debits positive

    @property
    def awaits_goods(self) -> bool:
        return self.status in {"accepted", "in_delivery", "partially_received"}

    @property
    def acts(self) -> int:
        return sum(1 + each.is_void for each in self.deliveries)

    @property
    def gross(self) -> Decimal:
        return _gross(self.lines)

    @property
    def worth(self) -> Decimal:
        """USD with VAT of what was accepted."""
        return _gross(self.lines, accepted=True)

    @property
    def invoiced(self) -> Decimal:
        return sum((each.gross for each in self.invoices if each.stands), ZERO)

    def books_of(self, account: str) -> Decimal:
        return self.books.get(account, ZERO)

    def post(self, amount: Decimal, *, debit: str, credit: str) -> None:
        self.books[debit] = self.books_of(debit) + amount
        self.books[credit] = self.books_of(credit) - amount

    def settle_status(self) -> None:
        """After a reception or its being taken back: the state that the accepted units say."""
        if not any(line.owed for line in self.lines):
            self.status = "received"
        elif any(line.accepted for line in self.lines):
            self.status = "partially_received"
        elif self.status != "accepted":
            self.status = "in_delivery"

    def takings(self) -> dict[int, Decimal]:
        """What it holds of each limit: all that was ordered, or what was accepted once the rest is given up."""
        held: dict[int, Decimal] = {}
        if self.status in {"rejected", "cancelled"}:
            return held
        only_accepted = self.closed_on is not None
        for line in self.lines:
            held[line.offer.limit] = held.get(line.offer.limit, ZERO) + (line.accepted if only_accepted else line.quantity)
        for lot in {line.offer.lot_limit for line in self.lines}:
            held[lot] = _gross([line for line in self.lines if line.offer.lot_limit == lot], accepted=only_accepted)
        reserved = _gross(self.lines, accepted=only_accepted)
        held[self.certificate] = min(reserved, self.invoiced) if self.status == "liquidated" else reserved
        return held

    def penalty(self, today: date) -> Decimal:
        """A thousandth of its price for each unit and day after the day on which it was due."""
        if self.accepted_on is None or self.status == "cancelled":
            return ZERO
        due = self.accepted_on + LEAD_TIME
        return sum((self._penalty_of(n, line, due, today) for n, line in enumerate(self.lines)), ZERO)

    def _penalty_of(self, n: int, line: Line, due: date, today: date) -> Decimal:
        came = [(each.accepted[n], each.received_on) for each in self.deliveries if not each.is_void]
        owed_until = self.closed_on or today
        unit_days = sum(units * max((day - due).days, 0) for units, day in [*came, (line.owed, owed_until)])
        return cents(unit_days * line.price * PER_DAY)


@dataclass
class Delivery:
    key: int
    order: Order
    accepted: list[int]
    received_on: date
    is_void: bool = False


@dataclass
class Invoice:
    key: int
    order: Order
    number: str
    quantities: list[int]
    net: Decimal
    gross: Decimal
    status: str = "registered"
    payments: list["Payment"] = field(default_factory=list)

    @property
    def stands(self) -> bool:
        return self.status in {"registered", "certified", "paid"}

    @property
    def is_being_paid(self) -> bool:
        return any(each.status not in {"refused", "reversed"} for each in self.payments)

    def fall(self, status: str) -> None:
        """Rejected or annulled: its units can be invoiced again."""
        self.status = status
        for line, quantity in zip(self.order.lines, self.quantities, strict=True):
            line.invoiced -= quantity


@dataclass
class Payment:
    key: int
    invoice: Invoice
    amount: Decimal
    penalty: Decimal
    status: str = "prepared"
    paid: Decimal = ZERO
    heard: int = 0

    def doubt(self, kind: str, amount: Decimal) -> str:
        """Why the next notice is not to be believed."""
        if self.invoice.order.status == "liquidated":
            return "order_is_liquidated"
        if not self.amount:
            return "nothing_was_sent"
        if amount > self.amount:
            return "amount_not_asked_for"
        if self.status in {"refused", "reversed"}:
            return "payment_has_ended"
        if kind == "paid" and self.paid + amount > self.amount:
            return "amount_not_asked_for"
        if kind == "reversed" and amount > self.paid:
            return "more_reversed_than_paid"
        return "already_paid" if kind in {"scheduled", "refused"} and self.paid else ""

    def hear(self, kind: str, amount: Decimal) -> None:
        self.heard += 1
        order, signed = self.invoice.order, {"paid": amount, "reversed": -amount}.get(kind, ZERO)
        if signed:
            self.paid += signed
            order.post(signed, debit="payable", credit="bank")
            self.status = "paid" if self.paid == self.amount else "partly_paid" if self.paid else "reversed"
        else:
            self.status = kind
        if self.status in {"refused", "reversed"}:
            order.post(self.penalty, debit="penalty", credit="payable")
        self.invoice.status = "paid" if self.status == "paid" else "certified"


@dataclass
class Books:
    offers: list[Offer]
    limits: dict[int, Decimal]  # how much there is of each, by key
    cart: dict[int, int] = field(default_factory=dict)  # units by place in `offers`
    cart_of: Requisition | None = None  # the one that came back, if the cart is its
    requisitions: list[Requisition] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)

    @property
    def deliveries(self) -> list[Delivery]:
        return [each for order in self.orders for each in order.deliveries]

    @property
    def invoices(self) -> list[Invoice]:
        return [each for order in self.orders for each in order.invoices]

    @property
    def payments(self) -> list[Payment]:
        return [each for invoice in self.invoices for each in invoice.payments]

    def taken(self) -> dict[int, Decimal]:
        """Of each limit, from first principles: live orders, and needs that wait for their approval."""
        sums = dict.fromkeys(self.limits, ZERO)
        for requisition in self.requisitions:
            if requisition.status == "in_approval":
                sums[requisition.certificate] += requisition.gross
        for order in self.orders:
            for limit, quantity in order.takings().items():
                sums[limit] += quantity
        return sums

    def left(self, limit: int) -> Decimal:
        return self.limits[limit] - self.taken()[limit]
