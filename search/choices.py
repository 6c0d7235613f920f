"""What can be chosen beside the results, what is chosen, and how to take it away again."""

from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from marketplace.kernel.screens.shown import amount_text
from marketplace.registry.models import Supplier
from marketplace.registry.places import canton_name
from marketplace.shop.catalogue.models import Category

from .asking import Asked
from .facets import BRAND, CATEGORY, PRICE, SUPPLIER, price_ranges
from .port import MICRO_DOLLARS, Facets

SHOWN_VALUES = 12
STEP = Category.steplen


@dataclass
class Choice:
    """A value that can be chosen. `count`: how many sheets it would give, or adds to what is chosen beside it."""

    value: str
    label: str
    count: int
    is_chosen: bool
    id: str
    nested: list["Choice"] = field(default_factory=list)


@dataclass(frozen=True)
class Group:
    """A facet. `name`: its parameter in the address."""

    title: str
    name: str
    choices: list[Choice]


@dataclass(frozen=True)
class Chip:
    """Something chosen; `url`: the page without it."""

    label: str
    url: str


# ---------------------------------------------------------------- shelves


def shelves_of(asked: Asked) -> QuerySet[Category]:
    """The shelves beneath this page's, and those along the way to each chosen one."""
    top = asked.within.path if asked.within else ""
    shown = _beneath(top)
    for category in asked.categories:
        for end in range(len(top) + STEP, len(category.path) + 1, STEP):
            shown |= _beneath(category.path[:end])
    return Category.objects.filter(shown, is_public=True, ancestors_are_public=True).order_by("path")


def _beneath(path: str) -> Q:
    return Q(path__startswith=path, depth=len(path) // STEP + 1)


def shelf_group(asked: Asked, shelves: Iterable[Category], counts: dict[str, int], known: Container[str] | None) -> Group:
    """`known`: the shelves that hold something; None while nobody knows."""
    chosen = {category.pk for category in asked.categories}
    by_path: dict[str, Choice] = {}
    roots: list[Choice] = []
    for shelf in shelves:
        if shelf.pk in chosen or known is None or str(shelf.pk) in known:
            choice = Choice(shelf.slug, shelf.name, counts.get(str(shelf.pk), 0), shelf.pk in chosen, f"categoria-{shelf.pk}")
            above = by_path.get(shelf.path[:-STEP])
            (above.nested if above else roots).append(choice)
            by_path[shelf.path] = choice
    return Group(_("Category"), "categoria", roots)


# ---------------------------------------------------------------- groups


def groups_of(asked: Asked, shelves: Iterable[Category], counts: Facets, everything: Facets) -> list[Group]:
    """`counts`: with what is chosen; `everything`: without any filter, so that what would give nothing is shown, grey."""
    suppliers = supplier_names([*_first(everything.get(SUPPLIER, {})), *asked.suppliers])
    brands = {brand: brand for brand in (*_first(everything.get(BRAND, {})), *asked.brands)}
    groups = [
        shelf_group(asked, shelves, counts.get(CATEGORY, {}), everything.get(CATEGORY)),
        _group(_("Supplier"), "proveedor", suppliers, asked.suppliers, counts.get(SUPPLIER, {})),
        _group(_("Brand"), "marca", brands, asked.brands, counts.get(BRAND, {})),
        _group(_("Price"), "precio", range_names(everything.get(PRICE, {}), asked), asked.price_ranges, counts.get(PRICE, {})),
    ]
    return [group for group in groups if group.choices]


def _group(title: str, name: str, labels: dict[str, str], chosen: Iterable[str], counts: dict[str, int]) -> Group:
    choices = [
        Choice(value, label, counts.get(value, 0), value in chosen, f"{name}-{number}")
        for number, (value, label) in enumerate(labels.items())
    ]
    return Group(title, name, choices)


def _first(counts: dict[str, int]) -> list[str]:
    return list(counts)[:SHOWN_VALUES]


def supplier_names(rucs: list[str]) -> dict[str, str]:
    """In the order of the numbers given; a number that nobody has is left out."""
    names = dict(Supplier.objects.filter(ruc__in=rucs).order_by().values_list("ruc", "name")) if rucs else {}
    return {ruc: names[ruc] for ruc in rucs if ruc in names}


def range_names(counts: dict[str, int], asked: Asked) -> dict[str, str]:
    return {value: range_name(value) for value in price_ranges() if value in counts or value in asked.price_ranges}


def range_name(value: str) -> str:
    low, high = (bound and bound // MICRO_DOLLARS for bound in price_ranges()[value])
    if low is None:
        return _("Below USD {high}").format(high=high)
    return _("USD {low} or more").format(low=low) if high is None else _("USD {low} to {high}").format(low=low, high=high)


# ---------------------------------------------------------------- chips


def chips_of(asked: Asked, groups: list[Group]) -> list[Chip]:
    chips = [Chip(_("Delivered in {canton}").format(canton=canton_name(asked.canton)), asked.url_anywhere)] if asked.canton else []
    for group in groups:
        chips += [Chip(choice.label, asked.url_without(group.name, choice.value)) for choice in _chosen(group.choices)]
    if asked.price_from is not None or asked.price_until is not None:
        chips.append(Chip(bounds_name(asked), asked.url_with(**{"precio.min": None, "precio.max": None})))
    return chips


def _chosen(choices: list[Choice]) -> Iterable[Choice]:
    for choice in choices:
        if choice.is_chosen:
            yield choice
        yield from _chosen(choice.nested)


def bounds_name(asked: Asked) -> str:
    low, high = amount_of(asked.price_from), amount_of(asked.price_until)
    if not high:
        return _("From USD {low} on").format(low=low)
    return _("From USD {low} to {high}").format(low=low, high=high) if low else _("Up to USD {high}").format(high=high)


def amount_of(price: Decimal | None) -> str:
    return "" if price is None else amount_text(price, is_unit_price=True)
