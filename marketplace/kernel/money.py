"""Rounding, once and half up, for every amount of the system.

Unit prices carry six decimals; a line is rounded to cents; VAT is rounded once per category on the sum of a document's
line nets (EN 16931, BR-CO-17 and BR-S-9).
"""

from decimal import ROUND_HALF_UP, Decimal

from django.conf import settings
from djmoney.money import Money

CENT = Decimal("0.01")
MICRO = Decimal("0.000001")


def to_cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)


def line_net(unit_price: Decimal, quantity: int) -> Decimal:
    """`unit_price`: USD per sales unit, net. 3 × 0.335 is 1.01."""
    return to_cents(unit_price * quantity)


def vat_of(base: Decimal, percent: Decimal) -> Decimal:
    """`base`: the sum of a document's line nets in one VAT category."""
    return to_cents(base * percent / 100)


def dollars(amount: Decimal | str | int) -> Money:
    return Money(amount, settings.CURRENCY)
