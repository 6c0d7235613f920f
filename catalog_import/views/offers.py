"""One product by form, for a supplier who has no file of it."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from framework_agreements.models import FrameworkAgreement
from marketplace.kernel.errors import RuleBroken
from marketplace.kernel.screens.views import RuleFormView

from ..forms import AgreementForm, OfferForm
from ..models import Outcome, StagedRow
from ..offering import offer_make
from ..selectors import agreements_with_template


class OfferCreateView(RuleFormView):
    """Offer one product under an agreement: the only one that is open to the company, or `convenio`, which is asked for first."""

    permission = "catalog_import.import_catalogue"
    template_name = "catalog_import/offer_create.html"
    row: StagedRow
    standing_url = ""

    @cached_property
    def agreements(self) -> list[FrameworkAgreement]:
        return list(agreements_with_template(self.membership, localdate()).order_by("code"))

    def get_object(self) -> FrameworkAgreement | None:
        code = self.request.POST.get("convenio") or self.request.GET.get("convenio")
        if code:
            return self.found(agreements_with_template(self.membership, localdate()), code=code)
        return self.agreements[0] if len(self.agreements) == 1 else None

    def get_form(self, form_class: Any = None) -> forms.Form:
        if self.object is None:
            return AgreementForm(agreements=agreements_with_template(self.membership, localdate()))
        return OfferForm(agreement=self.object, on=localdate(), **self.get_form_kwargs())

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        return super().get_context_data(agreements=self.agreements, standing_url=self.standing_url, **context)

    def act(self, form) -> str:
        self.row = offer_make(
            supplier=self.membership.supplier, agreement=self.object, cells=form.cleaned_data, actor=self.membership, at=now()
        )
        if self.row.outcome == Outcome.ADDED:
            return _("{product} is on sale.").format(product=self.row.name)
        proposed = _("{product} is proposed to the catalogue office. It goes on sale when it is accepted.")
        return proposed.format(product=self.row.name)

    def get_success_url(self) -> str:
        if self.row.listing:
            return reverse("partner:listing", args=[self.row.listing.id_public])
        return self.row.run.get_absolute_url()

    def refused(self, form, refusal: RuleBroken) -> HttpResponse:
        """A code that stands leads to its offer."""
        for broken in refusal.broken:
            if broken.code == "offer_stands":
                self.standing_url = reverse("partner:listing", args=[broken.values["listing"]])
        return super().refused(form, refusal)
