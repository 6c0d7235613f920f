"""Purchase orders, for who buys and for who sells, and their verification by anyone."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.kernel.screens.lists import Column, ListScreen
from marketplace.kernel.screens.views import PUBLIC, ActionView, RuleFormView, Screen, ScreenMixin
from marketplace.shop.payment.money import money_block

from .documents import order_html, order_pdf, verification_qr
from .forms import AcceptForm, RejectForm, VerificationForm
from .models import Order
from .selectors import order_contents, orders_visible_to
from .services import order_accept, order_reject

NUMBER = Column("number", gettext_lazy("Order"), "number", value=lambda row: row.number)
ENTITY = Column("entity", gettext_lazy("Entity"), "entity__sort_key", value=lambda row: row.entity.name)
SUPPLIER = Column("supplier", gettext_lazy("Supplier"), "supplier__sort_key", value=lambda row: row.supplier.name)
AGREEMENT = Column("agreement", gettext_lazy("Agreement"), "agreement__code", value=lambda row: row.agreement.code)
PLACED = Column("placed", gettext_lazy("Issued"), "date_placed", value=lambda row: row.date_placed)
TOTAL = Column("total", gettext_lazy("Total with VAT"), "total_incl_tax", is_number=True, value=lambda row: row.total_incl_tax)
STATUS = Column("status", gettext_lazy("State"), "status", value=lambda row: row.get_status_display())


class EntityOrdersView(ListScreen):
    """The orders of one's own entity."""

    permission = "order.see_entity_orders"
    template_name = "order/orders.html"
    search_fields = ("number", "supplier__name", "requisition__need", "lines__title")
    sort = "-placed"
    download_name = "ordenes"
    columns = (NUMBER, SUPPLIER, AGREEMENT, PLACED, TOTAL, STATUS)
    layout, order_url, is_supplier = "layouts/shop.html", "order:order", False

    def get_rows(self):
        return orders_visible_to(self.membership)

    def get_queryset(self):
        return super().get_queryset().distinct()

    def get_context_data(self, **context):
        frame = {"layout": self.layout, "order_url": self.order_url, "is_supplier": self.is_supplier}
        return super().get_context_data(**frame, **context)


class SupplierOrdersView(EntityOrdersView):
    """The orders that one's own company has been sent."""

    permission = "order.see_supplier_orders"
    search_fields = ("number", "entity__name", "lines__title")
    columns = (NUMBER, ENTITY, AGREEMENT, PLACED, TOTAL, STATUS)
    layout, order_url, is_supplier = "layouts/office.html", "order:supplier-order", True


class OneOrder:
    def get_object(self) -> Order:
        orders = orders_visible_to(self.membership).select_related("requisition__certificate", "rejection_cause", "user")
        return self.found(orders, number=self.kwargs["number"])


class EntityOrderView(OneOrder, Screen):
    """One order as the entity reads it."""

    permission = "order.see_entity_orders"
    template_name = "order/order.html"
    frame = {"layout": "layouts/shop.html", "list_url": "order:orders", "pdf_url": "order:order-pdf", "is_supplier": False}

    def get_context_data(self, **context):
        order = self.get_object()
        blocks = order_contents(order) | money_block(order)
        return super().get_context_data(order=order, qr=verification_qr(order), **self.frame, **blocks, **context)


class SupplierOrderView(EntityOrderView):
    """The same order as the supplier reads it, with the answer that is due."""

    permission = "order.see_supplier_orders"
    frame = {
        "layout": "layouts/office.html",
        "list_url": "order:supplier-orders",
        "pdf_url": "order:supplier-order-pdf",
        "is_supplier": True,
    }

    def get_context_data(self, **context):
        context = super().get_context_data(**context)
        order = context["order"]
        if order.status == Order.Status.ISSUED:
            context |= {"accept_form": AcceptForm(), "reject_form": RejectForm(causes=order.agreement.rejection_causes.all())}
        return context


class OrderAcceptView(OneOrder, ActionView):
    """The supplier takes the order."""

    permission = "order.answer_order"
    form_class = AcceptForm

    def act(self, form) -> str:
        order_accept(order_id=self.object.pk, comment=form.cleaned_data["comment"], actor=self.membership, at=now())
        return _("You accepted {number}. Deliver it at {place}.").format(
            number=self.object.number, place=self.object.requisition.delivery_place
        )

    def get_success_url(self) -> str:
        return reverse("order:supplier-order", args=[self.object.number])


class OrderRejectView(OrderAcceptView):
    """The supplier refuses, for a cause of the agreement."""

    form_class = RejectForm

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"causes": self.object.agreement.rejection_causes.all()}

    def act(self, form) -> str:
        order_reject(order_id=self.object.pk, **form.cleaned_data, actor=self.membership, at=now())
        return _("You rejected {number}. The entity has its budget back.").format(number=self.object.number)


class EntityOrderPdfView(OneOrder, ScreenMixin):
    """The order as PDF; without Pango, the page to print, which says what is missing."""

    permission = "order.see_entity_orders"

    def get(self, request, *args, **kwargs) -> HttpResponse:
        order = self.get_object()
        pdf = order_pdf(order)
        if pdf is None:
            return HttpResponse(order_html(order, nonce=str(request.csp_nonce)))
        return HttpResponse(pdf, "application/pdf", headers={"Content-Disposition": f'inline; filename="{order.number}.pdf"'})


class SupplierOrderPdfView(EntityOrderPdfView):
    permission = "order.see_supplier_orders"


class VerificationDoorView(RuleFormView):
    """Anyone types the code of a printed order."""

    permission = PUBLIC
    form_class = VerificationForm
    template_name = "order/verification_door.html"

    def form_valid(self, form) -> HttpResponse:
        code = form.cleaned_data["code"]
        if Order.objects.filter(verification_code=code).exists():
            return redirect("order:verification", code)
        form.add_error("code", _("No order has this code. Check it letter by letter: there is no O, 0, I nor 1 in it."))
        return self.form_invalid(form)


class VerificationView(Screen):
    """What anyone may know of an order, to compare with the paper; and that a paper with another code is not ours."""

    permission = PUBLIC
    template_name = "order/verification.html"

    def get(self, request, *args, **kwargs) -> HttpResponse:
        orders = Order.objects.select_related("entity", "supplier", "agreement")
        order = orders.filter(verification_code=kwargs["code"]).first()
        if order is None:
            code = kwargs["code"][:30]
            context = {"form": VerificationForm(), "unknown": code}
            return render(request, "order/verification_door.html", context, status=404)
        return self.render_to_response(self.get_context_data(order=order, **order_contents(order)))
