"""The three kinds of number that money takes: unit prices, amounts, and Oscar's plain decimals."""

from django.conf import settings
from django.db import models
from djmoney.models.fields import MoneyField

DIGITS = 18
PRICE_PLACES = 6


class UnitPriceField(MoneyField):
    """USD per unit, net of VAT, six decimals."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_digits", DIGITS)
        kwargs.setdefault("decimal_places", PRICE_PLACES)
        kwargs.setdefault("default_currency", settings.CURRENCY)
        super().__init__(*args, **kwargs)


class AmountField(MoneyField):
    """USD in cents."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_digits", DIGITS)
        kwargs.setdefault("decimal_places", 2)
        kwargs.setdefault("default_currency", settings.CURRENCY)
        super().__init__(*args, **kwargs)


class OscarPriceField(models.DecimalField):
    """A column of Oscar's with room for our prices: its own have two decimals. The currency is a column beside it."""

    def __init__(self, *args, **kwargs):
        kwargs["max_digits"] = DIGITS
        kwargs["decimal_places"] = PRICE_PLACES
        super().__init__(*args, **kwargs)
