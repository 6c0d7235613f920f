from datetime import date
from decimal import Decimal

import pytest

from marketplace.shop.partner.vat import vat_category_of, vat_rates_on


@pytest.mark.parametrize(
    ("on", "percent"),
    [
        (date(2016, 5, 31), 12),
        (date(2016, 6, 1), 14),
        (date(2017, 5, 31), 14),
        (date(2017, 6, 1), 12),
        (date(2024, 3, 31), 12),
        (date(2024, 4, 1), 15),
        (date(2026, 11, 23), 15),
    ],
)
@pytest.mark.feature("OR-9")
def test_the_rate_changes_on_its_day(on, percent):
    assert vat_rates_on(on)["S"] == Decimal(percent)


def test_a_percent_selects_the_category_of_that_day():
    assert vat_category_of(Decimal(15), date(2026, 11, 23)) == "S"
    assert vat_category_of(Decimal(0), date(2026, 11, 23)) == "Z"
    assert vat_category_of(Decimal(12), date(2026, 11, 23)) is None
    assert vat_category_of(Decimal(12), date(2023, 1, 1)) == "S"
