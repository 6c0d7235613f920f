"""From cart to approval: sending, following, deciding; and the certificates that pay."""

from django import forms
from django.urls import reverse, reverse_lazy
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from marketplace.kernel.limits.services import held_by
from marketplace.kernel.screens.lists import Column, ListScreen
from marketplace.kernel.screens.narrowing import state_filter
from marketplace.kernel.screens.shown import amount_text
from marketplace.kernel.screens.views import ActionView, RuleFormView, Screen
from marketplace.kernel.text import SortKey
from marketplace.registry.delivery import canton_of
from marketplace.shop.basket.selectors import cart_of, open_basket_of

from ..approval import reasons_not_orderable_now, requisition_approve
from ..forms import CertificateForm, DecisionForm, NeedForm
from ..history import history_of
from ..models import Requisition
from ..pricing import future_orders, lines_at_prices_in_force, requisition_totals
from ..routing import route_of
from ..rules import reasons_not_decidable
from ..selectors import certificates_of, offices_of, requisitions_decided_by, requisitions_to_decide, requisitions_visible_to
from ..services import (
    Need,
    certificate_register,
    reasons_not_to_be_approved,
    requisition_correct,
    requisition_return,
    requisition_submit,
    requisition_withdraw,
    route_of_cart,
)
from ..shown import shown_steps

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
        return super().get_context_data(cart=cart, way=shown_steps(route), alone=alone, **context)

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
    """One requisition: where it is, what it asks, the orders that it gave."""

    permission = "requisition.see_requisitions"
    template_name = "requisition/requisition.html"

    def get_context_data(self, **context):
        requisition = self.found(requisitions_visible_to(self.membership), number=self.kwargs["number"])
        lines = list(requisition.lines.select_related("agreement", "supplier", "product"))
        route = route_of(requisition, now())
        return super().get_context_data(
            requisition=requisition,
            groups=future_orders(lines),
            totals=requisition_totals(lines),
            orders=requisition.orders.select_related("supplier", "agreement").order_by("pk"),
            history=history_of(requisition),
            way=shown_steps(route),
            is_mine=requisition.requested_by_id == self.membership.pk,
            can_decide=self.request.user.has_perm("requisition.decide_requisition")
            and not reasons_not_decidable(requisition, route, self.membership),
            **context,
        )


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


class ApprovalsView(ListScreen):
    """What waits for this person's decision, the oldest first; or what was decided."""

    permission = "requisition.decide_requisition"
    template_name = "requisition/approvals.html"
    search_fields = ("number", "need", "requester__first_name", "requester__last_name")
    sort = "submitted"
    download_name = "aprobaciones"
    columns = REQUISITION_COLUMNS

    @property
    def is_decided(self) -> bool:
        return self.request.GET.get("ver") == "resueltas"

    @property
    def filters(self):  # type: ignore[override]
        """All that waits is in one state."""
        return (state_filter(Requisition.Status.choices),) if self.is_decided else ()

    def get_rows(self):
        return requisitions_decided_by(self.membership) if self.is_decided else requisitions_to_decide(self.membership, now())

    def get_context_data(self, **context):
        context = super().get_context_data(
            is_decided=self.is_decided, waiting_count=requisitions_to_decide(self.membership, now()).count(), **context
        )
        if not self.is_decided:
            self.say_in_whose_place(context["object_list"])
        return context

    def say_in_whose_place(self, rows) -> None:
        """By delegation, each row names the one in whose place it is decided."""
        principals = {office.pk: office.user for office in offices_of(self.membership, localdate()) if office != self.membership}
        for row in rows:
            row.in_the_place_of = principals.get(row.office_id, "")


class ApprovalView(RuleFormView):
    """Read what is asked, with what has changed since it was sent; approve it or return it."""

    permission = "requisition.decide_requisition"
    form_class = DecisionForm
    template_name = "requisition/approval.html"
    success_url = reverse_lazy("requisition:approvals")

    def get_object(self) -> Requisition:
        return self.found(requisitions_visible_to(self.membership), number=self.kwargs["number"])

    def get_context_data(self, **context):
        lines, changes = lines_at_prices_in_force(self.object, now())
        totals, certificate = requisition_totals(lines), self.object.certificate.amount
        reserved = sum(held_by(self.object).values())
        route = route_of(self.object, now())
        return super().get_context_data(
            groups=future_orders(lines),
            changes=changes,
            totals=totals,
            refusals=reasons_not_orderable_now(self.object, lines, now()),
            undecidable=reasons_not_decidable(self.object, route, self.membership),
            decider=route.decider(self.membership),
            is_last_step=len(route.waiting) == 1,
            way=shown_steps(route),
            history=history_of(self.object),
            spent_before=certificate.taken - reserved,
            left_after=certificate.left + reserved - totals.gross,
            **context,
        )

    def act(self, form) -> str:
        decision = {
            "requisition_id": self.object.pk,
            "comment": form.cleaned_data["comment"],
            "actor": self.membership,
            "at": now(),
        }
        if not form.is_approval:
            requisition_return(**decision)
            return _("{number} goes back to {requester}.").format(number=self.object.number, requester=self.object.requester)
        orders = requisition_approve(gross_seen=form.cleaned_data["gross_seen"], **decision)
        if not orders:
            who = route_of(self.object, now()).current.decider_name
            return _("Your step of {number} is approved. It goes on to: {who}.").format(number=self.object.number, who=who)
        sentence = ngettext(
            "{number} is approved: {count} order is issued.", "{number} is approved: {count} orders are issued.", len(orders)
        )
        return sentence.format(number=self.object.number, count=len(orders))

    def get_success_url(self) -> str:
        return reverse("requisition:requisition", args=[self.object.number])


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
