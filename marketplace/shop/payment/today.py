"""What of payments waits for somebody."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from marketplace.kernel.screens.tasks import task

from .selectors import payments_gone_wrong

task(
    "payments-gone-wrong",
    permission="payment.order_payment",
    area="purchases",
    sentence=ngettext_lazy("{count} payment was refused or reversed", "{count} payments were refused or reversed", "count"),
    why=_("Read what the finance system says, and order the payment again."),
    url_name="payment:payments",
    rows=payments_gone_wrong,
    title=lambda payment: payment.number,
    note=lambda payment: payment.invoice.supplier.name,
    url=lambda payment: reverse("payment:payment", args=[payment.number]),
    icon="exclamation-triangle",
    is_wrong=True,
    order=10,
)
