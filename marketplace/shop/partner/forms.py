from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.kernel.money import MICRO
from marketplace.kernel.screens.fields import UnitPriceField


class PriceForm(forms.Form):
    price = UnitPriceField(label=_("New price per sales unit, without VAT"), min_value=MICRO)
