"""Numbers on paper: a series, the year, a running number, a check digit (Damm: every single slip is seen)."""

from django.db import connection
from stdnum import damm


def next_number(series: str, *, year: int) -> str:
    """`series`: the prefix; its PostgreSQL sequence is `number_<prefix>`. Answers like OC-2026-000018-4."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s)", [sequence_of(series)])
        running = f"{cursor.fetchone()[0]:06d}"
    return f"{series}-{year}-{running}-{damm.calc_check_digit(f'{year}{running}')}"


def sequence_of(series: str) -> str:
    return f"number_{series.lower()}"


def is_valid_number(number: str) -> bool:
    """Whether the check digit fits. `number`: as `next_number` writes it."""
    digits = "".join(part for part in number.split("-")[1:])
    return digits.isdecimal() and damm.is_valid(digits)
