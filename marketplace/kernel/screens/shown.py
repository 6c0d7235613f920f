"""Amounts, dates and deadlines as people read them, in the language of the page. No markup here."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.formats import date_format, get_format
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext, ngettext

from marketplace.kernel.errors import decimals_of

PLACES = [Decimal(1).scaleb(-places) for places in range(7)]
MINUS = "\u2212"
CENTS = 2
SOON = timedelta(hours=24)
BEFORE_A_UNIT = re.compile(r"(?<=\d) (?=h\b|min\b)")
DAY = timedelta(days=1)
DAY_FORMAT = "D j M Y"
HOUR_FORMAT = "H:i"


def number_text(value: Decimal | int, places: int = 0) -> str:
    """1.234,56 in Spanish, 1,234.56 in English; a true minus sign."""
    rounded = Decimal(value).quantize(PLACES[places], ROUND_HALF_UP)
    text = f"{rounded:,.{places}f}"
    if get_format("DECIMAL_SEPARATOR") == ",":
        text = text.translate(_COMMA_AND_POINT_CHANGE)
    return text.replace("-", MINUS) if rounded else text.removeprefix("-")


_COMMA_AND_POINT_CHANGE = str.maketrans(",.", ".,")


def amount_of(value: Any) -> Decimal:
    """The decimal in a Money, a number or a text."""
    return Decimal(getattr(value, "amount", value))


def amount_text(value: Any, *, is_unit_price: bool = False) -> str:
    """Two decimals; a unit price as many as count, up to four."""
    amount = amount_of(value)
    return number_text(amount, decimals_of(amount) if is_unit_price else CENTS)


def day_text(value: date) -> str:
    """«lun 23 nov 2026»."""
    return _in_small_letters(date_format(_local(value), DAY_FORMAT))


def last_day_text(until: date) -> str:
    """«30 abr 2028» for a period that is stored half-open, until the first of May."""
    return _in_small_letters(date_format(until - DAY, "j M Y"))


def moment_text(value: date) -> str:
    """«lun 23 nov 2026, 10:42»; a date has no hour."""
    return f"{day_text(value)}, {hour_text(value)}" if isinstance(value, datetime) else day_text(value)


def hour_text(value: datetime) -> str:
    return date_format(_local(value), HOUR_FORMAT)


def near_text(value: date, now: datetime) -> str:
    """«hoy, 16:00», «mañana, 09:10», and from there on the whole date."""
    away = _date_of(value) - localtime(now).date()
    near = {-1: gettext("yesterday"), 0: gettext("today"), 1: gettext("tomorrow")}.get(away.days)
    if near is None:
        return moment_text(value)
    return f"{near}, {hour_text(value)}" if isinstance(value, datetime) else near


@dataclass(frozen=True)
class Deadline:
    """How far a deadline is. `at`: an instant, or a day that still counts to its end."""

    at: date
    now: datetime

    @property
    def left(self) -> timedelta:
        """Until the instant; of a day, whole days from today."""
        if isinstance(self.at, datetime):
            return self.at - self.now
        return self.at - localtime(self.now).date()

    @property
    def is_late(self) -> bool:
        return self.left < timedelta(0)

    @property
    def is_soon(self) -> bool:
        return not self.is_late and self.left < SOON

    def __str__(self) -> str:
        return _ago_text(-self.left) if self.is_late else self._ahead_text()

    def _ahead_text(self) -> str:
        if isinstance(self.at, datetime) or self.left:
            return _ahead_text(self.left)
        return gettext("today")


def _ahead_text(left: timedelta) -> str:
    days, hours, minutes = _parts(left)
    if days:
        return ngettext("in {days} day", "in {days} days", days).format(days=days)
    if hours:
        return _units_kept(gettext("in {hours} h {minutes} min").format(hours=hours, minutes=minutes))
    return _units_kept(gettext("in {minutes} min").format(minutes=minutes))


def _ago_text(passed: timedelta) -> str:
    days, hours, minutes = _parts(passed)
    if days:
        return ngettext("expired {days} day ago", "expired {days} days ago", days).format(days=days)
    if hours:
        return _units_kept(gettext("expired {hours} h {minutes} min ago").format(hours=hours, minutes=minutes))
    return _units_kept(gettext("expired {minutes} min ago").format(minutes=minutes))


def _units_kept(text: str) -> str:
    """A unit stays on the line of its number. Not written into the source string: the catalogue would hold an escape there."""
    return BEFORE_A_UNIT.sub("\u00a0", text)


def _parts(span: timedelta) -> tuple[int, int, int]:
    minutes = int(span.total_seconds()) // 60
    return span.days, minutes // 60 % 24, minutes % 60


def _local(value: date) -> date:
    return localtime(value) if isinstance(value, datetime) else value


def _date_of(value: date) -> date:
    local = _local(value)
    return local.date() if isinstance(local, datetime) else local


def _in_small_letters(text: str) -> str:
    """Spanish writes days and months small; Django has the days capital."""
    return text if (get_language() or "").startswith("en") else text.lower()
