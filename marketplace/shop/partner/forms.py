from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.kernel.money import MICRO
from marketplace.kernel.screens.fields import UnitPriceField

from .rules import falls_steeply


class PriceForm(forms.Form):
    """A lower price. One that falls steeply is asked about once more, by a box to tick. `current`: USD per sales unit, net."""

    price = UnitPriceField(label=_("New price per sales unit, without VAT"), min_value=MICRO)
    fall_is_right = forms.BooleanField(label=_("This price is right"), required=False)

    def __init__(self, *args: Any, current: Decimal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.current = current
        if not self.is_bound:
            self.fields["fall_is_right"].widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        price = values.get("price")
        if price is None or not falls_steeply(price, self.current):
            self.fields["fall_is_right"].widget = forms.HiddenInput()
        elif not values.get("fall_is_right"):
            self.add_error(
                "fall_is_right", _("The price falls by more than 20 % and cannot rise again. Tick the box if it is right.")
            )
        return values
