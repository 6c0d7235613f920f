"""What of deliveries waits for somebody: the same orders, for who sends and for who receives."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from marketplace.kernel.screens.tasks import task

from .selectors import orders_in_time, orders_late

SUPPLIER = {
    "permission": "order.see_supplier_orders",
    "area": "supplier",
    "url_name": "order:supplier-orders",
    "note": lambda order: order.entity.name,
    "url": lambda order: reverse("order:supplier-order", args=[order.number]),
}
ENTITY = {
    "permission": "order.await_goods",
    "area": "purchases",
    "url_name": "order:orders",
    "note": lambda order: order.supplier.name,
}
IN_TIME = {"rows": orders_in_time, "due": lambda order: order.due_on, "icon": "truck", "order": 20}
LATE = {"rows": orders_late, "due": lambda order: order.due_on, "icon": "exclamation-triangle", "is_wrong": True, "order": 10}

task(
    "orders-to-deliver",
    sentence=ngettext_lazy("{count} order is to be delivered", "{count} orders are to be delivered", "count"),
    why=_("Each by its day, at the place that it names."),
    **SUPPLIER,
    **IN_TIME,
)
task(
    "deliveries-late",
    sentence=ngettext_lazy("{count} order should have been delivered", "{count} orders should have been delivered", "count"),
    why=_("Every day of delay costs a penalty on what is owed still."),
    **SUPPLIER,
    **LATE,
)
task(
    "orders-to-receive",
    sentence=ngettext_lazy("{count} order is on its way to you", "{count} orders are on their way to you", "count"),
    why=_("Record what comes, line by line."),
    **ENTITY,
    **IN_TIME,
)
task(
    "receptions-late",
    sentence=ngettext_lazy("{count} order should have come", "{count} orders should have come", "count"),
    why=_("Ask the supplier; the penalty of the delay runs by itself."),
    **ENTITY,
    **LATE,
)
