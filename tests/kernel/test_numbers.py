import itertools

import pytest
from django.db import connection

from marketplace.kernel.numbers import is_valid_number, next_number


@pytest.fixture
def sequence(db):
    with connection.cursor() as cursor:
        cursor.execute("CREATE SEQUENCE number_tst START 18")


def test_a_number_has_series_year_and_check_digit(sequence):
    number = next_number("TST", year=2026)

    assert number.startswith("TST-2026-000018-")
    assert is_valid_number(number)
    assert next_number("TST", year=2026) != number


def test_every_single_slip_and_swap_is_noticed(sequence):
    number = next_number("TST", year=2026)
    digits = [place for place, sign in enumerate(number) if sign.isdecimal()]

    for place in digits:
        for other in set("0123456789") - {number[place]}:
            assert not is_valid_number(number[:place] + other + number[place + 1 :])
    for left, right in itertools.pairwise(digits):
        swapped = list(number)
        swapped[left], swapped[right] = swapped[right], swapped[left]
        assert "".join(swapped) == number or not is_valid_number("".join(swapped))
