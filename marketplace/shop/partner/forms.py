from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.kernel.money import MICRO
from marketplace.kernel.screens.fields import UnitPriceField

from .models import StockRecord
from .rules import BOUNDS, falls_steeply


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


def whole_number(term: str, **options: Any) -> forms.IntegerField:
    """Says beside what was typed what the page showed, so that a term that nobody touched is not written back."""
    bounds = BOUNDS[term]
    return forms.IntegerField(min_value=bounds.least, max_value=bounds.most, show_hidden_initial=True, **options)


class TermsForm(forms.Form):
    """What can be sold from now on, and how."""

    stock = whole_number("stock", label=_("Stock"), help_text=_("Sales units that can be sold from now on. 0: none is left."))
    minimum_quantity = whole_number("minimum_quantity", label=_("Minimum quantity"), help_text=_("Of one order, in sales units."))
    lead_time_days = whole_number("lead_time_days", label=_("Delivery time in days"))

    @property
    def changed_terms(self) -> dict[str, int]:
        return {term: self.cleaned_data[term] for term in self.changed_data}


def terms_of(listing: StockRecord) -> dict[str, int]:
    """`listing`: with its stock."""
    return {
        "stock": int(listing.stock.left),
        "minimum_quantity": listing.minimum_quantity,
        "lead_time_days": listing.lead_time_days,
    }
