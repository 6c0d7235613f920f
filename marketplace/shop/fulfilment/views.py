"""Receiving, for who buys; dispatching, for who sells; the acceptance act, for both and for anyone with its code."""

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from marketplace.kernel.screens.lists import Column, ListScreen
from marketplace.kernel.screens.narrowing import state_filter
from marketplace.kernel.screens.views import PUBLIC, ActionView, RuleFormView, Screen, ScreenMixin
from marketplace.shop.order.forms import ReasonForm
from marketplace.shop.order.models import Order
from marketplace.shop.order.paper import paper_response
from marketplace.shop.order.selectors import orders_visible_to

from .correcting import delivery_void, order_close_short
from .documents import delivery_contents, delivery_html, verification_qr
from .forms import DeliveryForm, DispatchForm
from .models import Delivery
from .receptions import DONE, LATE, TO_COME, narrowed, receptions_of
from .selectors import acts_count, deliveries_visible_to, progress_of
from .services import delivery_record, order_dispatch


class ReceptionsView(ListScreen):
    """What is awaited, the most urgent first; what is late; what has come."""

    permission = "fulfilment.see_receptions"
    template_name = "fulfilment/receptions.html"
    search_fields = ("number", "supplier__name", "requisition__need", "lines__title")
    filters = (state_filter(Order.Status.choices),)
    sort = "due"
    download_name = "por-recibir"
    columns = (
        Column("number", gettext_lazy("Order"), "number", value=lambda row: row.number),
        Column("supplier", gettext_lazy("Supplier"), "supplier__sort_key", value=lambda row: row.supplier.name),
        Column("due", gettext_lazy("Due"), "due_on", value=lambda row: row.due_on),
        Column("expected", gettext_lazy("Announced for"), "expected_on", value=lambda row: row.expected_on),
        Column("pending", gettext_lazy("Units owed"), "pending", is_number=True, value=lambda row: row.pending or 0),
        Column("status", gettext_lazy("State"), "status", value=lambda row: row.get_status_display()),
    )

    @property
    def view(self) -> str:
        asked = self.request.GET.get("ver")
        return asked if asked in (LATE, DONE) else TO_COME

    def get_rows(self):
        return narrowed(receptions_of(self.membership), self.view, localdate())

    def get_context_data(self, **context):
        orders, today = receptions_of(self.membership), localdate()
        counts = {f"{view.partition('-')[0]}_count": narrowed(orders, view, today).count() for view in (TO_COME, LATE)}
        return super().get_context_data(view=self.view, today=today, **counts, **context)


class OneOrder:
    def get_object(self) -> Order:
        return self.found(orders_visible_to(self.membership), number=self.kwargs["number"])


class DeliveryCreateView(OneOrder, RuleFormView):
    """Record what came: on a phone, at the door of the store."""

    permission = "fulfilment.record_delivery"
    form_class = DeliveryForm
    template_name = "fulfilment/delivery_create.html"

    def get_form_kwargs(self):
        lines = list(self.object.lines.select_related("requisition_line").order_by("pk"))
        return super().get_form_kwargs() | {"lines": lines, "is_everything": "todo" in self.request.GET}

    def get_context_data(self, **context):
        context = super().get_context_data(order=self.object, acts_seen=acts_count(self.object), **context)
        lines = list(context["form"].owed.values())
        return context | {"progress": progress_of(self.object, lines, now())}

    def act(self, form) -> str:
        said = form.cleaned_data
        self.recorded = delivery_record(
            order_id=self.object.pk,
            brought=form.brought(),
            received_on=said["received_on"],
            acts_seen=said["acts_seen"],
            note=said["note"],
            actor=self.membership,
            at=now(),
        )
        if self.recorded.kind == Delivery.Kind.DEFINITIVE:
            return _("{act} is recorded: everything of {order} has been received.").format(act=self.recorded, order=self.object)
        owed = sum(line.pending_quantity for line in self.object.lines.all())
        sentence = ngettext(
            "{act} is recorded: {n} unit of {order} is still owed.", "{act} is recorded: {n} units of {order} are still owed.", owed
        )
        return sentence.format(act=self.recorded, n=owed, order=self.object)

    def get_success_url(self) -> str:
        return self.recorded.get_absolute_url()


class OrderCloseShortView(OneOrder, ActionView):
    """The order administrator gives up what was not delivered."""

    permission = "fulfilment.close_order"
    form_class = ReasonForm

    def act(self, form) -> str:
        order_close_short(order_id=self.object.pk, reason=form.cleaned_data["reason"], actor=self.membership, at=now())
        return _("{number} is closed: the supplier owes nothing more of it, and the rest of its budget is free.").format(
            number=self.object.number
        )

    def get_success_url(self) -> str:
        return self.object.get_absolute_url()


class OrderDispatchView(OneOrder, RuleFormView):
    """The supplier says that goods are on their way."""

    permission = "fulfilment.dispatch_order"
    form_class = DispatchForm
    template_name = "fulfilment/order_dispatch.html"

    def get_context_data(self, **context):
        lines = list(self.object.lines.select_related("requisition_line").order_by("pk"))
        return super().get_context_data(order=self.object, progress=progress_of(self.object, lines, now()), **context)

    def act(self, form) -> str:
        order_dispatch(order_id=self.object.pk, **form.cleaned_data, actor=self.membership, at=now())
        return _("{entity} reads that {number} is on its way.").format(entity=self.object.entity, number=self.object.number)

    def get_success_url(self) -> str:
        return reverse("order:supplier-order", args=[self.object.number])


# ---------------------------------------------------------------- the act
class OneDelivery:
    def get_object(self) -> Delivery:
        return self.found(deliveries_visible_to(self.membership), number=self.kwargs["number"])


class EntityDeliveryView(OneDelivery, Screen):
    """An acceptance act as the entity reads it."""

    permission = "fulfilment.see_entity_deliveries"
    template_name = "fulfilment/delivery.html"
    frame = {
        "layout": "layouts/shop.html",
        "order_url": "order:order",
        "pdf_url": "fulfilment:delivery-pdf",
        "photograph_url": "fulfilment:photograph",
    }

    def get_context_data(self, **context):
        delivery = self.get_object()
        if self.request.user.has_perm("fulfilment.void_delivery") and not delivery.is_void:
            context["void_form"] = ReasonForm()
        return super().get_context_data(qr=verification_qr(delivery), **self.frame, **delivery_contents(delivery), **context)


class SupplierDeliveryView(EntityDeliveryView):
    permission = "fulfilment.see_supplier_deliveries"
    frame = {
        "layout": "layouts/office.html",
        "order_url": "order:supplier-order",
        "pdf_url": "fulfilment:supplier-delivery-pdf",
        "photograph_url": "fulfilment:supplier-photograph",
    }


class EntityDeliveryPdfView(OneDelivery, ScreenMixin):
    """The act as PDF; without Pango, the page to print."""

    permission = "fulfilment.see_entity_deliveries"

    def get(self, request, *args, **kwargs) -> HttpResponse:
        delivery = self.get_object()
        return paper_response(request, delivery.number, lambda nonce: delivery_html(delivery, nonce=nonce))


class SupplierDeliveryPdfView(EntityDeliveryPdfView):
    permission = "fulfilment.see_supplier_deliveries"


class EntityPhotographView(OneDelivery, ScreenMixin):
    """A photograph of what came, for the two sides alone. A browser shows it only within a page: opened, it is saved."""

    permission = "fulfilment.see_entity_deliveries"

    def get(self, request, *args, **kwargs) -> HttpResponse:
        delivery, n = self.get_object(), self.kwargs["n"]
        lines = list(delivery.lines.order_by("order_line"))
        if not 1 <= n <= len(lines) or not lines[n - 1].photograph:
            raise Http404
        with lines[n - 1].photograph.open() as file:
            content = file.read()
        headers = {
            "Content-Disposition": f'attachment; filename="{delivery.number}-{n}.jpg"',
            "Cache-Control": "private, max-age=3600",
            "X-Content-Type-Options": "nosniff",
        }
        return HttpResponse(content, "image/jpeg", headers=headers)


class SupplierPhotographView(EntityPhotographView):
    permission = "fulfilment.see_supplier_deliveries"


class DeliveryVoidView(OneDelivery, ActionView):
    """The order administrator takes back a reception that was recorded in error."""

    permission = "fulfilment.void_delivery"
    form_class = ReasonForm

    def act(self, form) -> str:
        delivery_void(delivery_id=self.object.pk, reason=form.cleaned_data["reason"], actor=self.membership, at=now())
        return _("{number} is void: what it accepted is owed again.").format(number=self.object.number)

    def get_success_url(self) -> str:
        return self.object.get_absolute_url()


class VerificationView(Screen):
    """What anyone may know of an act, to compare with the paper."""

    permission = PUBLIC
    template_name = "fulfilment/verification.html"

    def get_context_data(self, **context):
        acts = Delivery.objects.select_related("order__entity", "order__supplier", "order__agreement", "void")
        delivery = self.found(acts, verification_code=self.kwargs["code"])
        return super().get_context_data(**delivery_contents(delivery), **context)
