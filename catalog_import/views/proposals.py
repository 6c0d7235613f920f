"""The officer's screens of proposals."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from marketplace.kernel.errors import refuse
from marketplace.kernel.screens.lists import Column, ListScreen
from marketplace.kernel.screens.shown import number_text
from marketplace.kernel.screens.views import ActionView, RuleFormView
from marketplace.kernel.text import SortKey
from marketplace.registry.forms import ReasonForm
from marketplace.shop.catalogue.models import Product

from ..correcting import proposal_correct
from ..deciding import Decided, proposal_reject, proposals_accept
from ..forms import AcceptForm, CorrectForm
from ..models import ImportRun, Proposal
from ..selectors import proposals_open, proposals_shown, runs_with_open_proposals, sheets_found

PERMISSION = "catalog_import.decide_proposal"


class ProposalsView(ListScreen):
    """What suppliers propose and nobody has decided yet, by import and one by one. `?corrida=`: of one import."""

    permission = PERMISSION
    template_name = "catalog_import/proposals.html"
    search_fields = ("name", "sku", "gtin", "brand", "supplier__name")
    sort = "proposed"
    download_name = "propuestas"
    columns = (
        Column("name", gettext_lazy("Product"), SortKey("name"), value=lambda row: row.name),
        Column("supplier", gettext_lazy("Supplier"), "supplier__sort_key", value=lambda row: row.supplier.name),
        Column("sku", gettext_lazy("Its code"), "sku", value=lambda row: row.sku),
        Column("lot", gettext_lazy("Lot"), "lot__number", value=lambda row: str(row.lot)),
        Column("price", gettext_lazy("Price"), "price", is_number=True, value=lambda row: row.price),
        Column("proposed", gettext_lazy("Proposed on"), "created_at", value=lambda row: row.created_at),
    )

    @cached_property
    def run(self) -> ImportRun | None:
        asked = self.request.GET.get("corrida")
        return self.found(runs_with_open_proposals(), id_public=asked) if asked else None

    def get_rows(self) -> QuerySet[Proposal]:
        return proposals_open().filter(run=self.run) if self.run else proposals_open()

    def get_context_data(self, **context):
        return super().get_context_data(run=self.run, runs=runs_with_open_proposals()[:20], **context)


class RunAcceptView(ActionView):
    """Accept all of an import that are open."""

    permission = PERMISSION
    form_class = forms.Form

    def get_object(self) -> ImportRun:
        return self.found(ImportRun.objects.all(), id_public=self.kwargs["id_public"])

    def get_success_url(self) -> str:
        return reverse("catalog_import:proposals")

    def act(self, form) -> str:
        open_ones = self.object.proposals.open().values_list("pk", flat=True)
        decided = proposals_accept(proposal_ids=open_ones, actor=self.membership, at=now())
        return " ".join(accepted_sentences(decided))


def accepted_sentences(decided: Decided) -> Iterator[str]:
    yield _counted(ngettext("{count} product is on sale.", "{count} products are on sale.", decided.accepted), decided.accepted)
    kept = len(decided.kept)
    if kept:
        yield _counted(
            ngettext(
                "{count} proposal stays open; accept it alone to see why.",
                "{count} proposals stay open; accept them one by one to see why.",
                kept,
            ),
            kept,
        )


def _counted(sentence: str, count: int) -> str:
    return sentence.format(count=number_text(count))


class OneProposal:
    permission = PERMISSION

    def get_object(self) -> Proposal:
        return self.found(proposals_shown(), id_public=self.kwargs["id_public"])

    def get_success_url(self) -> str:
        return reverse("catalog_import:proposals")


class ProposalView(OneProposal, RuleFormView):
    """One proposal; the form accepts it, with the ceiling that the officer sets."""

    form_class = AcceptForm
    template_name = "catalog_import/proposal.html"

    def get_initial(self):
        return {"ceiling_price": self.object.base_price}

    def act(self, form) -> str:
        decided = proposals_accept(
            proposal_ids=[self.object.pk], actor=self.membership, at=now(), ceiling_price=form.cleaned_data["ceiling_price"]
        )
        refuse(broken for reasons in decided.kept.values() for broken in reasons)
        return _("{product} is on sale.").format(product=self.object.name)


class ProposalCorrectView(OneProposal, RuleFormView):
    """Correct where a proposal would stand. `?ficha=`: words, a code or a GTIN of the sheet that it is the same as."""

    form_class = CorrectForm
    template_name = "catalog_import/proposal_correct.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        proposal = self.get_object()
        if proposal.status != Proposal.Status.OPEN:
            return redirect("catalog_import:proposal", proposal.id_public)
        return super().get(request, *args, **kwargs)

    @cached_property
    def sheets(self) -> list[Product]:
        return sheets_found(self.request.GET.get("ficha", ""), self.object)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"agreement": self.object.agreement, "sheets": self.sheets}

    def get_initial(self) -> dict[str, Any]:
        stands = self.object
        sheet = stands.product.code if stands.product else ""
        return {"product": sheet, "lot": stands.lot.number, "cpc_code": stands.cpc_code, "category": stands.category.slug}

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        return super().get_context_data(words=self.request.GET.get("ficha", ""), sheets=self.sheets, **context)

    def act(self, form) -> str:
        self.corrected = proposal_correct(proposal=self.object, place=form.place, actor=self.membership, at=now())
        return _("{product} is corrected; it still waits for your decision.").format(product=self.object.name)

    def get_success_url(self) -> str:
        return reverse("catalog_import:proposal", args=[self.corrected.id_public])


class ProposalRejectView(OneProposal, ActionView):
    form_class = ReasonForm

    def act(self, form) -> str:
        proposal_reject(proposal=self.object, reason=form.cleaned_data["reason"], actor=self.membership, at=now())
        return _("{product} is rejected; the supplier reads the reason.").format(product=self.object.name)

    def get_return_url(self) -> str:
        return reverse("catalog_import:proposal", args=[self.kwargs["id_public"]])
