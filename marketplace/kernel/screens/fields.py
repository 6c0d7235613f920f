"""Form fields that read what people here type: 1.234,56 and 1234.56, 23/11/2026."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.utils.formats import get_format
from django.utils.translation import gettext_lazy as _

from marketplace.kernel.errors import decimals_of
from marketplace.kernel.fields import DIGITS, PRICE_PLACES
from marketplace.kernel.screens.shown import DAY, amount_text, number_text

BLANKS = re.compile(r"[\s\u00a0]")
NUMBER = r"-?(?:[1-9]\d{{0,2}}(?:{group}\d{{3}})+|\d+)?(?:{decimal}\d*)?"
CENTS = 2


class MoneyInput(forms.TextInput):
    """`prefix`: the currency, written before the control."""

    prefix = settings.CURRENCY

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"inputmode": "decimal", "autocomplete": "off"} | (attrs or {}))


class AmountField(forms.DecimalField):
    """Dollars and cents."""

    widget = MoneyInput
    default_error_messages = {"invalid": _("Write the amount with figures, for example 1234,56.")}

    def __init__(self, *, decimal_places: int = CENTS, **options: Any) -> None:
        options.setdefault("min_value", Decimal(0))
        super().__init__(max_digits=DIGITS, decimal_places=decimal_places, **options)

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        if not isinstance(value, str) or value in self.empty_values:
            return super().to_python(value)
        number = plain_number(value)
        if number is None:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(number)

    def prepare_value(self, value: Any) -> Any:
        """What was typed stays as typed; what is stored shows as the page writes amounts."""
        return amount_text(value, is_unit_price=True) if isinstance(value, Decimal) else value

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {}


class UnitPriceField(AmountField):
    """Dollars per unit, to the sixth decimal."""

    def __init__(self, **options: Any) -> None:
        super().__init__(decimal_places=PRICE_PLACES, **options)

    def prepare_value(self, value: Any) -> Any:
        """To the last decimal that counts: what is sent back untouched is the same price."""
        return number_text(value, decimals_of(value, most=PRICE_PLACES)) if isinstance(value, Decimal) else value


class DayField(forms.DateField):
    """Day/month/year, as text."""

    widget = forms.DateInput(attrs={"inputmode": "numeric", "autocomplete": "off"}, format="%d/%m/%Y")
    default_error_messages = {"invalid": _("Write the date as day/month/year, for example 30/11/2026.")}


class LastDayField(DayField):
    """The last day of a period that is stored half-open: people write the 31st, the first of the next month is kept."""

    def clean(self, value: Any) -> date | None:
        last = super().clean(value)
        if last == date.max:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return last and last + DAY

    def prepare_value(self, value: Any) -> Any:
        return value - DAY if isinstance(value, date) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


def plain_number(text: str) -> str | None:
    """«1.234,56», «1,234.56» and «1234,56» → «1234.56»; None for what is no number.

    Where both readings are possible («1.234»), the one of the page's language holds.
    """
    text = BLANKS.sub("", text)
    here = (",", ".") if get_format("DECIMAL_SEPARATOR") == "," else (".", ",")
    for decimal, group in (here, here[::-1]):
        if re.fullmatch(NUMBER.format(decimal=re.escape(decimal), group=re.escape(group)), text):
            return text.replace(group, "").replace(decimal, ".")
    return None


class StepperInput(forms.TextInput):
    """A count with a button for less and one for more, which wait for the script; without it one types. `of`: what is counted.

    `most`: what a button «all of it» fills in (`data-fill`).
    """

    template_name = "django/forms/widgets/stepper.html"

    def __init__(self, *, of: str, most: int | None = None) -> None:
        filled = {"data-all": str(most)} if most else {}
        super().__init__({"inputmode": "numeric", "autocomplete": "off", "data-min": "0"} | filled)
        self.of = of

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["of"] = self.of
        return context
