from datetime import date
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.kernel.fields import DIGITS
from marketplace.kernel.money import CENT
from marketplace.kernel.screens.fields import AmountField, DayField
from marketplace.kernel.screens.shown import amount_text
from marketplace.registry.forms import PersonField
from marketplace.registry.models import EntityUnit, Membership
from marketplace.registry.places import canton_choices
from marketplace.shop.catalogue.models import Category

from .models import BudgetCertificate, RequisitionLine, Who


class CertificateChoiceField(forms.ModelChoiceField):
    """A certificate with what is left of it; chosen by its public id."""

    def label_from_instance(self, certificate: BudgetCertificate) -> str:
        left = amount_text(certificate.amount.left)
        words = {"number": certificate.number, "line": certificate.budget_line, "left": left, "purpose": certificate.purpose}
        if certificate.purpose:
            return _("{number} · {line} {purpose} · USD {left} left").format(**words)
        return _("{number} · {line} · USD {left} left").format(**words)


class NeedForm(forms.Form):
    """What the approver has to know besides the cart."""

    need = forms.CharField(
        label=gettext_lazy("What is needed"), max_length=200, help_text=gettext_lazy("For example: paper for December.")
    )
    justification = forms.CharField(label=gettext_lazy("Why"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000)
    delivery_canton = forms.ChoiceField(label=gettext_lazy("Canton of delivery"), choices=canton_choices)
    delivery_address = forms.CharField(
        label=gettext_lazy("Place of delivery"), max_length=300, help_text=gettext_lazy("Building, street, reference.")
    )
    delivery_contact = forms.CharField(
        label=gettext_lazy("Who receives"), max_length=200, help_text=gettext_lazy("Name and telephone.")
    )
    certificate = CertificateChoiceField(
        BudgetCertificate.objects.none(),
        to_field_name="id_public",
        label=gettext_lazy("Budget certificate"),
        empty_label=gettext_lazy("Choose a certificate"),
        help_text=gettext_lazy("The total with VAT is reserved on it when you send the requisition."),
    )

    def __init__(self, *args, certificates, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["certificate"].queryset = certificates


class ReasonField(forms.CharField):
    """Asked for of what is ticked beside it, and only then (`DecisionForm.clean`); there it is not optional."""

    def validate(self, value: str) -> None:
        """Empty is no fault of its own."""


class DecisionForm(forms.Form):
    """Approve or return; while approving, single lines may be rejected, each with its reason.

    `gross_seen`: the total on the page, so that nobody approves another amount than the one read. `lines`: those that are
    kept so far; each has a tick and a reason in the table, outside of the <form> and joined to it by its id.
    """

    use_required_attribute = False
    APPROVE, RETURN, ID = "approve", "return", "decision-form"

    decision = forms.ChoiceField(choices=[(APPROVE, APPROVE), (RETURN, RETURN)], widget=forms.HiddenInput)
    gross_seen = forms.DecimalField(max_digits=DIGITS, decimal_places=2, widget=forms.HiddenInput)
    comment = forms.CharField(
        label=gettext_lazy("Comment"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Needed to return it: say what has to be corrected."),
    )

    def __init__(self, *args, lines: list[RequisitionLine], **kwargs):
        super().__init__(*args, **kwargs)
        self.lines = {line.pk: line for line in lines}
        for line in lines:
            self.fields[self._tick(line)] = forms.BooleanField(
                label=self._said(gettext_lazy("Reject this line"), line), required=False
            )
            self.fields[self._reason(line)] = ReasonField(
                label=self._said(gettext_lazy("Why it is rejected"), line), max_length=500
            )
            self.fields[self._tick(line)].widget.attrs["data-row"] = True  # found by the keys j and k
            for name in (self._tick(line), self._reason(line)):
                self.fields[name].widget.attrs["form"] = self.ID

    @staticmethod
    def _tick(line: RequisitionLine) -> str:
        return f"reject-{line.listing.id_public}"

    @staticmethod
    def _reason(line: RequisitionLine) -> str:
        return f"reason-{line.listing.id_public}"

    @staticmethod
    def _said(label: Any, line: RequisitionLine) -> SafeString:
        """Named apart for those who hear the labels one after the other."""
        return format_html('{}<span class="visually-hidden">: {}</span>', label, line.product_title)

    @property
    def is_approval(self) -> bool:
        return self.cleaned_data.get("decision") == self.APPROVE

    @property
    def marked(self) -> set[int]:
        """The keys of the lines that are ticked, as the page came."""
        return {key for key, line in self.lines.items() if self.is_bound and self[self._tick(line)].data}

    @property
    def rejections(self) -> dict[int, str]:
        """The reason by the key of each ticked line."""
        return {key: self.cleaned_data.get(self._reason(self.lines[key]), "") for key in self.marked}

    @property
    def comment_to_return(self) -> str:
        """The comment, with the reasons that were written beside single lines."""
        reasons = [f"{self.lines[key].product_title}: {reason}" for key, reason in self.rejections.items() if reason]
        return "\n".join(filter(None, [self.cleaned_data["comment"], *reasons]))

    def fields_of(self, line: RequisitionLine) -> list[forms.BoundField]:
        return [self[self._tick(line)], self[self._reason(line)]]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.is_approval:
            for key, line in self.lines.items():
                self._clean_line(line, is_ticked=key in self.marked)
        return cleaned

    def _clean_line(self, line: RequisitionLine, *, is_ticked: bool) -> None:
        name = self._reason(line)
        if name in self.errors:
            return
        if is_ticked and not self.cleaned_data[name]:
            self.add_error(name, _("Write why, so that whoever asked for it understands."))
        if self.cleaned_data.get(name) and not is_ticked:
            self.add_error(name, _("Tick the line to reject it, or clear the reason."))


class RuleForm(forms.Form):
    """A step of the approval policy. `units`, `approvers`: of the entity."""

    position = forms.IntegerField(
        label=gettext_lazy("Order"), min_value=1, max_value=99, initial=1, help_text=gettext_lazy("1 decides first.")
    )
    amount_from = AmountField(label=gettext_lazy("From, with VAT"), initial=0)
    amount_until = AmountField(
        label=gettext_lazy("Below, with VAT"), required=False, help_text=gettext_lazy("Leave it empty if there is no limit.")
    )
    for_unit = forms.ModelChoiceField(
        EntityUnit.objects.none(),
        to_field_name="name",
        required=False,
        label=gettext_lazy("Unit that asks"),
        empty_label=gettext_lazy("Every unit"),
    )
    for_category = forms.ModelChoiceField(
        Category.objects.none(),
        to_field_name="slug",
        required=False,
        label=gettext_lazy("Category"),
        empty_label=gettext_lazy("Every product"),
    )
    who = forms.ChoiceField(label=gettext_lazy("Who decides"), choices=Who.choices)
    unit = forms.ModelChoiceField(
        EntityUnit.objects.none(),
        to_field_name="name",
        required=False,
        label=gettext_lazy("Unit of the approver"),
        empty_label=gettext_lazy("None"),
        help_text=gettext_lazy("Only if an approver of one unit decides."),
    )
    person = PersonField(
        Membership.objects.none(),
        to_field_name="id_public",
        required=False,
        label=gettext_lazy("Person"),
        empty_label=gettext_lazy("None"),
        help_text=gettext_lazy("Only if one person decides."),
    )
    valid_from = DayField(label=gettext_lazy("From which day"))

    def __init__(self, *args, units, approvers, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["for_unit"].queryset = self.fields["unit"].queryset = units
        self.fields["person"].queryset = approvers
        self.fields["for_category"].queryset = Category.objects.filter(depth=1).order_by("path")


class CertificateForm(forms.ModelForm):
    amount = AmountField(label=gettext_lazy("Amount, with VAT"), min_value=CENT)

    class Meta:
        model = BudgetCertificate
        fields = ["number", "budget_line", "purpose", "issued_on"]
        field_classes = {"issued_on": DayField}
        help_texts = {"number": gettext_lazy("For example 0412-2026."), "budget_line": gettext_lazy("For example 53.08.05.")}

    def clean_issued_on(self) -> date:
        issued_on = self.cleaned_data["issued_on"]
        if issued_on > localdate():
            raise forms.ValidationError(_("A certificate pays from the day it is issued. Write today or an earlier day."))
        return issued_on
