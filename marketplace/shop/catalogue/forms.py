from django import forms
from django.utils.translation import gettext_lazy as _

MOST = 1_000_000


class QuantityAskedForm(forms.Form):
    """How many base units of a sheet are wanted; all offers are priced for it."""

    cantidad = forms.IntegerField(label=_("Quantity"), min_value=1, max_value=MOST, localize=True, required=False)
