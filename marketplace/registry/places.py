"""Cantons and provinces, a code list of `law/`: where entities are and where suppliers deliver."""

from dataclasses import dataclass
from functools import cache

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from marketplace.kernel.law import law_rows
from marketplace.kernel.text import sort_key


@dataclass(frozen=True)
class Canton:
    """`code`: INEC's four digits, the province's two first."""

    code: str
    name: str
    province: str

    def __str__(self) -> str:
        return f"{self.name} ({self.province})"


@cache
def cantons() -> dict[str, Canton]:
    """By code, in the order of the codes."""
    return {row["code"]: Canton(row["code"], row["canton"], row["province"]) for row in law_rows("cantons")}


@cache
def provinces() -> dict[str, str]:
    """Names by their two digits."""
    return {canton.code[:2]: canton.province for canton in cantons().values()}


def cantons_of(province_code: str) -> list[str]:
    return [code for code in cantons() if code.startswith(province_code)]


def canton_name(code: str) -> str:
    """«Loja (Loja)»; the code itself when it is not in the list."""
    return str(cantons().get(code, code))


def canton_choices() -> list[tuple[str, str]]:
    return [(canton.code, str(canton)) for canton in sorted(cantons().values(), key=lambda canton: sort_key(canton.name))]


def validate_canton(code: str) -> None:
    if code not in cantons():
        raise ValidationError(_("“%(code)s” is not the code of a canton."), params={"code": code}, code="unknown_canton")


def describe_coverage(codes: list[str]) -> str:
    """«Loja, Zamora Chinchipe; Cuenca (Azuay)»: whole provinces by name, the rest canton by canton."""
    covered = set(codes)
    if covered >= set(cantons()):
        return str(_("the whole country"))
    whole = [code for code in provinces() if covered >= set(cantons_of(code))]
    single = [str(cantons()[code]) for code in codes if code[:2] not in whole and code in cantons()]
    return "; ".join(part for part in (", ".join(provinces()[code] for code in whole), ", ".join(single)) if part)
