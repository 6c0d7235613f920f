"""The taxpayer's number of Ecuador (RUC): thirteen digits with a check digit by kind of taxpayer."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from stdnum.ec import ruc as ec_ruc


def is_valid_ruc(number: str) -> bool:
    return ec_ruc.is_valid(number)


def validate_ruc(number: str) -> None:
    if not is_valid_ruc(number):
        raise ValidationError(
            _("“%(ruc)s” is not a valid RUC. Write its 13 digits, without blanks or hyphens."),
            params={"ruc": number},
            code="invalid_ruc",
        )
