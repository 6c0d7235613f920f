from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.kernel.fields import DIGITS
from marketplace.registry.models import Membership

from .models import PurchaseList

MOST = 1_000_000


class QuantityForm(forms.Form):
    """How many sales units. `next`: the page to return to."""

    quantity = forms.IntegerField(label=gettext_lazy("Quantity"), min_value=1, max_value=MOST, localize=True)
    next = forms.CharField(required=False, widget=forms.HiddenInput)


class BasketAddForm(QuantityForm):
    """The offer is named by its public id; its price is never sent."""

    listing = forms.UUIDField(widget=forms.HiddenInput)


class RefillForm(forms.Form):
    """Buy again. `net_seen`: what the page said that it comes to; a button that shows no page sends none."""

    net_seen = forms.DecimalField(max_digits=DIGITS, decimal_places=2, required=False, widget=forms.HiddenInput)


class ListForm(forms.Form):
    """Keep the cart as a list: a new one, or one that exists."""

    UNIT, ENTITY = "unit", "entity"

    name = forms.CharField(
        label=gettext_lazy("Name of the list"), max_length=120, help_text=gettext_lazy("For example: monthly paper.")
    )
    scope = forms.ChoiceField(
        label=gettext_lazy("Who uses it"),
        choices=[(UNIT, gettext_lazy("My unit")), (ENTITY, gettext_lazy("The whole entity"))],
        widget=forms.RadioSelect,
        initial=UNIT,
    )

    def __init__(self, *args, unit: str, **kwargs):
        super().__init__(*args, **kwargs)
        if unit:
            self.fields["scope"].choices = [(self.UNIT, unit), (self.ENTITY, gettext_lazy("The whole entity"))]
        else:  # who belongs to no unit shares with all
            del self.fields["scope"]

    @property
    def is_for_all(self) -> bool:
        return self.cleaned_data.get("scope", self.ENTITY) == self.ENTITY


class ColleagueField(forms.ModelChoiceField):
    def label_from_instance(self, membership: Membership) -> str:
        return f"{membership.user} · {membership.unit}" if membership.unit else str(membership.user)


class ParkForm(forms.Form):
    """Put the cart aside under a name, alone or with a colleague."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120, help_text=gettext_lazy("For example: paper for December."))
    shared_with = ColleagueField(
        Membership.objects.none(),
        to_field_name="id_public",
        required=False,
        label=gettext_lazy("Share with"),
        empty_label=gettext_lazy("Nobody, only me"),
        help_text=gettext_lazy("Whoever takes it up has it in their own cart."),
    )

    def __init__(self, *args, colleagues: QuerySet[Membership], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["shared_with"].queryset = colleagues


class MergeForm(forms.Form):
    """Onto which list the lines of this one go."""

    target = forms.ModelChoiceField(
        PurchaseList.objects.none(),
        to_field_name="id_public",
        label=gettext_lazy("Join with"),
        empty_label=gettext_lazy("Choose a list"),
    )

    def __init__(self, *args, lists: QuerySet[PurchaseList], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["target"].queryset = lists


class QuickOrderForm(forms.Form):
    """What is to be ordered, pasted or as a file."""

    lines = forms.CharField(
        label=gettext_lazy("Lines"),
        required=False,
        max_length=100_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "autocomplete": "off"}),
        help_text=gettext_lazy("One product a line: code;quantity. The code is the supplier's, the sheet's (FN-…) or a GTIN."),
    )
    file = forms.FileField(
        label=gettext_lazy("Or a file"),
        required=False,
        help_text=gettext_lazy("CSV or Excel (XLSX): the code in the first column, the quantity in the second; up to 500 lines."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx"}),
    )

    def clean(self):
        values = super().clean()
        if not self.errors and not values.get("file") and not (values.get("lines") or "").strip():
            self.add_error("lines", _("Paste lines or choose a file: there is nothing to look up yet."))
        return values
