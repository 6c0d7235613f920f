"""The access key (clave de acceso) of an electronic invoice: 49 digits that say date, RUC and number, the last one a check digit.

Layout of the tax authority's offline scheme: date 8, document type 2, RUC 13, environment 1, establishment and point 6,
sequential 9, free code 8, kind of emission 1, check digit 1 (modulus 11, weights 2 to 7 from the right).
"""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import cycle

LENGTH = 49
INVOICE = "01"


@dataclass(frozen=True)
class AccessKey:
    """What a key says. `number`: as on paper, 001-001-000000123. `issued_on`: None for a date that cannot be."""

    issued_on: date | None
    document_type: str
    ruc: str
    number: str


def check_digit(digits: str) -> str:
    total = sum(int(digit) * weight for digit, weight in zip(reversed(digits), cycle(range(2, 8)), strict=False))
    return {11: "0", 10: "1"}.get(11 - total % 11, str(11 - total % 11))


def is_access_key(text: str) -> bool:
    return len(text) == LENGTH and text.isascii() and text.isdecimal() and text[-1] == check_digit(text[:-1])


def read_access_key(text: str) -> AccessKey:
    """`text`: a key that `is_access_key`."""
    number = f"{text[24:27]}-{text[27:30]}-{text[30:39]}"
    return AccessKey(_day(text[:8]), text[8:10], text[10:23], number)


def _day(text: str) -> date | None:
    try:
        return datetime.strptime(text, "%d%m%Y").date()
    except ValueError:
        return None
