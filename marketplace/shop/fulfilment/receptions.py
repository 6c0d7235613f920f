"""What receivers work through: the orders of their entity that goods are awaited of, the most urgent first."""

from datetime import date

from django.db.models import DateField, ExpressionWrapper, F, Max, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import TruncDate
from django.utils.timezone import get_default_timezone

from marketplace.registry.models import Membership
from marketplace.shop.order.models import Line, Order
from marketplace.shop.order.selectors import orders_visible_to

from .models import Dispatch

TO_COME, LATE, DONE = "por-recibir", "atrasadas", "recibidas"


def receptions_of(membership: Membership) -> QuerySet[Order]:
    """Orders that the supplier took on, with `due_on` (of the line that is owed first), `pending` units and `expected_on`."""
    owed = Line.objects.filter(order=OuterRef("pk"), accepted_quantity__lt=F("quantity")).order_by()
    soonest = owed.order_by("requisition_line__lead_time_days").values("requisition_line__lead_time_days")[:1]
    pending = owed.values("order").annotate(units=Sum(F("quantity") - F("accepted_quantity"))).values("units")
    last = Dispatch.objects.filter(order=OuterRef("pk")).order_by().values("order").annotate(day=Max("expected_on")).values("day")
    accepted_on = TruncDate("accepted_at", tzinfo=get_default_timezone())
    return (
        orders_visible_to(membership)
        .filter(accepted_at__isnull=False)
        .annotate(
            lead=Subquery(soonest),
            pending=Subquery(pending),
            expected_on=Subquery(last),
            due_on=ExpressionWrapper(accepted_on + F("lead"), output_field=DateField()),
        )
    )


def narrowed(orders: QuerySet[Order], view: str, today: date) -> QuerySet[Order]:
    """`view`: TO_COME, LATE (what is owed was due before today) or DONE."""
    if view == DONE:
        return orders.filter(status__in=[Order.Status.RECEIVED, Order.Status.LIQUIDATED])
    awaited = orders.filter(status__in=Order.AWAITING_GOODS)
    return awaited.filter(due_on__lt=today) if view == LATE else awaited
