"""Sheets by the thousand are as if each had been saved alone."""

import pytest

from marketplace.kernel.numbers import is_valid_number
from marketplace.kernel.sets import fetch, next_id, passing_table
from marketplace.shop.catalogue import bulk
from marketplace.shop.catalogue.bulk import sheet_code, sheets_create, sheets_hold
from marketplace.shop.catalogue.models import Product

TITLES = ["Pañal niño, talla M", "Ñandú", "Œuvre «№ 5»", "Cable 2×1,5 mm²", "ﬁltro", "10 000 Ω", "Это", "a" * 300]
WORKED_OUT = (
    "title",
    "slug",
    "sort_key",
    "folded_title",
    "structure",
    "is_public",
    "is_discountable",
    "priority",
    "brand",
    "cpc_code",
)


@pytest.fixture
def create(category_factory, noon):
    shelf = category_factory()

    def create(titles: list[str]) -> int:
        rows = f"""
            SELECT {next_id("catalogue_product")} AS product_id, left(title, 255) AS title, 'De prueba' AS description,
                'HP' AS brand, NULL::text AS gtin, '452700014' AS cpc_code, 'C62' AS base_unit, {shelf.pk} AS category_id
            FROM unnest(%(titles)s) AS title
        """
        passing_table("sheets", rows, {"titles": titles})
        sheets_hold()
        return sheets_create("sheets", at=noon)

    create.shelf = shelf
    return create


def test_each_is_as_if_saved_alone(create, noon):
    assert create(TITLES) == len(TITLES)

    for sheet in Product.objects.all():
        alone = Product(
            code="X", title=sheet.title, brand="HP", cpc_code="452700014", base_unit="C62", product_class=sheet.product_class
        )
        alone.save()
        assert [getattr(sheet, name)[:255] if name == "slug" else getattr(sheet, name) for name in WORKED_OUT] == [
            getattr(alone, name) for name in WORKED_OUT
        ]
        assert (sheet.date_created, sheet.description, list(sheet.categories.all())) == (noon, "De prueba", [create.shelf])
        assert sheet.product_class.slug == "bien"
        alone.delete()


def test_codes_run_on_and_bear_their_check_digit(create):
    create(["a", "b"])
    create(["c"])

    codes = list(Product.objects.order_by("pk").values_list("code", flat=True))
    running = [int(code.split("-")[1]) for code in codes]
    assert running == list(range(running[0], running[0] + 3))
    assert all(is_valid_number(code) for code in codes)


def test_a_code():
    assert sheet_code(123) == "FN-000123-4"


def test_many_go_in_portions(create, monkeypatch):
    monkeypatch.setattr(bulk, "PORTION", 2)

    assert create(["a", "b", "c", "d", "e"]) == 5
    assert sorted(Product.objects.values_list("title", flat=True)) == ["a", "b", "c", "d", "e"]


def test_nobody_else_makes_sheets_meanwhile(db):
    sheets_hold()
    held = "SELECT count(*) FROM pg_locks JOIN pg_database d ON d.oid = database WHERE datname = current_database() AND objid = %s"
    assert fetch(held, [bulk.CREATING]) == [(1,)]
