"""The peer's data, the same shelves, products and offers as ours: `python -m tests.performance.bench.filling_stock FOLDER`.

Reads what our side handed over; writes where the peer's pages of the same things are, to `asked_stock.json`.
"""

import csv
import json
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import django

AT_ONCE = 5000
MOST = 2_000_000_000


def main(folder: Path) -> None:
    from django.db import connection

    picture_write()
    shelves = shelves_write(rows_of(folder / "categories.csv"))
    products = products_write(rows_of(folder / "products.csv"), shelves)
    offers_write(rows_of(folder / "offers.csv"), products)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    found = asked(json.loads((folder / "asked.json").read_text(encoding="utf-8")))
    (folder / "asked_stock.json").write_text(json.dumps(found, ensure_ascii=False, indent=1), encoding="utf-8")


def asked(ours: dict) -> dict:
    from oscar.core.loading import get_model

    products = get_model("catalogue", "Product").objects
    category = get_model("catalogue", "Category").objects.get(name=ours["category"]["name"], depth=1)
    wide = products.get(upc=ours["product"]["code"])
    return {
        "category": {"path": category.get_absolute_url(), "name": category.name},
        "product": {"path": wide.get_absolute_url(), "title": wide.title},
        "lines": [products.get(upc=line["code"]).pk for line in ours["lines"]],
    }


def picture_write() -> None:
    """What stock Oscar shows of a product without pictures; without it each page would log a traceback per product."""
    from django.conf import settings
    from PIL import Image

    path = Path(settings.MEDIA_ROOT) / settings.OSCAR_MISSING_IMAGE_URL
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (440, 400), "white").save(path)


def rows_of(path: Path) -> Iterator[list[str]]:
    with path.open(newline="", encoding="utf-8") as file:
        yield from csv.reader(file)


def shelves_write(rows: Iterator[list[str]]) -> dict[str, int]:
    """Path of ours → key of theirs."""
    from oscar.core.loading import get_model

    category = get_model("catalogue", "Category")
    step = category.steplen
    made = {}
    for path, depth, name in rows:
        parent = category.objects.get(pk=made[path[:-step]]) if int(depth) > 1 else None
        made[path] = (parent.add_child(name=name) if parent else category.add_root(name=name)).pk
    return made


def products_write(rows: Iterator[list[str]], shelves: dict[str, int]) -> dict[str, int]:
    """Code → key."""
    from django.utils.text import slugify
    from oscar.core.loading import get_model

    product, placed = get_model("catalogue", "Product"), get_model("catalogue", "ProductCategory")
    kind = get_model("catalogue", "ProductClass").objects.create(name="Bien", track_stock=True)
    made = {}
    while batch := list(islice(rows, AT_ONCE)):
        written = product.objects.bulk_create(
            product(upc=code, title=title[:255], slug=slugify(title)[:255], product_class=kind) for code, title, _ in batch
        )
        placed.objects.bulk_create(
            placed(product=each, category_id=shelves[path]) for each, (_, _, path) in zip(written, batch, strict=True) if path
        )
        made |= {each.upc: each.pk for each in written}
    return made


def offers_write(rows: Iterator[list[str]], products: dict[str, int]) -> None:
    from oscar.core.loading import get_model

    partners, stock_record = get_model("partner", "Partner"), get_model("partner", "StockRecord")
    known: dict[str, int] = {}
    while batch := list(islice(rows, AT_ONCE)):
        for _, name, *_ in batch:
            if name not in known:
                known[name] = partners.objects.create(name=name).pk
        stock_record.objects.bulk_create(
            stock_record(
                product_id=products[code],
                partner_id=known[partner],
                partner_sku=sku,
                price=f"{float(price):.2f}",
                num_in_stock=min(int(float(stock)), MOST),
            )
            for code, partner, sku, price, stock in batch
        )


if __name__ == "__main__":
    django.setup()
    sys.exit(main(Path(sys.argv[1])))
