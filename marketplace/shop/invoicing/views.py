"""Invoices, for who sends them and for who checks and pays them."""

from django import forms
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.kernel.screens.lists import Column, ListScreen
from marketplace.kernel.screens.narrowing import state_filter
from marketplace.kernel.screens.shown import amount_text
from marketplace.kernel.screens.views import ActionView, RuleFormView, Screen
from marketplace.shop.order.forms import ReasonForm
from marketplace.shop.order.models import Order
from marketplace.shop.order.selectors import orders_visible_to
from marketplace.shop.payment.ledger import is_being_paid
from marketplace.shop.payment.services import penalty_for

from .forms import InvoiceForm
from .history import history_of
from .models import Invoice
from .selectors import has_received, invoices_visible_to, open_lines, orders_to_invoice
from .services import invoice_annul, invoice_certify, invoice_register, invoice_reject

NUMBER = Column("number", gettext_lazy("Invoice"), "number", value=lambda row: row.number)
ORDER = Column("order", gettext_lazy("Order"), "obligation__order__number", value=lambda row: row.obligation.order.number)
SUPPLIER = Column("supplier", gettext_lazy("Supplier"), "supplier__sort_key", value=lambda row: row.supplier.name)
ENTITY = Column("entity", gettext_lazy("Entity"), "obligation__entity__sort_key", value=lambda row: row.obligation.entity.name)
ISSUED = Column("issued", gettext_lazy("Issued on"), "issued_on", value=lambda row: row.issued_on)
SENT = Column("sent", gettext_lazy("Sent"), "registered_at", value=lambda row: row.registered_at)
GROSS = Column("gross", gettext_lazy("Total with VAT"), "gross", is_number=True, value=lambda row: row.gross.amount)
STATUS = Column("status", gettext_lazy("State"), "status", value=lambda row: row.get_status_display())


class EntityInvoicesView(ListScreen):
    """The invoices to one's own entity."""

    permission = "invoicing.see_entity_invoices"
    template_name = "invoicing/invoices.html"
    search_fields = ("number", "supplier__name", "obligation__order__number")
    filters = (state_filter(Invoice.Status.choices),)
    sort = "-sent"
    download_name = "facturas"
    columns = (NUMBER, SUPPLIER, ORDER, ISSUED, SENT, GROSS, STATUS)
    frame = {"layout": "layouts/shop.html", "invoice_url": "invoicing:invoice", "is_supplier": False}

    def get_rows(self):
        return invoices_visible_to(self.membership)

    def get_context_data(self, **context):
        return super().get_context_data(**self.frame, **context)


class SupplierInvoicesView(EntityInvoicesView):
    """One's own invoices, and the orders that wait for one."""

    permission = "invoicing.see_supplier_invoices"
    search_fields = ("number", "obligation__entity__name", "obligation__order__number")
    columns = (NUMBER, ENTITY, ORDER, ISSUED, SENT, GROSS, STATUS)
    frame = {"layout": "layouts/office.html", "invoice_url": "invoicing:supplier-invoice", "is_supplier": True}

    def get_context_data(self, **context):
        return super().get_context_data(waiting=orders_to_invoice(self.membership, now()), **context)


class InvoiceCreateView(RuleFormView):
    """Invoice what was accepted of an order and is not invoiced yet."""

    permission = "invoicing.register_invoice"
    form_class = InvoiceForm
    template_name = "invoicing/invoice_create.html"

    def get_object(self) -> Order:
        return self.found(orders_visible_to(self.membership), number=self.kwargs["number"])

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"lines": open_lines(self.object)}

    def act(self, form) -> str:
        self.sent = invoice_register(order_id=self.object.pk, paper=form.paper(), actor=self.membership, at=now())
        return _("Invoice {number} is sent: USD {gross}. {entity} checks it next.").format(
            number=self.sent.number, gross=amount_text(self.sent.gross), entity=self.object.entity.name
        )

    def get_success_url(self) -> str:
        return reverse("invoicing:supplier-invoice", args=[self.sent.id_public])


class OneInvoice:
    def get_object(self) -> Invoice:
        return self.found(invoices_visible_to(self.membership), id_public=self.kwargs["id_public"])


class EntityInvoiceView(OneInvoice, Screen):
    """One invoice beside its order, with what was done and what is due."""

    permission = "invoicing.see_entity_invoices"
    template_name = "invoicing/invoice.html"
    frame = {
        "layout": "layouts/shop.html",
        "list_url": "invoicing:invoices",
        "order_url": "order:order",
        "is_supplier": False,
    }

    def get_context_data(self, **context):
        invoice = self.get_object()
        payments = list(invoice.payment_orders.all())
        return super().get_context_data(
            invoice=invoice,
            order=invoice.obligation.order,
            lines=invoice.lines.select_related("order_line__requisition_line"),
            vat_shares=invoice.vat_shares.all(),
            payments=payments,
            history=history_of(invoice, *payments),
            is_being_paid=is_being_paid(invoice),
            **self.frame,
            **self.turn(invoice),
            **context,
        )

    def turn(self, invoice: Invoice) -> dict:
        """What this finance officer can do with it now."""
        if not self.request.user.has_perm("invoicing.certify_invoice"):
            return {}
        received = has_received(invoice.obligation, self.membership)
        is_free = invoice.status == Invoice.Status.CERTIFIED and not is_being_paid(invoice)
        penalty = penalty_for(invoice, now()) if is_free else 0
        return {
            "may_certify": invoice.status == Invoice.Status.REGISTERED and not received,
            "may_pay": is_free and not received,
            "is_receiver": received,
            "penalty": penalty,
            "to_pay": invoice.gross.amount - penalty,
            "reject_form": ReasonForm() if invoice.status == Invoice.Status.REGISTERED else None,
        }


class SupplierInvoiceView(EntityInvoiceView):
    """The same invoice as its supplier reads it."""

    permission = "invoicing.see_supplier_invoices"
    frame = {
        "layout": "layouts/office.html",
        "list_url": "invoicing:supplier-invoices",
        "order_url": "order:supplier-order",
        "is_supplier": True,
    }

    def turn(self, invoice: Invoice) -> dict:
        may_annul = invoice.status in {Invoice.Status.REGISTERED, Invoice.Status.CERTIFIED} and not is_being_paid(invoice)
        return {"annul_form": ReasonForm() if may_annul else None}


class InvoiceCertifyView(OneInvoice, ActionView):
    """A finance officer who did not receive the goods vouches for it."""

    permission = "invoicing.certify_invoice"
    form_class = forms.Form

    def act(self, form) -> str:
        invoice_certify(invoice_id=self.object.pk, actor=self.membership, at=now())
        return _("Invoice {number} is certified. Its payment can be ordered.").format(number=self.object.number)

    def get_success_url(self) -> str:
        return reverse("invoicing:invoice", args=[self.object.id_public])


class InvoiceRejectView(InvoiceCertifyView):
    """Send it back to the supplier, and say why."""

    form_class = ReasonForm

    def act(self, form) -> str:
        invoice_reject(invoice_id=self.object.pk, **form.cleaned_data, actor=self.membership, at=now())
        return _("Invoice {number} is rejected. The supplier reads why.").format(number=self.object.number)


class InvoiceAnnulView(InvoiceRejectView):
    """The supplier takes its invoice back."""

    permission = "invoicing.register_invoice"

    def act(self, form) -> str:
        invoice_annul(invoice_id=self.object.pk, **form.cleaned_data, actor=self.membership, at=now())
        return _("Invoice {number} is annulled. What it invoiced can be invoiced again.").format(number=self.object.number)

    def get_success_url(self) -> str:
        return reverse("invoicing:supplier-invoice", args=[self.object.id_public])
