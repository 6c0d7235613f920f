"""What of orders waits for somebody."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from marketplace.kernel.screens.tasks import task

from .selectors import orders_rejected_lately, orders_to_answer

task(
    "orders-to-answer",
    permission="order.answer_order",
    area="supplier",
    sentence=ngettext_lazy("{count} order waits for your answer", "{count} orders wait for your answer", "count"),
    why=_("Accept each, or reject it for a cause of the agreement: the entity waits for it."),
    url_name="order:supplier-orders",
    rows=orders_to_answer,
    note=lambda order: order.entity.name,
    url=lambda order: reverse("order:supplier-order", args=[order.number]),
    due=lambda order: order.answer_until,
    icon="receipt",
    order=10,
)
task(
    "orders-rejected",
    permission="order.follow_rejected_orders",
    area="purchases",
    sentence=ngettext_lazy(
        "{count} order was rejected in the last 30 days", "{count} orders were rejected in the last 30 days", "count"
    ),
    why=_("The budget is free again. Buy what is still needed from another supplier."),
    url_name="order:orders",
    rows=orders_rejected_lately,
    note=lambda order: _("{supplier}: {cause}").format(supplier=order.supplier.name, cause=order.rejection_cause.text),
    icon="x-circle",
    is_wrong=True,
    order=20,
)
