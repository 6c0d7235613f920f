from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from .models import Category, Product, ProductAttributeValue, ProductCategory


@dataclass(frozen=True)
class Specification:
    """One attribute of a sheet, as people read it."""

    name: str
    value: str


def specifications_of(product: Product) -> list[Specification]:
    values = product.attribute_values.select_related("attribute", "value_option").order_by("attribute_id")
    return [Specification(value.attribute.name, _in_words(value)) for value in values]


def _in_words(value: ProductAttributeValue) -> str:
    """Oscar's Spanish writes a yes without its accent."""
    if value.attribute.type == "boolean":
        return _("Yes") if value.value_boolean else _("No")
    return value.value_as_text


def category_trail(product: Product) -> list[Category]:
    """From the root to the shelf on which the sheet stands; empty when it stands on none."""
    shelf = product.categories.order_by("-depth", "path").first()
    return [*shelf.get_ancestors(), shelf] if shelf else []


def drawings_of(product_ids: Iterable[int]) -> dict[int, str]:
    """The drawing of each sheet's shelf, in one query."""
    links = ProductCategory.objects.filter(product__in=list(product_ids))
    return dict(links.values_list("product_id", "category__drawing"))
