"""From cart to approval: sending and following; and the certificates that pay. Deciding: `approvals.py`."""

from typing import Any

from django import forms
from django.urls import reverse, reverse_lazy
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.kernel.screens.lists import Column, ListScreen
from marketplace.kernel.screens.narrowing import state_filter
from marketplace.kernel.screens.shown import amount_text
from marketplace.kernel.screens.views import ActionView, RuleFormView, Screen
from marketplace.kernel.text import SortKey
from marketplace.registry.delivery import canton_of
from marketplace.shop.basket.selectors import cart_of, open_basket_of

from ..changes import changes_now
from ..forms import CertificateForm, NeedForm
from ..history import history_of
from ..holding import hold_parameter
from ..models import Requisition
from ..pricing import requisition_totals
from ..routing import Route, route_of
from ..rules import reasons_not_decidable
from ..selectors import certificates_of, requisitions_to_decide, requisitions_visible_to
from ..services import (
    Need,
    certificate_register,
    reasons_not_to_be_approved,
    requisition_correct,
    requisition_submit,
    requisition_withdraw,
    route_of_cart,
)
from ..shown import moved_of, shown_orders, shown_steps

REQUISITION_COLUMNS = (
    Column("number", gettext_lazy("Requisition"), "number", value=lambda row: row.number),
    Column("need", gettext_lazy("What is needed"), SortKey("need"), value=lambda row: row.need),
    Column("requester", gettext_lazy("Requested by"), "requester__sort_key", value=lambda row: str(row.requester)),
    Column("submitted", gettext_lazy("Sent"), "submitted_at", value=lambda row: row.submitted_at),
    Column("gross", gettext_lazy("Total with VAT"), "gross", is_number=True, value=lambda row: row.gross.amount),
    Column("status", gettext_lazy("State"), "status", value=lambda row: row.get_status_display()),
)


class RequisitionCreateView(RuleFormView):
    """Say what for, where to and who pays; send the cart to another person."""

    permission = "requisition.submit_requisition"
    form_class = NeedForm
    template_name = "requisition/requisition_create.html"
    places = ("delivery_canton", "delivery_address", "delivery_contact")

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"certificates": certificates_of(self.membership)}

    def get_initial(self):
        """What came back, else what is ordered again, else the place of the last time, else the place chosen."""
        basket = open_basket_of(self.membership)
        before = (Requisition.objects.filter(basket=basket).first() if basket else None) or self.get_repeated()
        if before:
            fields = ("need", "justification", *self.places)
            return {name: getattr(before, name) for name in fields} | {"certificate": before.certificate.id_public}
        last = Requisition.objects.filter(requested_by=self.membership).first()
        return {name: getattr(last, name) for name in self.places} if last else {"delivery_canton": canton_of(self.request)}

    def get_repeated(self) -> Requisition | None:
        """The requisition whose products are in the cart again."""
        number = self.request.GET.get("de", "").replace("\0", "")
        return requisitions_visible_to(self.membership).filter(number=number).first() if number else None

    def get_context_data(self, **context):
        cart = cart_of(open_basket_of(self.membership), on=localdate())
        route = route_of_cart(cart, self.membership, now())
        alone = reasons_not_to_be_approved(route, self.membership, localdate())
        return super().get_context_data(cart=cart, way=shown_steps(route), alone=alone, hold=hold_parameter(now()), **context)

    def act(self, form) -> str:
        self.sent = requisition_submit(need=Need(**form.cleaned_data), actor=self.membership, at=now())
        return _("{number} is on its way to approval. USD {gross} are reserved on certificate {certificate}.").format(
            number=self.sent.number, gross=amount_text(self.sent.gross), certificate=self.sent.certificate.number
        )

    def get_success_url(self) -> str:
        return self.sent.get_absolute_url()


class RequisitionsView(ListScreen):
    """The entity's requisitions; a requester's own."""

    permission = "requisition.see_requisitions"
    template_name = "requisition/requisitions.html"
    search_fields = ("number", "need", "requester__first_name", "requester__last_name")
    filters = (state_filter(Requisition.Status.choices),)
    sort = "-submitted"
    download_name = "requisiciones"
    columns = REQUISITION_COLUMNS

    def get_rows(self):
        return requisitions_visible_to(self.membership)


class RequisitionView(Screen):
    """One requisition: where it is, what it asks, what has moved since, the orders that it gave."""

    permission = "requisition.see_requisitions"
    template_name = "requisition/requisition.html"

    def get_context_data(self, **context):
        requisition = self.found(requisitions_visible_to(self.membership), number=self.kwargs["number"])
        lines = list(requisition.lines.kept().select_related("agreement", "supplier", "product"))
        is_open = requisition.status == Requisition.Status.IN_APPROVAL or requisition.is_with_its_requester
        moved = changes_now(requisition, now()) if is_open else {}
        route = route_of(requisition, now())
        return super().get_context_data(
            requisition=requisition,
            groups=shown_orders(lines, moved),
            moved=moved_of(moved),
            rejected=requisition.lines.rejected(),
            totals=requisition_totals(lines),
            orders=requisition.orders.select_related("supplier", "agreement").order_by("pk"),
            history=history_of(requisition),
            way=shown_steps(route),
            hold=hold_parameter(requisition.submitted_at),
            is_mine=requisition.requested_by_id == self.membership.pk,
            **self.decisions(requisition, route),
            **context,
        )

    def decisions(self, requisition: Requisition, route: Route) -> dict[str, Any]:
        """Whether this person decides it now; else what else waits for them."""
        if not self.request.user.has_perm("requisition.decide_requisition"):
            return {}
        if not reasons_not_decidable(requisition, route, self.membership, now()):
            return {"can_decide": True}
        waiting = requisitions_to_decide(self.membership, now())
        return {"next_waiting": waiting.first(), "waiting_count": waiting.count()}


class OwnRequisition:
    """Buttons on a requisition, for whoever asked for it."""

    permission = "requisition.submit_requisition"
    form_class = forms.Form

    def get_object(self) -> Requisition:
        return self.found(requisitions_visible_to(self.membership), number=self.kwargs["number"])

    def get_return_url(self) -> str:
        return self.object.get_absolute_url()


class RequisitionCorrectView(OwnRequisition, ActionView):
    """Have what came back in the cart again."""

    def act(self, form) -> str:
        requisition_correct(requisition_id=self.object.pk, actor=self.membership)
        return _("The products of {number} are in your cart. Sent again, it keeps its number.").format(number=self.object.number)

    def get_success_url(self) -> str:
        return reverse("basket:summary")


class RequisitionWithdrawView(OwnRequisition, ActionView):
    """Give it up."""

    def act(self, form) -> str:
        requisition_withdraw(requisition_id=self.object.pk, actor=self.membership, at=now())
        return _("{number} is withdrawn. What it had reserved is free again.").format(number=self.object.number)

    def get_success_url(self) -> str:
        return self.object.get_absolute_url()


class CertificatesView(ListScreen):
    """The entity's budget certificates, with what is left of each."""

    permission = "requisition.see_budget"
    template_name = "requisition/certificates.html"
    search_fields = ("number", "budget_line", "purpose")
    sort = "-issued"
    download_name = "certificaciones"
    columns = (
        Column("number", gettext_lazy("Certificate"), "number", value=lambda row: row.number),
        Column("line", gettext_lazy("Budget line"), "budget_line", value=lambda row: row.budget_line),
        Column("issued", gettext_lazy("Issued on"), "issued_on", value=lambda row: row.issued_on.isoformat()),
        Column("amount", gettext_lazy("Amount"), "amount__limit", is_number=True, value=lambda row: row.amount.limit),
        Column("taken", gettext_lazy("Committed"), "amount__taken", is_number=True, value=lambda row: row.amount.taken),
        Column("left", gettext_lazy("Left"), is_number=True, value=lambda row: row.amount.left),
    )

    def get_rows(self):
        return certificates_of(self.membership)


class CertificateCreateView(RuleFormView):
    """Enter a budget certificate."""

    permission = "requisition.register_certificate"
    form_class = CertificateForm
    template_name = "requisition/certificate_create.html"
    success_url = reverse_lazy("requisition:certificates")

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"initial": {"issued_on": localdate()}}

    def act(self, form) -> str:
        certificate = certificate_register(**form.cleaned_data, actor=self.membership)
        return _("Certificate {number} can pay requisitions from now on.").format(number=certificate.number)
