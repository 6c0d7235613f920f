from collections.abc import Iterable
from dataclasses import dataclass

from .models import Category, Product, ProductCategory


@dataclass(frozen=True)
class Specification:
    """One attribute of a sheet, as people read it."""

    name: str
    value: str


def specifications_of(product: Product) -> list[Specification]:
    values = product.attribute_values.select_related("attribute", "value_option").order_by("attribute_id")
    return [Specification(value.attribute.name, value.value_as_text) for value in values]


def category_trail(product: Product) -> list[Category]:
    """From the root to the shelf on which the sheet stands; empty when it stands on none."""
    shelf = product.categories.order_by("-depth", "path").first()
    return [*shelf.get_ancestors(), shelf] if shelf else []


def drawings_of(product_ids: Iterable[int]) -> dict[int, str]:
    """The drawing of each sheet's shelf, in one query."""
    links = ProductCategory.objects.filter(product__in=list(product_ids))
    return dict(links.values_list("product_id", "category__drawing"))
