from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import groupby
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _
from openpyxl.utils import get_column_letter

from framework_agreements.models import AgreementLot, FrameworkAgreement
from marketplace.kernel.errors import sentence_for
from marketplace.kernel.screens.fields import MoneyInput, UnitPriceField, plain_number
from marketplace.kernel.screens.shown import number_text
from marketplace.kernel.text import fold
from marketplace.shop.catalogue.models import Category, Product
from marketplace.shop.catalogue.units import units
from marketplace.shop.partner.vat import CATEGORY_NAMES, vat_rates_on

from .columns import COLUMNS, LABELS, NAMES
from .correcting import Place
from .layouts import is_corrected
from .models import CategoryMapping, ImportRun
from .readers import WORKBOOK, Layout, megabytes
from .selectors import mappings_of
from .template import HOLDS, MUST

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


ENCODINGS = (
    ("utf-8", "UTF-8"),
    ("cp1252", "Windows-1252"),
    ("cp850", _("MS-DOS (850)")),
    ("mac_roman", _("Macintosh (Roman)")),
)
DELIMITERS = ((",", _("comma")), (";", _("semicolon")), ("\t", _("tab")), ("|", _("vertical bar")))
MARKS = ((",", _("comma, as in 3,45")), (".", _("point, as in 3.45")))
AGAIN = "again"  # the button that reads the file anew
MARK_OF_ORDER = "-sig"  # UTF-8 that begins with one is UTF-8 to people


class ColumnChoice(forms.ChoiceField):
    """Which column of the file. Whether one may be missing depends on the others: the rules of a layout say so."""

    def validate(self, value: str) -> None:
        if value:
            super().validate(value)


class ColumnsForm(forms.Form):
    """How a file is written, and which of its columns holds what. `run`: with its look and the layout so far."""

    use_required_attribute = False
    encoding = forms.ChoiceField(choices=ENCODINGS, label=_("Characters"), help_text=_("If accents look wrong, choose others."))
    delimiter = forms.ChoiceField(choices=DELIMITERS, label=_("Between cells"))
    decimal_mark = forms.ChoiceField(choices=MARKS, label=_("Before decimals"))

    def __init__(self, *args, run: ImportRun, **kwargs):
        layout = run.layout | {"encoding": run.layout["encoding"].removesuffix(MARK_OF_ORDER)}
        super().__init__(*args, initial=layout | layout["places"], **kwargs)
        self.run = run
        if run.look["encoding"] == WORKBOOK:
            del self.fields["encoding"], self.fields["delimiter"]
        choices = columns_to_choose(run.look["cells"], run.look["rows"][0])
        for column in COLUMNS:
            holds, stop, _where_to_choose = str(HOLDS[column.name]).partition(". ")
            self.fields[column.name] = ColumnChoice(
                choices=choices, label=column.label, help_text=holds + stop.strip(), required=not column.is_optional
            )

    @property
    def layout(self) -> Layout:
        given, look = self.cleaned_data, self.run.look
        places = {name: int(given[name]) for name in NAMES if given.get(name)}
        encoding = given.get("encoding", look["encoding"])
        if encoding == look["encoding"].removesuffix(MARK_OF_ORDER):
            encoding = look["encoding"]
        return Layout(encoding, given.get("delimiter", look["delimiter"]), given["decimal_mark"], places)

    @property
    def is_to_be_read_anew(self) -> bool:
        """Asked for, or the columns on the page are those of another reading; a workbook has but one."""
        return "encoding" in self.fields and (AGAIN in self.data or is_corrected(self.run, self.layout))

    @property
    def writing_fields(self) -> list[forms.BoundField]:
        return [field for field in self if field.name not in NAMES]

    @property
    def required_fields(self) -> list[forms.BoundField]:
        return [self[column.name] for column in COLUMNS if not column.is_optional]

    @property
    def optional_fields(self) -> list[forms.BoundField]:
        return [self[column.name] for column in COLUMNS if column.is_optional]


def columns_to_choose(cells: list[str], row: list[str]) -> list[tuple[str, Any]]:
    """«C · Precio unit. (3,12)»: letter, name and first value of each column of the file."""
    choices: list[tuple[str, Any]] = [("", _("— not in the file —"))]
    for place, cell in enumerate(cells):
        value = row[place] if place < len(row) else ""
        named = " · ".join(part for part in (get_column_letter(place + 1), cell) if part)
        choices.append((str(place), f"{named} ({value})" if value else named))
    return choices


class AgreementForm(forms.Form):
    """Under which agreement a product is offered; its field is called as in the address of the page."""

    convenio = forms.ModelChoiceField(
        FrameworkAgreement.objects.none(),
        to_field_name="code",
        label=_("Framework agreement"),
        empty_label=_("Choose an agreement"),
    )

    def __init__(self, *args, agreements, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["convenio"].queryset = agreements


class NumberField(forms.CharField):
    """A number as people type it, on its way to a file: «3,45» becomes 3.45. What may stand there the rules of a file say."""

    default_error_messages = {"invalid": _("Write a number with figures, for example 10 or 3,45.")}

    def to_python(self, value: Any) -> str:
        typed = super().to_python(value)
        try:
            return f"{Decimal(plain_number(typed) or ''):f}" if typed else ""
        except InvalidOperation as error:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from error


Choices = list[tuple[str, Any]]
FIGURES = {"inputmode": "numeric", "autocomplete": "off"}


class OfferForm(forms.Form):
    """One product, with the columns of a price list as its fields.

    It offers what may be chosen and reads what was typed; all else is judged as a row of a file is.
    """

    use_required_attribute = False
    DESCRIBING = ("sku", "name", "description", "brand", "gtin", "category", "image_url", "product_code")
    WIDGETS: dict[str, Callable[[], forms.Widget]] = {
        "description": lambda: forms.Textarea(attrs={"rows": 4}),
        "gtin": lambda: forms.TextInput(attrs=FIGURES),
        "image_url": lambda: forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
        "price": MoneyInput,
    }
    NUMBERS = ("pack_factor", "price", "stock", "min_order_qty", "lead_time_days", "warranty_months")
    SELLING = ("unit", "pack_factor", "price", "vat_percent", "stock", "min_order_qty", "lead_time_days", "warranty_months")
    BEGINS_WITH = {"min_order_qty": "1", "warranty_months": "0"}
    SAYS_ITSELF = ("sku", "unit", "vat_percent")  # their labels tell what they hold

    def __init__(self, *args, agreement: FrameworkAgreement, on: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.choices = {"category": categories_of(agreement), "unit": units_by_name(), "vat_percent": vat_on(on)}
        for name in (*self.DESCRIBING, *self.SELLING):
            self.fields[name] = self._field_of(name)

    def _field_of(self, name: str) -> forms.Field:
        holds = "" if name in self.SAYS_ITSELF else str(HOLDS[name])
        said = {"label": LABELS[name], "required": name in MUST, "initial": self.BEGINS_WITH.get(name)}
        if name in self.choices:
            choices = [("", _("Choose one")), *self.choices[name]]
            return forms.ChoiceField(choices=choices, help_text=holds, **said)
        if name in self.NUMBERS:
            widget = self.WIDGETS.get(name, lambda: forms.TextInput(attrs=FIGURES))
            return NumberField(widget=widget(), help_text=holds, **said)
        return forms.CharField(widget=self.WIDGETS.get(name, forms.TextInput)(), help_text=holds, **said)

    @property
    def describing_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.DESCRIBING]

    @property
    def selling_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.SELLING]


def categories_of(agreement: FrameworkAgreement) -> Choices:
    """By the lot to which each leads."""
    mappings = mappings_of(agreement).order_by("lot__number", "file_category")
    return [
        (str(lot), [(each.file_category, each.file_category.capitalize()) for each in within])
        for lot, within in groupby(mappings, key=lambda each: each.lot)
    ]


def units_by_name() -> Choices:
    return sorted(((code, unit.name()) for code, unit in units().items()), key=lambda choice: fold(choice[1]))


def vat_on(day: date) -> Choices:
    """«15 % · tarifa general», the highest first."""
    rates = sorted(vat_rates_on(day).items(), key=lambda rate: -rate[1])
    return [(f"{percent:f}", f"{number_text(percent)}\u00a0% · {CATEGORY_NAMES[category]}") for category, percent in rates]


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


class CpcField(forms.CharField):
    """A code of the central product classification."""

    default_validators = [RegexValidator(r"^[0-9]{9}$", _("Write the nine digits of the CPC code."))]

    def __init__(self, **options) -> None:
        super().__init__(label=_("CPC"), help_text=_("Nine digits, for example 452700014."), **options)


class ShelfField(forms.ModelChoiceField):
    """A category for browsing, indented by its depth."""

    def __init__(self, **options) -> None:
        shelves = Category.objects.order_by("path")
        super().__init__(shelves, to_field_name="slug", label=_("Shelf for browsing"), **options)

    def label_from_instance(self, shelf: Category) -> str:
        return f"{'– ' * (shelf.depth - 1)}{shelf.name}"


class SheetChoice(forms.ModelChoiceField):
    """One of the sheets that were found, or none; the one chosen before stays a choice."""

    widget = forms.RadioSelect

    def label_from_instance(self, sheet: Product) -> str:
        return " · ".join(part for part in (sheet.title, sheet.code, sheet.brand, sheet.gtin and f"GTIN {sheet.gtin}") if part)


class CorrectForm(forms.Form):
    """Where a proposal would stand. `sheets`: that were found, to choose from."""

    product = SheetChoice(
        Product.objects.filter(is_public=True), to_field_name="code", required=False, blank=True,
        label=_("It is the same product as"), empty_label=_("None of these: a new sheet, made from this row"),
    )  # fmt: skip
    lot = forms.ModelChoiceField(AgreementLot.objects.none(), to_field_name="number", label=_("Lot"), empty_label=None)
    cpc_code = CpcField()
    category = ShelfField(empty_label=None)

    def __init__(self, *args, agreement: FrameworkAgreement, sheets: list[Product], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["lot"].queryset = AgreementLot.objects.filter(agreement=agreement)
        choice = self.fields["product"]
        choice.widget.choices = [
            ("", choice.empty_label), *((sheet.code, choice.label_from_instance(sheet)) for sheet in sheets)
        ]  # fmt: skip

    @property
    def place(self) -> Place:
        return Place(**self.cleaned_data)


class MappingForm(forms.ModelForm):
    """What a category of suppliers' files means."""

    cpc_code = CpcField()
    category = ShelfField()

    class Meta:
        model = CategoryMapping
        fields = ["file_category", "lot", "cpc_code", "category"]
        help_texts = {"file_category": _("As suppliers write it; capitals and accents do not matter.")}

    def __init__(self, *args, agreement: FrameworkAgreement, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["lot"].queryset = AgreementLot.objects.filter(agreement=agreement)
        self.fields["lot"].to_field_name = "number"

    def clean_file_category(self) -> str:
        category = fold(self.cleaned_data["file_category"])
        if not category:
            raise forms.ValidationError(_("Write letters or digits."))
        return category

    def validate_constraints(self) -> None:
        """The service says in words that a category is mapped already."""
