from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.kernel.money import CENT, MICRO
from marketplace.kernel.screens.fields import AmountField, DayField, LastDayField, UnitPriceField
from marketplace.registry.models import Supplier
from marketplace.registry.places import cantons, cantons_of, provinces
from marketplace.shop.catalogue.models import Product

from .models import FrameworkAgreement, RejectionCause


class AgreementForm(forms.ModelForm):
    class Meta:
        model = FrameworkAgreement
        fields = ["code", "name", "purpose", "legal_basis", "valid_from", "valid_until"]
        field_classes = {"valid_from": DayField, "valid_until": LastDayField}
        help_texts = {
            "code": _("Letters, digits and hyphens, for example CM-2026-08. It cannot be changed later."),
            "valid_until": _("The last day on which it holds."),
        }

    def clean(self):
        values = super().clean()
        if values.get("valid_from") and values.get("valid_until") and values["valid_until"] <= values["valid_from"]:
            self.add_error("valid_until", _("Choose the first day or a later one."))
        return values

    def _get_validation_exclusions(self) -> set[str]:
        """The service says in words that a code is taken."""
        return super()._get_validation_exclusions() | {"code"}

    def validate_constraints(self) -> None:
        """Held by `clean`, in words."""


class AgreementEditForm(AgreementForm):
    class Meta(AgreementForm.Meta):
        fields = ["name", "purpose", "legal_basis", "valid_from", "valid_until"]


class CauseForm(forms.ModelForm):
    class Meta:
        model = RejectionCause
        fields = ["text", "clause"]


class LotForm(forms.Form):
    """A lot: its ceiling in money and where it is delivered (the whole country, provinces, cantons: what is ticked adds up)."""

    number = forms.IntegerField(label=_("Number"), min_value=1, max_value=999)
    name = forms.CharField(label=_("Name"), max_length=200)
    ceiling = AmountField(
        label=_("Ceiling, with VAT"), help_text=_("How much may be ordered under this lot in all."), min_value=CENT
    )
    whole_country = forms.BooleanField(label=_("The whole country"), required=False)
    provinces = forms.MultipleChoiceField(label=_("Provinces"), required=False, choices=lambda: sorted(provinces().items()))
    cantons = forms.MultipleChoiceField(
        label=_("Cantons"), required=False, choices=lambda: [(each.code, each.name) for each in cantons().values()]
    )

    def clean(self):
        values = super().clean()
        if values.pop("whole_country", False):
            codes = set(cantons())
        else:
            whole = [code for province in values.pop("provinces", []) for code in cantons_of(province)]
            codes = {*whole, *values.pop("cantons", [])}
        if not codes:
            self.add_error("whole_country", _("Say where it is delivered: tick the whole country, a province or a canton."))
        return {name: values[name] for name in ("number", "name", "ceiling") if name in values} | {
            "delivery_cantons": sorted(codes)
        }


class AdjudicationDatesForm(forms.Form):
    valid_from = DayField(label=_("In force from"))
    valid_until = LastDayField(label=_("In force until"), help_text=_("The last day on which it holds."))


class AdjudicationForm(AdjudicationDatesForm):
    supplier = forms.ModelChoiceField(Supplier.objects.all(), to_field_name="ruc", label=_("Supplier"))
    field_order = ["supplier"]


class CeilingForm(forms.Form):
    ceiling_price = UnitPriceField(
        label=_("Ceiling price per base unit, without VAT"),
        help_text=_("It counts for prices offered from now on."),
        min_value=MICRO,
    )


class ItemForm(CeilingForm):
    product_code = forms.CharField(label=_("Sheet code"), max_length=32, help_text=_("For example FN-000123-4."))
    field_order = ["product_code"]

    def clean_product_code(self) -> Product:
        product = Product.objects.filter(code=self.cleaned_data["product_code"].strip().upper()).first()
        if product is None:
            raise forms.ValidationError(_("No sheet has this code. Look it up in the catalogue."))
        return product
