from django import forms
from django.utils.translation import gettext_lazy as _

from framework_agreements.models import RejectionCause


class AcceptForm(forms.Form):
    comment = forms.CharField(label=_("Message to the entity"), required=False, max_length=1000)


class RejectForm(forms.Form):
    """Only the causes that the agreement lists."""

    cause = forms.ModelChoiceField(
        RejectionCause.objects.none(), to_field_name="text", label=_("Cause"), empty_label=_("Choose a cause")
    )
    comment = forms.CharField(label=_("Message to the entity"), required=False, max_length=1000)

    def __init__(self, *args, causes, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["cause"].queryset = causes


class NeededText(forms.CharField):
    """Looks required, and is: but the service says so, in its own words."""

    def validate(self, value: str) -> None:
        """Nothing is missing yet."""


class ReasonForm(forms.Form):
    reason = NeededText(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class VerificationForm(forms.Form):
    code = forms.CharField(label=_("Verification code"), max_length=30, help_text=_("Sixteen letters and digits, as on the paper."))

    def clean_code(self) -> str:
        plain = "".join(sign for sign in self.cleaned_data["code"].upper() if sign.isalnum())
        return "-".join(plain[start : start + 4] for start in range(0, len(plain), 4))
