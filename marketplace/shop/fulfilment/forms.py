from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.kernel.errors import RuleBroken
from marketplace.kernel.screens.fields import DayField, StepperInput
from marketplace.shop.order.models import Line

from .facts import MOST, Brought
from .models import DeliveryLine
from .photographs import FORMATS, photograph_made_anew


class PhotographField(forms.FileField):
    """A picture, made anew by us: what is cleaned is what is stored."""

    widget = forms.FileInput(attrs={"accept": ",".join(f"image/{name.lower()}" for name in FORMATS)})

    def clean(self, data: Any, initial: Any = None) -> Any:
        file = super().clean(data, initial)
        if not file:
            return None
        try:
            return photograph_made_anew(file, file.size)
        except RuleBroken as refusal:
            raise forms.ValidationError(refusal.sentences)


class CountField(forms.IntegerField):
    """So many units; nothing written is none."""

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=0, max_value=MOST, **options)

    def to_python(self, value: Any) -> int:
        return super().to_python(value) or 0


class ReasonField(forms.ChoiceField):
    """Why a part is refused. Whether it is needed, the rules say, which know whether something is."""

    def validate(self, value: str) -> None:
        if value:
            super().validate(value)


@dataclass(frozen=True)
class LineFields:
    """The fields of one line that is owed. `n`: its place on the order. `is_refusing`: whether its refusal is to be seen."""

    n: int
    line: Line
    accepted: BoundField
    refused: BoundField
    reason: BoundField
    explanation: BoundField
    photograph: BoundField

    @property
    def refusal(self) -> list[BoundField]:
        return [self.refused, self.reason, self.explanation, self.photograph]

    @property
    def is_refusing(self) -> bool:
        return any(field.errors or field.value() not in (None, "", 0, "0") for field in self.refusal)


class DeliveryForm(forms.Form):
    """What came, line by line. `lines`: all of the order, as its page counts them; only what is owed is asked for.

    `is_everything`: begin with all that is owed as accepted.
    """

    received_on = DayField(label=gettext_lazy("Received on"), initial=localdate)
    note = forms.CharField(label=gettext_lazy("Remarks"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))
    acts_seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args, lines: list[Line], is_everything: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        self.owed = {n: line for n, line in enumerate(lines, start=1) if line.pending_quantity}
        for n, line in self.owed.items():
            self._add_line(n, line, is_everything)

    def _add_line(self, n: int, line: Line, is_everything: bool) -> None:
        owed = line.pending_quantity
        accepted = StepperInput(of=_("{product} that are accepted").format(product=line.title), most=owed)
        refused = StepperInput(of=_("{product} that are refused").format(product=line.title))
        reasons = [("", _("Choose a reason")), *DeliveryLine.Reason.choices]
        self.fields |= {
            f"accepted_{n}": CountField(label=_("Accepted units"), widget=accepted, initial=owed if is_everything else 0),
            f"refused_{n}": CountField(label=_("How many are refused"), widget=refused, initial=0),
            f"reason_{n}": ReasonField(label=_("Why"), choices=reasons),
            f"explanation_{n}": forms.CharField(label=_("What is wrong, in words"), required=False, max_length=500),
            f"photograph_{n}": PhotographField(label=_("Photograph"), required=False, help_text=_("JPEG, PNG or WebP.")),
        }

    def line_fields(self) -> Iterator[LineFields]:
        names = ("accepted", "refused", "reason", "explanation", "photograph")
        for n, line in self.owed.items():
            yield LineFields(n, line, *(self[f"{name}_{n}"] for name in names))

    def brought(self) -> list[Brought]:
        said = self.cleaned_data
        return [
            Brought(
                line=n,
                accepted=said[f"accepted_{n}"],
                refused=said[f"refused_{n}"],
                reason=said[f"reason_{n}"],
                explanation=said[f"explanation_{n}"],
                photograph=said[f"photograph_{n}"],
            )
            for n in self.owed
        ]


class DispatchForm(forms.Form):
    guide_number = forms.CharField(
        label=gettext_lazy("Delivery note"),
        required=False,
        max_length=60,
        help_text=gettext_lazy("Number of the guía de remisión."),
    )
    expected_on = DayField(
        label=gettext_lazy("Arrives on"), required=False, help_text=gettext_lazy("Day on which you expect to deliver.")
    )
    note = forms.CharField(
        label=gettext_lazy("Message to the entity"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )
