from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils.translation import override
from djmoney.money import Money

from marketplace.kernel.screens.shown import Deadline, amount_text, day_text, moment_text, near_text, number_text
from marketplace.kernel.screens.templatetags.screens import bar, deadline, money, num, percent, unit_price, when


@pytest.mark.parametrize(
    ("language", "value", "shown"),
    [
        ("es", Decimal("1234.5"), "1.234,50"),
        ("en", Decimal("1234.5"), "1,234.50"),
        ("es", Decimal("-1234.5"), "−1.234,50"),
        ("es", Decimal("-0.001"), "0,00"),
        ("es", Decimal("0.335"), "0,34"),
        ("es", Money("1284000000", "USD"), "1.284.000.000,00"),
        ("es", 3, "3,00"),
    ],
)
def test_amounts(language, value, shown):
    with override(language):
        assert amount_text(value) == shown


@pytest.mark.parametrize(
    ("price", "shown"), [("3.1", "3,10"), ("3.335", "3,335"), ("3.12750", "3,1275"), ("0.026455", "0,0265"), ("40", "40,00")]
)
def test_unit_prices_show_as_many_decimals_as_count_up_to_four(price, shown):
    with override("es"):
        assert amount_text(Decimal(price), is_unit_price=True) == shown


def test_money_carries_its_currency_and_stays_on_one_line():
    with override("es"):
        assert money(Decimal("1234.56")) == '<span class="money"><small>USD</small>&nbsp;1.234,56</span>'
        assert money(Money("3", "USD"), "lg") == '<span class="money money--lg"><small>USD</small>&nbsp;3,00</span>'
        assert unit_price(Decimal("3.335")) == '<span class="money"><small>USD</small>&nbsp;3,335</span>'


def test_what_is_not_there_is_a_dash():
    assert [money(None), num(None), percent(""), when(None)] == ["—"] * 4


def test_counts_and_percents():
    with override("es"):
        assert (num(12400), percent(Decimal("-26.6")), percent(15)) == ("12.400", "−26,6\u00a0%", "15\u00a0%")
        assert number_text(-3) == "−3"


def test_dates_in_both_languages(noon):
    with override("es"):
        assert (day_text(date(2026, 11, 23)), moment_text(noon)) == ("lun 23 nov 2026", "lun 23 nov 2026, 12:00")
    with override("en"):
        assert moment_text(noon) == "Mon 23 Nov 2026, 12:00"


def test_an_instant_is_shown_in_local_time_whatever_its_zone(noon):
    from datetime import UTC

    with override("es"):
        assert when(noon.astimezone(UTC)) == '<time datetime="2026-11-23T12:00:00-05:00">lun 23 nov 2026, 12:00</time>'


def test_near_days_are_named(noon):
    with override("en"):
        assert near_text(noon + timedelta(hours=4), noon) == "today, 16:00"
        assert near_text(noon + timedelta(days=1), noon) == "tomorrow, 12:00"
        assert near_text(date(2026, 11, 22), noon) == "yesterday"
        assert near_text(noon + timedelta(days=2), noon) == "Wed 25 Nov 2026, 12:00"


@pytest.mark.parametrize(
    ("away", "told", "is_soon", "is_late"),
    [
        (timedelta(minutes=35), "in 35\u00a0min", True, False),
        (timedelta(hours=5, minutes=18), "in 5\u00a0h 18\u00a0min", True, False),
        (timedelta(hours=24), "in 1 day", False, False),
        (timedelta(days=3), "in 3 days", False, False),
        (timedelta(0), "in 0\u00a0min", True, False),
        (-timedelta(minutes=1), "expired 1\u00a0min ago", False, True),
        (-timedelta(days=2), "expired 2 days ago", False, True),
    ],
)
def test_how_far_a_deadline_is(noon, away, told, is_soon, is_late):
    due = Deadline(noon + away, noon)
    with override("en"):
        assert (str(due), due.is_soon, due.is_late) == (told, is_soon, is_late)


def test_how_far_a_deadline_is_in_spanish(noon):
    with override("es"):
        told = [str(Deadline(noon + away, noon)) for away in (timedelta(hours=23, minutes=56), -timedelta(hours=2, minutes=5))]

    assert told == ["en 23\u00a0h 56\u00a0min", "venció hace 2\u00a0h 5\u00a0min"]


def test_a_day_counts_to_its_end(noon):
    with override("en"):
        assert [str(Deadline(noon.date() + timedelta(days=days), noon)) for days in (0, 1, -1)] == [
            "today",
            "in 1 day",
            "expired 1 day ago",
        ]


def test_a_deadline_that_passed_says_so_by_icon_word_and_colour(noon):
    with override("en"):
        shown = deadline(noon - timedelta(days=2), clock=noon)

    assert "deadline--late" in shown
    assert "#exclamation-triangle" in shown
    assert "expired 2 days ago" in shown


def test_a_bar_shows_what_goes_over_the_whole_as_an_error():
    assert bar(5000, spent=3000, this=1000) == (
        '<rect class="is-spent" x="0.00" width="60.00" height="1"/><rect class="is-this" x="60.00" width="20.00" height="1"/>'
    )
    assert bar(5000, spent=4000, this=2000) == (
        '<rect class="is-spent" x="0.00" width="80.00" height="1"/><rect class="is-over" x="80.00" width="20.00" height="1"/>'
    )
    assert bar(0, spent=1) == ""
