"""Shelves, and the kinds of sheet with their attributes."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from marketplace.shop.catalogue.models import (
    AttributeOption,
    AttributeOptionGroup,
    Category,
    ProductAttribute,
    ProductAttributeValue,
    ProductClass,
)

from .sheets import Sheet
from .tables import Attribute, Family, Kind, groups, kinds, shelves


@dataclass(frozen=True)
class WrittenKind:
    """A kind as it stands in the database. `options`: keys by attribute and word."""

    product_class: ProductClass
    attributes: dict[str, tuple[Attribute, int]]
    options: dict[tuple[str, str], int]

    def values_of(self, sheet: Sheet, product_id: int) -> list[ProductAttributeValue]:
        """What the sheet says, in the order of the kind's attributes."""
        return [
            ProductAttributeValue(product_id=product_id, attribute_id=key, **self._value(attribute, sheet.words[code]))
            for code, (attribute, key) in self.attributes.items()
            if code in sheet.words
        ]

    def _value(self, attribute: Attribute, words: str) -> dict:
        if attribute.type == "option":
            return {"value_option_id": self.options[attribute.code, words]}
        return {f"value_{attribute.type}": attribute.typed(words)}


def shelves_write() -> dict[str, Category]:
    """Two levels; the second by code."""
    roots = {
        group.code: Category.add_root(name=group.name, code=group.code, drawing=group.drawing, is_public=True) for group in groups()
    }
    return {
        shelf.code: roots[shelf.group].add_child(name=shelf.name, code=shelf.code, drawing=shelf.drawing)
        for shelf in shelves().values()
    }


def kinds_write() -> dict[str, WrittenKind]:
    words = _words_by_option()
    return {kind.code: _kind_write(kind, words) for kind in kinds().values()}


def _kind_write(kind: Kind, words: dict[tuple[str, str], dict[str, None]]) -> WrittenKind:
    is_service = not any(shelves()[family.shelf].brands for family in _families_of(kind))
    product_class = ProductClass.objects.create(name=kind.name, requires_shipping=not is_service)
    attributes, options = {}, {}
    for attribute in kind.attributes.values():
        group = _options_write(kind, attribute, list(words[kind.code, attribute.code])) if attribute.type == "option" else None
        row = ProductAttribute.objects.create(
            product_class=product_class, code=attribute.code, name=attribute.name, type=attribute.type, option_group=group
        )
        attributes[attribute.code] = attribute, row.pk
        if group is not None:
            options |= {(attribute.code, option.option): option.pk for option in group.options.all()}
    return WrittenKind(product_class, attributes, options)


def _options_write(kind: Kind, attribute: Attribute, words: list[str]) -> AttributeOptionGroup:
    group = AttributeOptionGroup.objects.create(name=f"{kind.name}: {attribute.name}", code=f"{kind.code}-{attribute.code}")
    AttributeOption.objects.bulk_create(AttributeOption(group=group, option=word) for word in words)
    return group


def _families_of(kind: Kind) -> Iterator[Family]:
    return (family for group in groups() for family in group.families if family.kind == kind.code)


def _words_by_option() -> dict[tuple[str, str], dict[str, None]]:
    """What the families of a kind say of each attribute, in the order of the tables, each word once."""
    found: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    for group in groups():
        for family in group.families:
            for code, words in family.words.items():
                found[family.kind, code].update(dict.fromkeys(word.text for word in words))
    return found
