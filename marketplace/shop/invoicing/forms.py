from decimal import Decimal

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from marketplace.kernel.screens.fields import AmountField, DayField
from marketplace.shop.partner.totals import PricedLine, document_totals

from .selectors import OpenLine
from .services import Paper


class InvoiceForm(forms.Form):
    """What stands on the supplier's invoice; the quantities begin with all that is accepted and not invoiced yet."""

    number = forms.CharField(
        label=_("Invoice number"), max_length=17, help_text=_("As on the invoice, for example 001-001-000000123.")
    )
    issued_on = DayField(label=_("Issued on"), initial=localdate)
    access_key = forms.CharField(
        label=_("Access key"),
        required=False,
        max_length=60,
        help_text=_("The 49 digits of an electronic invoice. Leave it empty if it has none."),
    )
    gross = AmountField(
        label=_("Total of the invoice, with VAT"), help_text=_("As on the invoice; it must be what the quantities come to.")
    )

    def __init__(self, *args, lines: list[OpenLine], **kwargs):
        super().__init__(*args, **kwargs)
        self.lines = [each for each in lines if each.facts.open]
        for each in self.lines:
            self.fields[quantity_name(each)] = forms.IntegerField(
                label=each.line.title, min_value=0, required=False, initial=each.facts.open
            )
        self.fields["gross"].initial = gross_of_all(self.lines)

    def clean_access_key(self) -> str:
        return "".join(self.cleaned_data["access_key"].split())

    def rows(self) -> list[tuple[OpenLine, forms.BoundField]]:
        """Each line with the field of its quantity."""
        return [(each, self[quantity_name(each)]) for each in self.lines]

    def paper(self) -> Paper:
        said = self.cleaned_data
        quantities = {each.facts.position: said[quantity_name(each)] or 0 for each in self.lines}
        return Paper(said["number"].strip(), said["issued_on"], quantities, said["gross"], said["access_key"])


def quantity_name(each: OpenLine) -> str:
    return f"quantity_{each.facts.position}"


def gross_of_all(lines: list[OpenLine]) -> Decimal:
    """USD with VAT of everything that is open."""
    facts = (each.facts for each in lines)
    return document_totals(PricedLine(f.unit_price, f.open, f.vat_category, f.vat_percent) for f in facts).gross
