from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.kernel.fields import DIGITS
from marketplace.registry.places import canton_choices

from .models import BudgetCertificate


class CertificateChoiceField(forms.ModelChoiceField):
    """A certificate with what is left of it; chosen by its public id."""

    def label_from_instance(self, certificate: BudgetCertificate) -> str:
        left = forms.DecimalField(localize=True).widget.format_value(certificate.amount.left)
        return f"{certificate.number} · {certificate.budget_line} · USD {left}"


class NeedForm(forms.Form):
    """What the approver has to know besides the cart."""

    need = forms.CharField(label=_("What is needed"), max_length=200, help_text=_("For example: paper for December."))
    justification = forms.CharField(label=_("Why"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000)
    delivery_canton = forms.ChoiceField(label=_("Canton of delivery"), choices=canton_choices)
    delivery_address = forms.CharField(label=_("Place of delivery"), max_length=300, help_text=_("Building, street, reference."))
    delivery_contact = forms.CharField(label=_("Who receives"), max_length=200, help_text=_("Name and telephone."))
    certificate = CertificateChoiceField(
        BudgetCertificate.objects.none(),
        to_field_name="id_public",
        label=_("Budget certificate"),
        help_text=_("The total with VAT is reserved on it when you send the requisition."),
    )

    def __init__(self, *args, certificates, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["certificate"].queryset = certificates


class DecisionForm(forms.Form):
    """Approve or return. `gross_seen`: the total on the page, so that nobody approves another amount than the one read."""

    APPROVE, RETURN = "approve", "return"

    decision = forms.ChoiceField(choices=[(APPROVE, APPROVE), (RETURN, RETURN)], widget=forms.HiddenInput)
    gross_seen = forms.DecimalField(max_digits=DIGITS, decimal_places=2, widget=forms.HiddenInput)
    comment = forms.CharField(
        label=_("Comment"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Needed to return it: say what has to be corrected."),
    )

    @property
    def is_approval(self) -> bool:
        return self.cleaned_data["decision"] == self.APPROVE


class CertificateForm(forms.ModelForm):
    amount = forms.DecimalField(
        label=_("Amount, USD with VAT"), min_value=Decimal("0.01"), max_digits=DIGITS, decimal_places=2, localize=True
    )

    class Meta:
        model = BudgetCertificate
        fields = ["number", "budget_line", "purpose", "issued_on"]
        help_texts = {"number": _("For example 0412-2026."), "budget_line": _("For example 53.08.05.")}
