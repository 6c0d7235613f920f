"""Stored refusals as sentences, in the language of the page: codes of units and formats are named only then."""

from typing import Any

from marketplace.kernel.errors import Broken
from marketplace.shop.catalogue.units import unit_name

from .readers import format_name

NAMED = {"unit": unit_name, "base": unit_name, "format": format_name}


def broken_rule(code: str, values: dict[str, Any], *, field: str | None = None) -> Broken:
    """A broken rule from its stored code and values. `field`: where it stands, if that is known better than from the code."""
    named = {name: NAMED[name](value) if name in NAMED else value for name, value in values.items()}
    return Broken(code, field=field, **named)
