"""VAT by category and date, from `law/vat.csv`."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from django.utils.translation import gettext_lazy as _

from marketplace.kernel.law import law_rows

CATEGORY_NAMES = {"S": _("standard rate"), "AA": _("reduced rate"), "Z": _("zero rate")}


@dataclass(frozen=True)
class VatRate:
    """`percent` of a category (code of UNCL 5305), from a day until another (half-open)."""

    category: str
    percent: Decimal
    valid_from: date
    valid_until: date | None

    def is_in_force(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_until is None or on < self.valid_until)


@cache
def vat_rates() -> tuple[VatRate, ...]:
    return tuple(
        VatRate(
            row["category"],
            Decimal(row["percent"]),
            date.fromisoformat(row["valid_from"]),
            date.fromisoformat(row["valid_until"]) if row["valid_until"] else None,
        )
        for row in law_rows("vat")
    )


def vat_rates_on(on: date) -> dict[str, Decimal]:
    """Percent by category, as they stand on a day."""
    return {rate.category: rate.percent for rate in vat_rates() if rate.is_in_force(on)}


def vat_category_of(percent: Decimal, on: date) -> str | None:
    """The category that has this percent on that day; None when there is none."""
    return next((category for category, rate in vat_rates_on(on).items() if rate == percent), None)


def vat_categories() -> list[tuple[str, object]]:
    return list(CATEGORY_NAMES.items())
