"""The officer's screens of agreements, and the page that anybody may read."""

from django import forms
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.kernel.screens.lists import Column, ListScreen
from marketplace.kernel.screens.narrowing import state_filter
from marketplace.kernel.screens.views import PUBLIC, ActionView, RuleFormView, Screen
from marketplace.kernel.text import SortKey
from marketplace.registry.forms import ReasonForm
from marketplace.registry.places import cantons, cantons_of, describe_coverage, provinces

from . import services
from .forms import (
    AdjudicationDatesForm,
    AdjudicationForm,
    AgreementEditForm,
    AgreementForm,
    CauseForm,
    CeilingForm,
    ItemForm,
    LotForm,
)
from .models import Adjudication, AgreementLot, FrameworkAgreement
from .rules import reasons_not_publishable
from .selectors import agreements_in_force, items_of, lots_with_awards, published_agreements, with_figures

SEE, EDIT = "framework_agreements.see_agreements", "framework_agreements.edit_agreement"


CODE = Column("code", gettext_lazy("Agreement"), "code", value=lambda row: row.code)
NAME = Column("name", gettext_lazy("Name"), SortKey("name"), value=lambda row: row.name)
LOTS = Column("lots", gettext_lazy("Lots"), "lot_count", is_number=True, value=lambda row: row.lot_count)
SUPPLIERS = Column("suppliers", gettext_lazy("Suppliers"), "supplier_count", is_number=True, value=lambda row: row.supplier_count)
UNTIL = Column("until", gettext_lazy("In force until"), "valid_until", value=lambda row: row.last_day)
STATUS = Column("status", gettext_lazy("State"), "status", value=lambda row: row.get_status_display())


class AgreementsPublicView(ListScreen):
    """The agreements under which the State may buy today."""

    permission = PUBLIC
    template_name = "framework_agreements/agreements_public.html"
    search_fields = ("code", "name")
    sort = "name"
    download_name = "convenios-vigentes"
    columns = (NAME, CODE, LOTS, SUPPLIERS, UNTIL)

    def get_rows(self):
        return with_figures(agreements_in_force(localdate()))


class AgreementPublicView(Screen):
    """One agreement: what it covers, who sells under it, where, until when."""

    permission = PUBLIC
    template_name = "framework_agreements/agreement_public.html"

    def get_context_data(self, **context):
        agreement = self.found(published_agreements(), code=self.kwargs["code"])
        return super().get_context_data(
            agreement=agreement,
            lots=[(lot, describe_coverage(lot.delivery_cantons)) for lot in lots_with_awards(agreement)],
            is_in_force=agreement.is_in_force(localdate()),
            **context,
        )


class AgreementsView(ListScreen):
    """All agreements, drafts included."""

    permission = SEE
    template_name = "framework_agreements/agreements.html"
    search_fields = ("code", "name")
    filters = (state_filter(FrameworkAgreement.Status.choices),)
    sort = "code"
    download_name = "convenios"
    columns = (CODE, NAME, LOTS, SUPPLIERS, UNTIL, STATUS)

    def get_rows(self):
        return with_figures(FrameworkAgreement.objects.all())


class OfAgreement:
    """Screens about one agreement."""

    def get_object(self):
        return self.found(FrameworkAgreement.objects, code=self.kwargs["code"])

    def get_success_url(self) -> str:
        return reverse("framework_agreements:agreement-panel", args=[self.kwargs["code"]])


class AgreementPanelView(OfAgreement, Screen):
    """One agreement as its officer works on it: what is missing, lots, suppliers, causes."""

    permission = SEE
    template_name = "framework_agreements/agreement_panel.html"

    def get_context_data(self, **context):
        agreement = self.get_object()
        return super().get_context_data(
            agreement=agreement,
            lots=[(lot, describe_coverage(lot.delivery_cantons)) for lot in lots_with_awards(agreement)],
            causes=agreement.rejection_causes.all(),
            missing=reasons_not_publishable(agreement),
            can_edit=self.request.user.has_perm(EDIT) and not agreement.is_closed,
            **context,
        )


class AgreementCreateView(RuleFormView):
    permission = EDIT
    form_class = AgreementForm
    template_name = "framework_agreements/agreement_form.html"

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"instance": None}

    def act(self, form) -> str:
        self.created = services.agreement_create(**form.cleaned_data, actor=self.membership)
        return _("{agreement} is a draft. Add its lots and the causes for rejection.").format(agreement=self.created.code)

    def get_success_url(self) -> str:
        return reverse("framework_agreements:agreement-panel", args=[self.created.code])


class AgreementEditView(OfAgreement, RuleFormView):
    permission = EDIT
    form_class = AgreementEditForm
    template_name = "framework_agreements/agreement_form.html"

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"instance": self.object}

    def act(self, form) -> str:
        services.agreement_edit(agreement_id=self.object.pk, **form.cleaned_data, actor=self.membership)
        return _("The changes to {agreement} are saved.").format(agreement=self.object.code)


class AgreementPublishView(OfAgreement, ActionView):
    permission = EDIT
    form_class = forms.Form

    def act(self, form) -> str:
        services.agreement_publish(agreement_id=self.object.pk, actor=self.membership, at=now())
        return _("{agreement} is published.").format(agreement=self.object.code)


class AgreementCloseView(OfAgreement, ActionView):
    permission = EDIT
    form_class = forms.Form

    def act(self, form) -> str:
        services.agreement_close(agreement_id=self.object.pk, actor=self.membership, at=now())
        return _("{agreement} is closed: nothing more can be ordered under it.").format(agreement=self.object.code)


class CauseAddView(OfAgreement, RuleFormView):
    permission = EDIT
    form_class = CauseForm
    template_name = "framework_agreements/cause_form.html"

    def act(self, form) -> str:
        services.rejection_cause_add(agreement=self.object, **form.cleaned_data, actor=self.membership)
        return _("Suppliers may now reject an order for «{cause}».").format(cause=form.cleaned_data["text"])


class OfLot:
    """Screens about one lot of an agreement."""

    def get_object(self):
        lots = AgreementLot.objects.select_related("agreement", "ceiling")
        return self.found(lots, agreement__code=self.kwargs["code"], number=self.kwargs["number"])

    def get_success_url(self) -> str:
        return reverse("framework_agreements:agreement-panel", args=[self.kwargs["code"]])


class LotFormMixin:
    """The coverage as the form shows it: provinces with their cantons."""

    permission = EDIT
    form_class = LotForm
    template_name = "framework_agreements/lot_form.html"

    def get_context_data(self, **context):
        context = super().get_context_data(**context)
        ticked = set(context["form"]["cantons"].value() or [])
        groups = [(code, name, [cantons()[each] for each in cantons_of(code)]) for code, name in sorted(provinces().items())]
        context["coverage"] = [
            (code, name, members, sum(member.code in ticked for member in members)) for code, name, members in groups
        ]
        context["ticked"] = ticked
        return context


class LotCreateView(OfAgreement, LotFormMixin, RuleFormView):
    def get_initial(self):
        last = self.object.lots.order_by("-number").first()
        return {"number": last.number + 1 if last else 1, "whole_country": True}

    def act(self, form) -> str:
        lot = services.lot_create(agreement=self.object, **form.cleaned_data, actor=self.membership)
        return _("The lot «{lot}» is part of {agreement}.").format(lot=lot.name, agreement=self.object.code)


class LotEditView(OfLot, LotFormMixin, RuleFormView):
    def get_initial(self):
        lot = self.object
        whole_country = set(lot.delivery_cantons) >= set(cantons())
        return {
            "number": lot.number,
            "name": lot.name,
            "ceiling": lot.ceiling.limit,
            "whole_country": whole_country,
            "cantons": [] if whole_country else lot.delivery_cantons,
        }

    def act(self, form) -> str:
        services.lot_edit(lot_id=self.object.pk, **form.cleaned_data, actor=self.membership)
        return _("The changes to the lot «{lot}» are saved.").format(lot=form.cleaned_data["name"])


class LotSuspendView(OfLot, ActionView):
    """Take everything offered under a lot off sale."""

    permission = EDIT
    form_class = ReasonForm

    def act(self, form) -> str:
        services.lot_suspend(lot_id=self.object.pk, reason=form.cleaned_data["reason"], actor=self.membership, at=now())
        return _("The lot «{lot}» is suspended: its offers are off sale.").format(lot=self.object.name)


class LotResumeView(OfLot, ActionView):
    permission = EDIT
    form_class = ReasonForm

    def act(self, form) -> str:
        services.lot_resume(lot_id=self.object.pk, reason=form.cleaned_data["reason"], actor=self.membership, at=now())
        return _("The lot «{lot}» sells again.").format(lot=self.object.name)


class AdjudicationCreateView(OfLot, RuleFormView):
    """Award a lot to a supplier."""

    permission = EDIT
    form_class = AdjudicationForm
    template_name = "framework_agreements/adjudication_form.html"

    def get_initial(self):
        agreement = self.object.agreement
        return {"valid_from": max(agreement.valid_from, localdate()), "valid_until": agreement.valid_until}

    def act(self, form) -> str:
        self.created = services.adjudication_create(lot=self.object, **form.cleaned_data, actor=self.membership)
        return _("The lot is adjudicated to {supplier}. Add what it may sell.").format(supplier=self.created.supplier)

    def get_success_url(self) -> str:
        return reverse("framework_agreements:adjudication", args=[self.created.id_public])


class OfAdjudication:
    """Screens about one adjudication."""

    def get_object(self):
        found = Adjudication.objects.select_related("lot__agreement", "supplier")
        return self.found(found, id_public=self.kwargs["id_public"])

    def get_success_url(self) -> str:
        return reverse("framework_agreements:adjudication", args=[self.kwargs["id_public"]])


class AdjudicationView(OfAdjudication, ListScreen):
    """What a supplier may sell under a lot, and up to which price."""

    permission = SEE
    template_name = "framework_agreements/adjudication.html"
    search_fields = ("product__title", "product__code", "product__cpc_code", "product__gtin")
    sort = "name"
    download_name = "items"
    columns = (
        Column("name", gettext_lazy("Sheet"), "product__sort_key", value=lambda row: row.product.title),
        Column("code", gettext_lazy("Code"), "product__code", value=lambda row: row.product.code),
        Column("cpc", gettext_lazy("CPC"), "product__cpc_code", value=lambda row: row.product.cpc_code),
        Column(
            "ceiling",
            gettext_lazy("Ceiling price"),
            "ceiling_price",
            is_number=True,
            value=lambda row: row.ceiling_price.amount,
        ),
        Column("act", ""),
    )

    def get_rows(self):
        self.adjudication = self.get_object()
        return items_of(self.adjudication)

    def get_context_data(self, **context):
        can_edit = self.request.user.has_perm(EDIT) and not self.adjudication.lot.agreement.is_closed
        return super().get_context_data(adjudication=self.adjudication, can_edit=can_edit, **context)


class AdjudicationEditView(OfAdjudication, RuleFormView):
    permission = EDIT
    form_class = AdjudicationDatesForm
    template_name = "framework_agreements/adjudication_form.html"

    def get_initial(self):
        return {"valid_from": self.object.valid_from, "valid_until": self.object.valid_until}

    def act(self, form) -> str:
        services.adjudication_edit(adjudication_id=self.object.pk, **form.cleaned_data, actor=self.membership)
        return _("The days of the adjudication are saved.")


class AdjudicationSuspendView(OfAdjudication, ActionView):
    permission = EDIT
    form_class = ReasonForm

    def act(self, form) -> str:
        reason = form.cleaned_data["reason"]
        services.adjudication_suspend(adjudication_id=self.object.pk, reason=reason, actor=self.membership, at=now())
        return _("{supplier} sells nothing under this lot now.").format(supplier=self.object.supplier)


class AdjudicationResumeView(OfAdjudication, ActionView):
    permission = EDIT
    form_class = ReasonForm

    def act(self, form) -> str:
        reason = form.cleaned_data["reason"]
        services.adjudication_resume(adjudication_id=self.object.pk, reason=reason, actor=self.membership, at=now())
        return _("{supplier} sells under this lot again.").format(supplier=self.object.supplier)


class ItemCreateView(OfAdjudication, RuleFormView):
    """Let the supplier sell one more sheet."""

    permission = EDIT
    form_class = ItemForm
    template_name = "framework_agreements/item_form.html"

    def act(self, form) -> str:
        product, ceiling = form.cleaned_data["product_code"], form.cleaned_data["ceiling_price"]
        services.item_adjudicate(adjudication=self.object, product=product, ceiling_price=ceiling, actor=self.membership)
        return _("{product} is adjudicated.").format(product=product.title)


class ItemEditView(OfAdjudication, RuleFormView):
    """Change a ceiling price."""

    permission = EDIT
    form_class = CeilingForm
    template_name = "framework_agreements/item_form.html"

    def get_object(self):
        adjudication = super().get_object()
        return self.found(
            items_of(adjudication).select_related("adjudication__supplier"), product__code=self.kwargs["product_code"]
        )

    def get_initial(self):
        return {"ceiling_price": self.object.ceiling_price.amount}

    def act(self, form) -> str:
        services.item_set_ceiling(item_id=self.object.pk, **form.cleaned_data, actor=self.membership)
        return _("The ceiling price of {product} is saved.").format(product=self.object.product.title)
