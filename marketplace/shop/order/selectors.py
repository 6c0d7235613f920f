from datetime import datetime, timedelta

from django.db.models import QuerySet

from marketplace.registry.models import Membership
from marketplace.registry.roles import Role

from .models import Order


def orders_visible_to(membership: Membership | None) -> QuerySet[Order]:
    """Orders of the membership's entity or supplier; nothing for anyone else. Every order page starts here."""
    orders = Order.objects.select_related("entity", "supplier", "agreement", "requisition")
    if membership is not None and membership.entity_id:
        return orders.filter(entity=membership.entity_id)
    if membership is not None and membership.supplier_id:
        return orders.filter(supplier=membership.supplier_id)
    return orders.none()


def order_contents(order: Order) -> dict:
    """Lines and VAT of an order, for its page and its PDF."""
    lines = list(order.lines.select_related("requisition_line", "product"))
    longest = max((line.requisition_line.lead_time_days for line in lines), default=0)
    return {"lines": lines, "vat_shares": list(order.vat_shares.all()), "lead_time_days": longest}


# ---------------------------------------------------------------- what waits for somebody
REJECTION_IS_NEWS_FOR = timedelta(days=30)


def orders_to_answer(membership: Membership, at: datetime) -> QuerySet[Order]:
    """Those that the supplier has neither accepted nor rejected, the oldest first."""
    return orders_visible_to(membership).filter(status=Order.Status.ISSUED).order_by("date_placed", "pk")


def orders_rejected_lately(membership: Membership, at: datetime) -> QuerySet[Order]:
    """Of one's own requisitions for a requester, else of the entity: what they were for has to be bought elsewhere."""
    rejected = orders_visible_to(membership).filter(status=Order.Status.REJECTED, status_at__gt=at - REJECTION_IS_NEWS_FOR)
    if membership.role == Role.REQUESTER:
        rejected = rejected.filter(requisition__requester=membership.user_id)
    return rejected.select_related("rejection_cause").order_by("-status_at", "-pk")
