from django import forms
from django.utils.translation import gettext_lazy as _


class AppearanceForm(forms.Form):
    theme = forms.ChoiceField(
        label=_("Colours"),
        choices=[("", _("As in this device")), ("light", _("Light")), ("dark", _("Dark"))],
        widget=forms.RadioSelect,
        required=False,
    )
    contrast = forms.ChoiceField(
        label=_("Contrast"),
        choices=[("", _("As in this device")), ("more", _("High contrast"))],
        widget=forms.RadioSelect,
        required=False,
    )
