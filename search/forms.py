from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.registry.places import canton_choices


class DeliveryForm(forms.Form):
    """Where things are to be delivered. `next`: the page to return to."""

    canton = forms.ChoiceField(label=_("Deliver in"), choices=lambda: [("", _("Anywhere")), *canton_choices()], required=False)
    next = forms.CharField(required=False, widget=forms.HiddenInput)
