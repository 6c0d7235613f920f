"""Refusals people can act on: a code for programs, the values that counted, and a sentence that says what to do.

A room declares its sentences once, next to its rules:

    over_ceiling = Message("price_over_ceiling", _("Lower the unit price to {ceiling} or less."))

and its rules answer with `Broken(code, **values)`. `refuse` raises them all at once.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

_messages: dict[str, "Message"] = {}


@dataclass(frozen=True)
class Message:
    """One sentence. `field`: the form field that it belongs to, when there is one."""

    code: str
    text: Any
    field: str | None = None

    def __post_init__(self) -> None:
        known = _messages.setdefault(self.code, self)
        if known is not self and known.text != self.text:
            raise ValueError(f"Two messages share the code {self.code!r}")


class Broken:
    """One broken rule: its code and the values that counted."""

    __slots__ = ("code", "field", "values")

    def __init__(self, code: str, /, *, field: str | None = None, **values: Any) -> None:
        self.code = code
        self.values = values
        self.field = field or (_messages[code].field if code in _messages else None)

    @property
    def sentence(self) -> str:
        message = _messages.get(self.code)
        values = {name: shown(value) for name, value in self.values.items()}
        return str(message.text).format(**values) if message else self.code

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Broken) and (self.code, self.values) == (other.code, other.values)

    def __hash__(self) -> int:
        return hash(self.code)

    def __repr__(self) -> str:
        return f"Broken({self.code!r}, {self.values!r})"


class RuleBroken(Exception):
    """A refusal by rule. Nothing has been written."""

    def __init__(self, broken: Iterable[Broken]) -> None:
        self.broken = list(broken)
        super().__init__(self.codes)

    @property
    def codes(self) -> list[str]:
        return [each.code for each in self.broken]

    @property
    def sentences(self) -> list[str]:
        return [each.sentence for each in self.broken]

    def __str__(self) -> str:
        return " ".join(self.sentences)


def refuse(broken: Iterable[Broken]) -> None:
    """Raise every broken rule at once; pass when there is none."""
    broken = list(broken)
    if broken:
        raise RuleBroken(broken)


def shown(value: Any) -> Any:
    """A value as people write it: 1.234,50 and 3 dic 2026, in the language of the page."""
    if isinstance(value, Decimal):
        return number_format(value, decimal_pos=decimals_of(value, most=6))  # what is refused by a millionth is said to it
    if isinstance(value, datetime):
        return date_format(localtime(value), "SHORT_DATETIME_FORMAT")
    return date_format(value, "SHORT_DATE_FORMAT") if isinstance(value, date) else value


def decimals_of(amount: Decimal, *, most: int = 4) -> int:
    """Two for amounts; for unit prices as many as count, up to four."""
    exponent = amount.normalize().as_tuple().exponent
    return min(max(2, -exponent), most) if isinstance(exponent, int) else 2


def sentence_for(code: str, /, **values: Any) -> str:
    return Broken(code, **values).sentence


illegal_move = Message("illegal_move", _("This cannot be done now: the state is «{status}»."))
