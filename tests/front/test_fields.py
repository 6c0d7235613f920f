from datetime import date
from decimal import Decimal

import pytest
from django import forms
from django.utils.translation import override

from marketplace.kernel.screens.fields import AmountField, DayField, LastDayField, UnitPriceField, plain_number


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1234,56", "1234.56"),
        ("1234.56", "1234.56"),
        ("1.234.567", "1234567"),
        ("1,234,567.8", "1234567.8"),
        ("3,4", "3.4"),
        ("0.3350", "0.3350"),
        ("1 234,5", "1234.5"),
        ("12", "12"),
        ("0.335", "0.335"),
        ("-3,5", "-3.5"),
        (",5", ".5"),
    ],
)
def test_both_ways_of_writing_are_read(typed, read):
    with override("es"):
        assert plain_number(typed) == read


def test_one_mark_before_three_digits_is_read_as_the_page_writes_it():
    with override("es"):
        assert (plain_number("1.234"), plain_number("1,234")) == ("1234", "1.234")
    with override("en"):
        assert (plain_number("1.234"), plain_number("1,234")) == ("1.234", "1234")


@pytest.mark.parametrize("typed", ["tres", "1.2.3,4,5", "--1", "1e5", "NaN", "1.23,4", ",", "-1"])
def test_what_is_no_amount_is_refused(typed):
    with override("en"), pytest.raises(forms.ValidationError):
        AmountField().clean(typed)


def test_more_than_the_column_holds_is_refused():
    with pytest.raises(forms.ValidationError):
        AmountField().clean("9" * 30)


def test_unit_prices_have_six_decimals_and_amounts_two():
    assert UnitPriceField().clean("0,026455") == Decimal("0.026455")
    with pytest.raises(forms.ValidationError):
        AmountField().clean("0,026")


def test_an_amount_shows_as_the_page_writes_it_and_what_was_typed_stays():
    with override("es"):
        assert AmountField().prepare_value(Decimal("1234.500000")) == "1.234,50"
        assert AmountField().prepare_value("1234,5x") == "1234,5x"


def test_days_are_day_month_year():
    assert DayField().clean("30/11/2026").isoformat() == "2026-11-30"
    with override("en"), pytest.raises(forms.ValidationError, match="day/month/year"):
        DayField().clean("31/02/2026")


def test_a_last_day_is_kept_as_the_first_day_after_it():
    """Periods are stored half-open; nobody writes them so."""
    field = LastDayField()

    assert field.clean("30/04/2028") == date(2028, 5, 1)
    assert field.prepare_value(date(2028, 5, 1)) == date(2028, 4, 30)
    assert not field.has_changed(date(2028, 5, 1), "30/04/2028")
    assert LastDayField(required=False).clean("") is None
