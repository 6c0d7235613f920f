from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from marketplace.kernel.errors import Broken
from marketplace.kernel.money import MICRO
from marketplace.kernel.screens.fields import UnitPriceField

from .models import StockRecord
from .rules import BOUNDS, falls_steeply

STEEP = _("The price falls by more than 20 % and cannot rise again. Tick the box if it is right.")


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
            self.add_error("fall_is_right", STEEP)
        return values


WHOLE = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})


def whole_number(term: str, **options: Any) -> forms.IntegerField:
    """Says beside what was typed what the page showed, so that a term that nobody touched is not written back."""
    bounds = BOUNDS[term]
    limits = {"min_value": bounds.least, "max_value": bounds.most}
    return forms.IntegerField(**limits, localize=True, show_hidden_initial=True, widget=WHOLE, **options)


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


CELLS = {
    "price": _("Price of {sku}, without VAT"),
    "stock": _("Stock of {sku}"),
    "minimum_quantity": _("Minimum quantity of {sku}"),
    "lead_time_days": _("Delivery time of {sku} in days"),
}


def cell(name: str, **options: Any) -> forms.Field:
    if name == "price":
        return UnitPriceField(min_value=MICRO, show_hidden_initial=True, **options)
    return whole_number(name, **options)


class GridForm(forms.Form):
    """Price and terms of many listings, a cell for each. `listings`: with their stock."""

    def __init__(self, *args: Any, listings: Iterable[StockRecord], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.listings = {listing.id_public.hex: listing for listing in listings}
        for key, listing in self.listings.items():
            self._add_row(key, listing)

    def _add_row(self, key: str, listing: StockRecord) -> None:
        standing = terms_of(listing) | {"price": listing.price}
        for name, label in CELLS.items():
            options = {"label": label.format(sku=listing.partner_sku), "initial": standing[name]}
            self.fields[f"{name}_{key}"] = field = cell(name, **options)
            field.widget.attrs["data-cell"] = ""
        right = _("The price of {sku} is right").format(sku=listing.partner_sku)
        self.fields[f"fall_{key}"] = forms.BooleanField(label=right, required=False)

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        for key, listing in self.listings.items():
            price = values.get(f"price_{key}")
            if price is not None and falls_steeply(price, listing.price) and not values.get(f"fall_{key}"):
                self.add_error(f"fall_{key}", STEEP)
        return values

    def rows(self) -> Iterator[tuple[StockRecord, list[BoundField], BoundField | None]]:
        """A listing, its cells, and the box to tick if its price falls steeply."""
        for key, listing in self.listings.items():
            fall = self[f"fall_{key}"]
            yield listing, [self[f"{name}_{key}"] for name in CELLS], fall if fall.errors or fall.data else None

    def changes(self) -> dict[int, dict[str, Any]]:
        """What was changed of the listings without a wrong cell."""
        changed = set(self.changed_data)
        found = {}
        for key, listing in self.listings.items():
            names = [name for name in CELLS if f"{name}_{key}" in changed and not self._stands(name, key)]
            if names and not any(f"{name}_{key}" in self.errors for name in (*CELLS, "fall")):
                found[listing.pk] = {name: self.cleaned_data[f"{name}_{key}"] for name in names}
        return found

    def _stands(self, name: str, key: str) -> bool:
        """A price that was written again as it is."""
        return name == "price" and self.cleaned_data.get(f"price_{key}") == self.listings[key].price

    def keep_wrong(self) -> None:
        """Show on only what is to be corrected: the other rows are saved. All, when no cell is wrong."""
        wrong = {name.rpartition("_")[2] for name in self.errors}
        self.listings = {key: listing for key, listing in self.listings.items() if key in wrong} or self.listings

    def refuse(self, refused: dict[int, list[Broken]]) -> None:
        for key, listing in self.listings.items():
            for broken in refused.get(listing.pk, ()):
                self.add_error(f"{broken.field}_{key}", broken.sentence)
