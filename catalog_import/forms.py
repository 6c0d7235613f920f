from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from framework_agreements.models import AgreementLot, FrameworkAgreement
from marketplace.kernel.errors import sentence_for
from marketplace.kernel.screens.fields import UnitPriceField
from marketplace.kernel.text import fold
from marketplace.shop.catalogue.models import Category

from .models import CategoryMapping
from .readers import megabytes

LARGEST_UPLOAD = 20_000_000  # bytes; larger price lists go by the command line


class UploadForm(forms.Form):
    """A price list, and the agreement it is offered under."""

    agreement = forms.ModelChoiceField(
        FrameworkAgreement.objects.none(),
        to_field_name="code",
        label=_("Framework agreement"),
        empty_label=_("Choose an agreement"),
    )
    file = forms.FileField(
        label=_("Price list"),
        help_text=_(
            "XLSX or CSV in the layout of the template, up to 20 MB. To change prices or stock alone, the columns sku, price"
            " and stock are enough."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv,.tsv,.txt"}),
    )

    def __init__(self, *args, agreements, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["agreement"].queryset = agreements

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > LARGEST_UPLOAD:
            largest = megabytes(LARGEST_UPLOAD)
            raise forms.ValidationError(sentence_for("file_too_large", size=megabytes(file.size), largest=largest))
        return file


class ConfirmForm(forms.Form):
    """Apply a preview. `falls`: how many prices fall so far that it may be a slip: they are ticked."""

    falls_are_right = forms.BooleanField(
        label=_("These prices are right"),
        error_messages={
            "required": _("Look at the prices that fall steeply and tick that they are right: they cannot rise again.")
        },
    )

    def __init__(self, *args, falls: int, **kwargs):
        super().__init__(*args, **kwargs)
        if not falls:
            del self.fields["falls_are_right"]


class AcceptForm(forms.Form):
    """Accept a proposal. Without a ceiling of its own, the price offered is the ceiling."""

    ceiling_price = UnitPriceField(label=_("Ceiling price, USD per base unit without VAT"))


class MappingForm(forms.ModelForm):
    """What a category of suppliers' files means."""

    cpc_code = forms.CharField(
        label=_("CPC code"),
        help_text=_("Nine digits, for example 452700014."),
        validators=[RegexValidator(r"^[0-9]{9}$", _("Write the nine digits of the CPC code."))],
    )
    category = forms.ModelChoiceField(Category.objects.none(), to_field_name="slug", label=_("Shelf for browsing"))

    class Meta:
        model = CategoryMapping
        fields = ["file_category", "lot", "cpc_code", "category"]
        help_texts = {"file_category": _("As suppliers write it; capitals and accents do not matter.")}

    def __init__(self, *args, agreement: FrameworkAgreement, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["lot"].queryset = AgreementLot.objects.filter(agreement=agreement)
        self.fields["lot"].to_field_name = "number"
        self.fields["category"].queryset = Category.objects.order_by("path")
        self.fields["category"].label_from_instance = lambda shelf: f"{'– ' * (shelf.depth - 1)}{shelf.name}"

    def clean_file_category(self) -> str:
        category = fold(self.cleaned_data["file_category"])
        if not category:
            raise forms.ValidationError(_("Write letters or digits."))
        return category

    def validate_constraints(self) -> None:
        """The service says in words that a category is mapped already."""
