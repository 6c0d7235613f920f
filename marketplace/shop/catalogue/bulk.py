"""New sheets by the thousand, with their codes and their shelf."""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from oscar.core.utils import slugify
from stdnum import damm

from marketplace.kernel.numbers import sequence_of
from marketplace.kernel.sets import copy_rows, execute, fetch, receiving_table
from marketplace.kernel.text import fold, sort_key

from .models import Product, ProductClass

SERIES = "FN"
GOODS = "bien"
NAMES = {"product_id": "bigint", "code": "text", "slug": "text", "sort_key": "text", "folded_title": "text"}
PORTION = 20_000
CREATING = 7_310_002  # the advisory lock under which sheets are made, so that a GTIN gets one sheet


def sheets_hold() -> None:
    """Let nobody else make sheets until this transaction ends; look for the sheet again once you hold it."""
    fetch("SELECT pg_advisory_xact_lock(%s)", [CREATING])


@transaction.atomic
def sheets_create(sheets: str, *, at: datetime) -> int:
    """Make sheets and put each on its shelf. How many.

    `sheets`: a table or query in brackets, one row per sheet: `product_id` (a fresh key), `title`, `description`,
    `brand`, `gtin` (14 digits or null), `cpc_code`, `base_unit`, `category_id`. The caller holds `sheets_hold`.
    """
    receiving_table("sheet_names", NAMES, (), joined_by="product_id")
    for titles in _titles(sheets):
        copy_rows("sheet_names", list(NAMES), _names(titles))
    created = execute(_CREATE.format(sheets=sheets), {"at": at, "goods": _goods().pk})
    execute(_SHELVE.format(sheets=sheets))
    return created


def sheet_code(running: int) -> str:
    """«FN-000123-4»: the running number and its check digit (Damm)."""
    return f"{SERIES}-{running:06d}-{damm.calc_check_digit(f'{running:06d}')}"


def _titles(sheets: str) -> Iterator[list[tuple[int, str, int]]]:
    """Key, title and the next running number, in portions that fit the memory."""
    last = 0
    while portion := fetch(_TITLES.format(sheets=sheets), {"last": last, "portion": PORTION}):
        yield portion
        last = portion[-1][0]


def _names(titles: list[tuple[int, str, int]]) -> Iterator[tuple[str, ...]]:
    """What follows from a title, worked out as `Product.save` does."""
    longest = Product._meta.get_field("sort_key").max_length
    longest_slug = Product._meta.get_field("slug").max_length
    for key, title, running in titles:
        yield str(key), sheet_code(running), slugify(title)[:longest_slug], sort_key(title)[:longest], fold(title)[:longest]


def _goods() -> ProductClass:
    """The kind of sheet that all imported things are."""
    return ProductClass.objects.get_or_create(slug=GOODS, defaults={"name": "Bien"})[0]


_TITLES = f"""
SELECT product_id, title, nextval('{sequence_of(SERIES)}')
FROM (SELECT product_id, title FROM {{sheets}} s WHERE product_id > %(last)s ORDER BY product_id LIMIT %(portion)s) AS portion
"""
_CREATE = """
INSERT INTO catalogue_product (
    id, code, title, slug, sort_key, folded_title, description, brand, gtin, cpc_code, base_unit, product_class_id,
    structure, is_public, is_discountable, priority, date_created, date_updated
)
SELECT s.product_id, n.code, s.title, n.slug, n.sort_key, n.folded_title, s.description, s.brand, s.gtin, s.cpc_code,
    s.base_unit, %(goods)s, 'standalone', true, true, 0, %(at)s, %(at)s
FROM {sheets} s JOIN sheet_names n ON n.product_id = s.product_id
ORDER BY s.product_id
"""
_SHELVE = """
INSERT INTO catalogue_productcategory (product_id, category_id)
SELECT product_id, category_id FROM {sheets} s ORDER BY product_id
"""
