"""The approver's desk: what waits, what was decided, and the page on which one decides."""

from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse, reverse_lazy
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from marketplace.kernel.errors import Broken, RuleBroken
from marketplace.kernel.limits.services import held_by
from marketplace.kernel.screens.lists import ListScreen
from marketplace.kernel.screens.narrowing import Filter, state_filter
from marketplace.kernel.screens.views import RuleFormView

from ..approval import requisition_approve
from ..changes import changes_of
from ..forms import DecisionForm
from ..history import history_of
from ..holding import hold_parameter
from ..models import Requisition, RequisitionLine
from ..pricing import future_orders, lines_at_prices_in_force, requisition_totals
from ..routing import route_of
from ..rules import reasons_not_decidable
from ..selectors import (
    offices_of,
    requisitions_decided_by,
    requisitions_delegated_to,
    requisitions_to_decide,
    requisitions_visible_to,
)
from ..services import requisition_return
from ..shown import moved_of, shown_orders, shown_steps
from .requisitions import REQUISITION_COLUMNS


class ApprovalsView(ListScreen):
    """What waits for this person's decision, the oldest first; of that, what they decide for somebody else; what was decided."""

    permission = "requisition.decide_requisition"
    template_name = "requisition/approvals.html"
    search_fields = ("number", "need", "requester__first_name", "requester__last_name")
    sort = "submitted"
    download_name = "aprobaciones"
    columns = REQUISITION_COLUMNS
    WAITING, DELEGATED, DECIDED = "", "delegadas", "resueltas"

    @cached_property
    def tray(self) -> str:
        asked = self.request.GET.get("ver", "")
        return asked if asked in (self.DELEGATED, self.DECIDED) else self.WAITING

    @property
    def filters(self) -> tuple[Filter, ...]:  # type: ignore[override]
        """All that waits is in one state."""
        return (state_filter(Requisition.Status.choices),) if self.tray == self.DECIDED else ()

    def get_rows(self) -> QuerySet[Requisition]:
        if self.tray == self.DECIDED:
            return requisitions_decided_by(self.membership)
        return (requisitions_delegated_to if self.tray == self.DELEGATED else requisitions_to_decide)(self.membership, now())

    def get_context_data(self, **context):
        context = super().get_context_data(
            tray=self.tray,
            waiting_count=requisitions_to_decide(self.membership, now()).count(),
            delegated_count=requisitions_delegated_to(self.membership, now()).count(),
            **context,
        )
        if self.tray != self.DECIDED:
            self.say_in_whose_place(context["object_list"])
        return context

    def say_in_whose_place(self, rows) -> None:
        """By delegation, each row names the one in whose place it is decided."""
        principals = {office.pk: office.user for office in offices_of(self.membership, localdate()) if office != self.membership}
        for row in rows:
            row.in_the_place_of = principals.get(row.office_id, "")


class ApprovalView(RuleFormView):
    """Read what is asked, with what has moved since it was sent; approve it, all or without single lines, or return it."""

    permission = "requisition.decide_requisition"
    form_class = DecisionForm
    template_name = "requisition/approval.html"
    success_url = reverse_lazy("requisition:approvals")
    to_confirm: Broken | None = None

    def get_object(self) -> Requisition:
        return self.found(requisitions_visible_to(self.membership), number=self.kwargs["number"])

    @cached_property
    def lines(self) -> list[RequisitionLine]:
        """As they would be ordered now, or as they were when it was decided."""
        if self.object.status == Requisition.Status.IN_APPROVAL:
            return lines_at_prices_in_force(self.object, now())
        return list(self.object.lines.kept().select_related("agreement", "supplier", "product", "listing"))

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"lines": self.lines}

    def get_context_data(self, **context):
        context.setdefault("form", self.get_form())
        route = route_of(self.object, now())
        undecidable = reasons_not_decidable(self.object, route, self.membership, now())
        return super().get_context_data(
            undecidable=undecidable,
            decider=route.decider(self.membership),
            is_last_step=len(route.waiting) == 1,
            way=shown_steps(route),
            history=history_of(self.object),
            hold=hold_parameter(self.object.submitted_at),
            to_confirm=self.to_confirm,
            **self.shown_lines(context["form"], is_decided_here=not undecidable),
            **context,
        )

    def shown_lines(self, form: DecisionForm, *, is_decided_here: bool) -> dict[str, Any]:
        """What is asked, and what the lines that are not marked for rejection come to."""
        marked = form.marked
        kept = [line for line in self.lines if line.pk not in marked]
        changes = changes_of(self.object, self.lines, now()) if self.object.status == Requisition.Status.IN_APPROVAL else {}
        totals, certificate = requisition_totals(kept), self.object.certificate.amount
        reserved = sum(held_by(self.object).values())
        fields = {line.pk: form.fields_of(line) for line in self.lines} if is_decided_here and len(self.lines) > 1 else {}
        return {
            "groups": shown_orders(self.lines, changes, fields=fields, marked=marked),
            "moved": moved_of({key: moved for key, moved in changes.items() if key not in marked}),
            "can_approve": moved_of(changes).blocked < len(self.lines),
            "order_count": len(future_orders(kept)),
            "totals": totals,
            "rejected": self.object.lines.rejected(),
            "spent_before": certificate.taken - reserved,
            "left_after": certificate.left + reserved - totals.gross,
        }

    def act(self, form: DecisionForm) -> str:
        decision = {"requisition_id": self.object.pk, "actor": self.membership, "at": now()}
        if not form.is_approval:
            requisition_return(comment=form.comment_to_return, **decision)
            return _("{number} goes back to {requester}.").format(number=self.object.number, requester=self.object.requester)
        decision |= {"comment": form.cleaned_data["comment"], "rejections": form.rejections}
        orders = requisition_approve(gross_seen=form.cleaned_data["gross_seen"], **decision)
        return self.sentence_of_approval(len(orders))

    def sentence_of_approval(self, orders: int) -> str:
        number = self.object.number
        if not orders:
            who = route_of(self.object, now()).current.decider_name
            return _("Your step of {number} is approved. It goes on to: {who}.").format(number=number, who=who)
        sentence = ngettext(
            "{number} is approved: {count} order is issued.", "{number} is approved: {count} orders are issued.", orders
        )
        return sentence.format(number=number, count=orders)

    def refused(self, form: DecisionForm, refusal: RuleBroken) -> HttpResponse:
        """What is only to be read once more is no error."""
        if refusal.codes == ["kept_amount_unread"]:
            self.to_confirm = refusal.broken[0]
            return self.form_invalid(form)
        return super().refused(form, refusal)

    def get_success_url(self) -> str:
        return reverse("requisition:requisition", args=[self.object.number])
