"""What has come of an order, and how late. Invoices, payments and pages ask here."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import DateField, ExpressionWrapper, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import TruncDate
from django.utils.timezone import localdate

from marketplace.kernel.law import Parameter, parameter_on
from marketplace.registry.models import Membership
from marketplace.shop.order.history import Act, history_of
from marketplace.shop.order.models import Line, Order
from marketplace.shop.order.selectors import orders_visible_to

from .models import Delivery, DeliveryLine, DeliveryVoid
from .rules import Portion, days_late, due_on, penalty_on

ZERO = Decimal("0.00")


def accepted_quantities(order: Order) -> dict[int, int]:
    """Sales units accepted by receptions that stand, by key of the order's line; 0 where nothing has come yet."""
    return dict(Line.objects.filter(order=order).values_list("pk", "accepted_quantity"))


def penalty_of(order: Order, at: datetime) -> Decimal:
    """USD in cents that the delay of an order has come to by then: the sum of its lines' penalties, each rounded once."""
    return sum((delay.penalty for delay in delays_of(order, at)), ZERO)


@dataclass(frozen=True)
class LineDelay:
    """A line's clock. `days`: of the part that is owed still, or of what came last. `pending`: units owed. `penalty`: USD."""

    line: Line
    due_on: date
    pending: int
    days: int
    penalty: Decimal


def penalty_parameter(order: Order) -> Parameter:
    """The rate of the day on which the order was issued: each case keeps the rules of its start."""
    return parameter_on("delivery.penalty_per_thousand", localdate(order.date_placed))


def delays_of(order: Order, at: datetime, lines: Iterable[Line] | None = None) -> list[LineDelay]:
    """The clock of every line; none before the supplier accepted, nor of a cancelled order. `lines`: with their requisition's."""
    if order.accepted_at is None or order.status == Order.Status.CANCELLED:
        return []
    if lines is None:
        lines = order.lines.select_related("requisition_line")
    received, per_thousand = _received(order), penalty_parameter(order).value
    return [_delay(order, line, received[line.pk], localdate(at), per_thousand) for line in lines]


def _received(order: Order) -> dict[int, list[Portion]]:
    """What was accepted on which day, by line."""
    standing = DeliveryLine.objects.filter(delivery__order=order, delivery__void__isnull=True, accepted__gt=0)
    portions: dict[int, list[Portion]] = defaultdict(list)
    for line_id, quantity, day in standing.values_list("order_line_id", "accepted", "delivery__received_on"):
        portions[line_id].append(Portion(quantity, day))
    return portions


def _delay(order: Order, line: Line, received: list[Portion], today: date, per_thousand: Decimal) -> LineDelay:
    due = due_on(localdate(order.accepted_at), line.requisition_line.lead_time_days)
    pending = line.quantity - sum(portion.quantity for portion in received)
    ended = min(localdate(order.closed_short_at), today) if order.closed_short_at else today
    portions = [Portion(each.quantity, min(each.until, today)) for each in received]
    if pending:
        portions.append(Portion(pending, ended))
    return LineDelay(
        line=line,
        due_on=due,
        pending=pending if order.awaits_goods else 0,
        days=max((days_late(due, portion.until) for portion in portions), default=0),
        penalty=penalty_on(portions, due=due, unit_price=line.unit_price_excl_tax, per_thousand=per_thousand),
    )


# ---------------------------------------------------------------- what waits for somebody


def orders_awaiting_goods(membership: Membership) -> QuerySet[Order]:
    """`due_on`: the day by which the first line that is still owed has to come; the nearest first."""
    owed = Line.objects.filter(order=OuterRef("pk"), accepted_quantity__lt=F("quantity"))
    soonest = owed.order_by("requisition_line__lead_time_days").values("requisition_line__lead_time_days")[:1]
    orders = orders_visible_to(membership).filter(status__in=Order.AWAITING_GOODS).annotate(lead_time=Subquery(soonest))
    due = ExpressionWrapper(TruncDate("accepted_at") + F("lead_time"), output_field=DateField())
    return orders.annotate(due_on=due).order_by("due_on", "pk")


def orders_in_time(membership: Membership, at: datetime) -> QuerySet[Order]:
    return orders_awaiting_goods(membership).filter(due_on__gte=localdate(at))


def orders_late(membership: Membership, at: datetime) -> QuerySet[Order]:
    """Of which a line should have come before today: the penalty of the delay runs."""
    return orders_awaiting_goods(membership).filter(due_on__lt=localdate(at))


# ---------------------------------------------------------------- what has happened


def acts_count(order: Order) -> int:
    """How many acts about its deliveries there are, voids included: a page that was filled in before the last one is stale."""
    return Delivery.objects.filter(order=order).count() + DeliveryVoid.objects.filter(delivery__order=order).count()


def last_act(order: Order) -> Delivery:
    return Delivery.objects.filter(order=order).select_related("receiver").latest("recorded_at", "pk")


def deliveries_visible_to(membership: Membership | None) -> QuerySet[Delivery]:
    """Acceptance acts of the orders of the membership's entity or supplier; nothing for anyone else."""
    found = Delivery.objects.select_related(
        "order__entity", "order__supplier", "order__agreement", "receiver", "void__voided_by__user"
    )
    if membership is not None and membership.entity_id:
        return found.filter(order__entity=membership.entity_id)
    if membership is not None and membership.supplier_id:
        return found.filter(order__supplier=membership.supplier_id)
    return found.none()


@dataclass(frozen=True)
class Progress:
    """How far an order is: its lines' clocks, its acts and its history. `due_on`: of what is owed first; none when nothing is."""

    delays: list[LineDelay]
    deliveries: list[Delivery]
    history: list[Act]
    rate: Parameter

    @property
    def pending(self) -> int:
        return sum(delay.pending for delay in self.delays)

    @property
    def penalty(self) -> Decimal:
        return sum((delay.penalty for delay in self.delays), ZERO)

    @property
    def due_on(self) -> date | None:
        return min((delay.due_on for delay in self.delays if delay.pending), default=None)


def progress_of(order: Order, lines: list[Line], at: datetime) -> Progress:
    """`lines`: of the order, with their requisition's. Five queries, whatever there is."""
    deliveries = list(order.deliveries.select_related("receiver", "void").order_by("-recorded_at", "-pk"))
    return Progress(delays_of(order, at, lines), deliveries, history_of(order, deliveries), penalty_parameter(order))


@dataclass(frozen=True)
class ActLine:
    """A line of an acceptance act: what this delivery brought, and how late. `penalty`: USD, of what it accepted.

    Nothing in it changes later: the clock of what is still owed runs on the order.
    """

    n: int
    brought: DeliveryLine
    due_on: date
    days: int
    penalty: Decimal

    @property
    def line(self) -> Line:
        return self.brought.order_line


def act_lines(delivery: Delivery) -> list[ActLine]:
    order, per_thousand = delivery.order, penalty_parameter(delivery.order).value
    accepted_on, day = localdate(order.accepted_at), delivery.received_on
    lines = delivery.lines.select_related("order_line__requisition_line", "order_line__product").order_by("order_line")
    answer = []
    for n, brought in enumerate(lines, start=1):
        due = due_on(accepted_on, brought.order_line.requisition_line.lead_time_days)
        portions, price = [Portion(brought.accepted, day)], brought.order_line.unit_price_excl_tax
        penalty = penalty_on(portions, due=due, unit_price=price, per_thousand=per_thousand)
        answer.append(ActLine(n, brought, due, days_late(due, day), penalty))
    return answer
