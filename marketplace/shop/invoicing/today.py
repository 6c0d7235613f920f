"""What of invoices waits for somebody."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from marketplace.kernel.screens.tasks import task

from .selectors import invoices_rejected_lately, invoices_to_certify, orders_to_invoice

task(
    "invoices-to-certify",
    permission="invoicing.certify_invoice",
    area="purchases",
    sentence=ngettext_lazy("{count} invoice waits to be certified", "{count} invoices wait to be certified", "count"),
    why=_("Compare each with its order and what came; certify it, or send it back with a reason."),
    url_name="invoicing:invoices",
    rows=invoices_to_certify,
    title=lambda invoice: invoice.number,
    note=lambda invoice: f"{invoice.supplier.name} · {invoice.obligation.order.number}",
    url=lambda invoice: reverse("invoicing:invoice", args=[invoice.id_public]),
    icon="file-earmark-text",
    order=10,
)
task(
    "orders-to-invoice",
    permission="invoicing.register_invoice",
    area="supplier",
    sentence=ngettext_lazy("{count} order can be invoiced", "{count} orders can be invoiced", "count"),
    why=_("The entity accepted goods that no invoice says yet: without one nothing is paid."),
    url_name="order:supplier-orders",
    rows=orders_to_invoice,
    note=lambda order: order.entity.name,
    url=lambda order: reverse("invoicing:invoice-create", args=[order.number]),
    icon="file-earmark-text",
    order=25,
)
task(
    "invoices-rejected",
    permission="invoicing.register_invoice",
    area="supplier",
    sentence=ngettext_lazy(
        "{count} invoice was rejected in the last 30 days", "{count} invoices were rejected in the last 30 days", "count"
    ),
    why=_("Read the reason, and send another."),
    url_name="invoicing:supplier-invoices",
    rows=invoices_rejected_lately,
    title=lambda invoice: invoice.number,
    note=lambda invoice: invoice.reason,
    url=lambda invoice: reverse("invoicing:supplier-invoice", args=[invoice.id_public]),
    icon="x-circle",
    is_wrong=True,
    order=25,
)
