from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.kernel.fields import DIGITS, PRICE_PLACES


class PriceForm(forms.Form):
    price = forms.DecimalField(
        label=_("New price, USD per sales unit without VAT"),
        min_value=Decimal("0.000001"),
        max_digits=DIGITS,
        decimal_places=PRICE_PLACES,
        localize=True,
    )
