from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.shop.partner.totals import PricedLine, document_totals, sum_of_totals

RATES = [("S", Decimal(15)), ("Z", Decimal(0)), ("AA", Decimal(5))]


@st.composite
def priced_lines(draw):
    category, percent = draw(st.sampled_from(RATES))
    price = draw(st.decimals(min_value="0.000001", max_value="99999", places=6))
    return PricedLine(price, draw(st.integers(1, 10_000)), category, percent)


def a_line(price: str, quantity: int, category: str = "S", percent: int = 15) -> PricedLine:
    return PricedLine(Decimal(price), quantity, category, Decimal(percent))


def test_a_line_is_rounded_half_up_to_cents():
    assert a_line("0.335", 3).net == Decimal("1.01")
    assert a_line("0.005", 1).net == Decimal("0.01")


def test_vat_is_rounded_once_on_the_sum_of_the_lines():
    """Three lines of 0.10: by line 0.02 each (0.015 half up), on the sum 0.05 (0.045 half up)."""
    totals = document_totals([a_line("0.10", 1)] * 3)

    assert (totals.net, totals.vat, totals.gross) == (Decimal("0.30"), Decimal("0.05"), Decimal("0.35"))


def test_each_rate_has_its_own_sum():
    totals = document_totals([a_line("10", 1), a_line("4", 2, "Z", 0), a_line("1", 3)])

    assert [(share.category, share.base, share.amount) for share in totals.shares] == [
        ("S", Decimal("13.00"), Decimal("1.95")),
        ("Z", Decimal("8.00"), Decimal("0.00")),
    ]


def test_a_sum_of_documents_never_rounds_again():
    """Two orders of 0.10 bear 0.02 each; on 0.20 it would be 0.03."""
    both = sum_of_totals([document_totals([a_line("0.10", 1)]), document_totals([a_line("0.10", 1)])])

    assert (both.net, both.vat, both.gross) == (Decimal("0.20"), Decimal("0.04"), Decimal("0.24"))


@pytest.mark.feature("OR-9")
@pytest.mark.threat("O9")
@given(st.lists(st.lists(priced_lines(), min_size=1, max_size=20), min_size=1, max_size=5))
def test_lines_documents_and_sum_agree_to_the_cent(documents):
    totals = [document_totals(lines) for lines in documents]
    whole = sum_of_totals(totals)

    assert whole.net == sum(line.net for lines in documents for line in lines)
    assert whole.gross == sum(each.gross for each in totals)
    for lines, each in zip(documents, totals, strict=True):
        assert each.vat == sum(_vat_by_hand(lines, category, percent) for category, percent in RATES)


def _vat_by_hand(lines, category: str, percent: Decimal) -> Decimal:
    """In whole ten-thousandths of a dollar, without the code under test."""
    base = sum(int(line.net * 100) for line in lines if (line.vat_category, line.vat_percent) == (category, percent))
    return (Decimal(base * int(percent)) / 10_000).quantize(Decimal("0.01"), ROUND_HALF_UP)
