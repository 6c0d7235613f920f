from django.db.models import QuerySet

from marketplace.registry.models import Membership

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
