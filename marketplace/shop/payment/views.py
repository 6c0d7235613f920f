"""Payments of an entity, what went wrong with them, and the liquidation of an order."""

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.kernel.errors import sentence_for
from marketplace.kernel.screens.lists import Column, ListScreen
from marketplace.kernel.screens.narrowing import state_filter
from marketplace.kernel.screens.shown import amount_text
from marketplace.kernel.screens.views import ActionView, Screen, ScreenMixin
from marketplace.shop.invoicing.history import history_of
from marketplace.shop.invoicing.models import Invoice
from marketplace.shop.invoicing.selectors import invoices_of, invoices_visible_to
from marketplace.shop.order.models import Order
from marketplace.shop.order.paper import paper_response
from marketplace.shop.order.selectors import orders_visible_to

from .documents import liquidation_html
from .liquidation import closing_of, order_liquidate, reasons_not_liquidable
from .models import Liquidation, PaymentOrder
from .selectors import doubts_about, payments_visible_to
from .services import payment_order, payment_send_again


class PaymentsView(ListScreen):
    """The payment orders of one's own entity."""

    permission = "payment.see_payments"
    template_name = "payment/payments.html"
    search_fields = ("number", "invoice__number", "invoice__supplier__name", "invoice__obligation__order__number")
    filters = (state_filter(PaymentOrder.Status.choices),)
    sort = "-ordered"
    download_name = "pagos"
    columns = (
        Column("number", gettext_lazy("Payment order"), "number", value=lambda row: row.number),
        Column("supplier", gettext_lazy("Supplier"), "invoice__supplier__sort_key", value=lambda row: row.invoice.supplier.name),
        Column("invoice", gettext_lazy("Invoice"), "invoice__number", value=lambda row: row.invoice.number),
        Column("ordered", gettext_lazy("Ordered"), "ordered_at", value=lambda row: row.ordered_at),
        Column("amount", gettext_lazy("Amount"), "amount", is_number=True, value=lambda row: row.amount.amount),
        Column("paid", gettext_lazy("Paid"), "paid", is_number=True, value=lambda row: row.paid.amount),
        Column("status", gettext_lazy("State"), "status", value=lambda row: row.get_status_display()),
    )

    def get_rows(self):
        return payments_visible_to(self.membership)


class OnePayment:
    def get_object(self) -> PaymentOrder:
        return self.found(payments_visible_to(self.membership), number=self.kwargs["number"])


class PaymentView(OnePayment, Screen):
    """One payment order: where it is, what failed and why."""

    permission = "payment.see_payments"
    template_name = "payment/payment.html"

    def get_context_data(self, **context):
        payment = self.get_object()
        return super().get_context_data(
            payment=payment,
            invoice=payment.invoice,
            history=history_of(payment),
            doubts=[(doubt, sentence_for(doubt.code)) for doubt in doubts_about(payment)],
            may_retry=payment.status == PaymentOrder.Status.PREPARED and self.request.user.has_perm("payment.order_payment"),
            **context,
        )


class PaymentOrderView(ActionView):
    """A finance officer orders the payment of a certified invoice."""

    permission = "payment.order_payment"
    form_class = forms.Form

    def get_object(self) -> Invoice:
        return self.found(invoices_visible_to(self.membership), id_public=self.kwargs["id_public"])

    def act(self, form) -> str:
        self.ordered = payment_order(invoice_id=self.object.pk, actor=self.membership, at=now())
        return _("{number} pays USD {amount} to {supplier}. It is on its way to the finance system.").format(
            number=self.ordered.number, amount=amount_text(self.ordered.amount), supplier=self.object.supplier.name
        )

    def get_success_url(self) -> str:
        return self.ordered.get_absolute_url()

    def get_return_url(self) -> str:
        return reverse("invoicing:invoice", args=[self.object.id_public])


class PaymentRetryView(OnePayment, ActionView):
    """Send it again now."""

    permission = "payment.order_payment"
    form_class = forms.Form

    def act(self, form) -> str:
        payment_send_again(payment_id=self.object.pk, actor=self.membership, at=now())
        return _("{number} is being sent again.").format(number=self.object.number)

    def get_success_url(self) -> str:
        return self.object.get_absolute_url()


class OrderToLiquidate:
    def get_object(self) -> Order:
        orders = orders_visible_to(self.membership).select_related("requisition__certificate")
        return self.found(orders, number=self.kwargs["number"])


class EntityLiquidationView(OrderToLiquidate, Screen):
    """The liquidation act of an order; before it, what still has to be done and what the act will say."""

    permission = "payment.see_entity_liquidation"
    template_name = "payment/liquidation.html"
    frame = {"layout": "layouts/shop.html", "order_url": "order:order", "pdf_url": "payment:liquidation-pdf", "is_supplier": False}

    def get_context_data(self, **context):
        order = self.get_object()
        act = Liquidation.objects.filter(order=order).select_related("liquidator").first()
        reasons = [] if act else reasons_not_liquidable(order)
        closing = None if act or reasons else closing_of(order, now())
        return super().get_context_data(
            order=order,
            act=act,
            reasons=reasons,
            closing=closing,
            invoices=invoices_of(order).standing(),
            may_liquidate=closing is not None and self.request.user.has_perm("payment.liquidate_order"),
            **self.frame,
            **context,
        )


class SupplierLiquidationView(EntityLiquidationView):
    """The same act as the supplier reads it."""

    permission = "payment.see_supplier_liquidation"
    frame = {
        "layout": "layouts/office.html",
        "order_url": "order:supplier-order",
        "pdf_url": "payment:supplier-liquidation-pdf",
        "is_supplier": True,
    }


class OrderLiquidateView(OrderToLiquidate, ActionView):
    """Close the order for good."""

    permission = "payment.liquidate_order"
    form_class = forms.Form

    def act(self, form) -> str:
        act = order_liquidate(order_id=self.object.pk, actor=self.membership, at=now())
        return _("{order} is liquidated by the act {number}. It is closed for good.").format(
            order=self.object.number, number=act.number
        )

    def get_success_url(self) -> str:
        return reverse("payment:liquidation", args=[self.object.number])


class EntityLiquidationPdfView(OrderToLiquidate, ScreenMixin):
    """The act as PDF; without Pango, the page to print, which says what is missing."""

    permission = "payment.see_entity_liquidation"

    def get(self, request, *args, **kwargs) -> HttpResponse:
        act = self.found(Liquidation.objects.select_related("order", "liquidator"), order=self.get_object())
        return paper_response(request, act.number, lambda nonce: liquidation_html(act, nonce=nonce))


class SupplierLiquidationPdfView(EntityLiquidationPdfView):
    permission = "payment.see_supplier_liquidation"
