"""Purchase orders, for who buys and for who sells, and their verification by anyone."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.kernel.screens.lists import Column, ListScreen
from marketplace.kernel.screens.narrowing import state_filter
from marketplace.kernel.screens.views import PUBLIC, ActionView, RuleFormView, Screen, ScreenMixin
from marketplace.shop.fulfilment.models import Delivery
from marketplace.shop.fulfilment.selectors import progress_of
from marketplace.shop.payment.money import money_block

from .documents import order_html, verification_qr
from .ending import CANCELLABLE, answer_parameter, order_cancel
from .forms import AcceptForm, ReasonForm, RejectForm, VerificationForm
from .models import Order
from .paper import paper_response
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
    filters = (state_filter(Order.Status.choices),)
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
    """One order as the entity reads it: how far it is, and what this person may do about it."""

    permission = "order.see_entity_orders"
    template_name = "order/order.html"
    frame = {
        "layout": "layouts/shop.html",
        "list_url": "order:orders",
        "pdf_url": "order:order-pdf",
        "delivery_url": "fulfilment:delivery",
        "is_supplier": False,
    }

    def get_context_data(self, **context):
        order = self.get_object()
        contents = order_contents(order) | money_block(order)
        progress = progress_of(order, contents["lines"], now())
        context |= self.acts_on(order) | {"order": order, "progress": progress, "answer_hours": answer_parameter(order.date_placed)}
        return super().get_context_data(qr=verification_qr(order), **self.frame, **contents, **context)

    def acts_on(self, order: Order) -> dict:
        """What this person may do now, as forms and switches of the page."""
        may = self.request.user.has_perm
        acts = {"can_receive": order.awaits_goods and may("fulfilment.record_delivery")}
        if order.status in CANCELLABLE and may("order.cancel_order"):
            acts["cancel_form"] = ReasonForm()
        if order.status == Order.Status.PARTIALLY_RECEIVED and may("fulfilment.close_order"):
            acts["close_form"] = ReasonForm()
        return acts


class SupplierOrderView(EntityOrderView):
    """The same order as the supplier reads it, with the answer that is due and the goods to send."""

    permission = "order.see_supplier_orders"
    frame = {
        "layout": "layouts/office.html",
        "list_url": "order:supplier-orders",
        "pdf_url": "order:supplier-order-pdf",
        "delivery_url": "fulfilment:supplier-delivery",
        "is_supplier": True,
    }

    def acts_on(self, order: Order) -> dict:
        if order.status != Order.Status.ISSUED:
            return {"can_dispatch": order.awaits_goods and self.request.user.has_perm("fulfilment.dispatch_order")}
        return {"accept_form": AcceptForm(), "reject_form": RejectForm(causes=order.agreement.rejection_causes.all())}


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


class OrderCancelView(OneOrder, ActionView):
    """The order administrator gives up an order of which nothing was accepted."""

    permission = "order.cancel_order"
    form_class = ReasonForm

    def act(self, form) -> str:
        order_cancel(order_id=self.object.pk, reason=form.cleaned_data["reason"], actor=self.membership, at=now())
        return _("{number} is cancelled. Its budget is free again.").format(number=self.object.number)

    def get_success_url(self) -> str:
        return self.object.get_absolute_url()


class EntityOrderPdfView(OneOrder, ScreenMixin):
    """The order as PDF; without Pango, the page to print, which says what is missing."""

    permission = "order.see_entity_orders"

    def get(self, request, *args, **kwargs) -> HttpResponse:
        order = self.get_object()
        return paper_response(request, order.number, lambda nonce: order_html(order, nonce=nonce))


class SupplierOrderPdfView(EntityOrderPdfView):
    permission = "order.see_supplier_orders"


class VerificationDoorView(RuleFormView):
    """Anyone types the code of a printed order or acceptance act."""

    permission = PUBLIC
    form_class = VerificationForm
    template_name = "order/verification_door.html"

    def form_valid(self, form) -> HttpResponse:
        code = form.cleaned_data["code"]
        if Order.objects.filter(verification_code=code).exists():
            return redirect("order:verification", code)
        if Delivery.objects.filter(verification_code=code).exists():
            return redirect("fulfilment:verification", code)
        form.add_error("code", _("No document has this code. Check it letter by letter: there is no O, 0, I nor 1 in it."))
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
