"""Imports, timed without the start of the program: `python -m tests.performance.bench.importing ours|stock|copy FILE …`.

Prints JSON: seconds, peak memory in MB. `copy` is the limit: COPY into an unindexed table, then set-based inserts into
stock Oscar's tables.
"""

import json
import sys
import time
from pathlib import Path

import django
from django.core.management import CommandError, call_command

from tests.processes import most_memory

AGREEMENT = "CM-DEMO"
STAGE = """
CREATE TEMPORARY TABLE staged (
    sku text, name text, description text, brand text, gtin text, category text, unit text, price text, currency text,
    vat_percent text, stock text, min_order_qty text, lead_time_days text, warranty_months text, image_url text
)
"""
PRODUCTS = """
INSERT INTO catalogue_product (
    structure, upc, title, slug, description, is_public, is_discountable, date_created, date_updated, product_class_id, code,
    priority, meta_title, meta_description
)
SELECT 'standalone', gtin, name, 'p', description, true, true, now(), now(), (SELECT min(id) FROM catalogue_productclass), sku,
    0, '', ''
FROM staged
"""
CATEGORIES = """
INSERT INTO catalogue_productcategory (product_id, category_id)
SELECT p.id, (SELECT min(id) FROM catalogue_category) FROM staged s JOIN catalogue_product p ON p.upc = s.gtin
"""
OFFERS = """
INSERT INTO partner_stockrecord (
    partner_sku, price_currency, price, num_in_stock, date_created, date_updated, partner_id, product_id
)
SELECT s.sku, s.currency, s.price::numeric, s.stock::int, now(), now(), (SELECT min(id) FROM partner_partner), p.id
FROM staged s JOIN catalogue_product p ON p.upc = s.gtin
"""


def ours(path: Path) -> None:
    from marketplace.demo.accounts import SUPPLIER_RUC
    from marketplace.kernel.acting import acting

    try:
        with acting(reason="bench"):
            call_command("import_catalogue", path, supplier=SUPPLIER_RUC, agreement=AGREEMENT, publish=True, stdout=sys.stderr)
    except SystemExit as ended:
        if ended.code not in (0, 1):
            raise CommandError(f"The import ended with {ended.code}.") from ended


def stock(path: Path) -> None:
    call_command("oscar_import_catalogue", path)


def copy(path: Path) -> None:
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor, path.open(encoding="utf-8") as file:
        cursor.execute(STAGE)
        cursor.copy_expert("COPY staged FROM STDIN WITH (FORMAT csv, HEADER)", file)
        for statement in (PRODUCTS, CATEGORIES, OFFERS):
            cursor.execute(statement)


def main(how: str, paths: list[str]) -> None:
    django.setup()
    began = time.perf_counter()
    for path in paths:
        {"ours": ours, "stock": stock, "copy": copy}[how](Path(path))
    took = time.perf_counter() - began
    print(json.dumps({"seconds": took, "memory": most_memory() / 1024}))  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
