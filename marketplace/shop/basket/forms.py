from django import forms
from django.utils.translation import gettext_lazy as _

MOST = 1_000_000


class QuantityForm(forms.Form):
    """How many sales units. `next`: the page to return to."""

    quantity = forms.IntegerField(label=_("Quantity"), min_value=1, max_value=MOST, localize=True)
    next = forms.CharField(required=False, widget=forms.HiddenInput)


class BasketAddForm(QuantityForm):
    """The offer is named by its public id; its price is never sent."""

    listing = forms.UUIDField(widget=forms.HiddenInput)
