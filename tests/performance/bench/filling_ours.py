"""Our side's data, by our generator: `python -m tests.performance.bench.filling_ours FOLDER --listings N --categories N`.

The demonstration of that size, its shelves split until there are so many, and one sheet with 200 offers. What both sides
hold alike is written to FOLDER for the peer: `categories.csv`, `products.csv`, `offers.csv`; what is asked for, to `asked.json`.
"""

import csv
import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

import django
from django.core.management import call_command
from django.db import transaction
from django.utils.timezone import now

OFFERS_OF_ONE, LINES, BUYERS = 200, 50, 4
MUCH = 1_000_000_000
SPLIT = """
WITH placed AS (
    SELECT id, row_number() OVER (ORDER BY product_id) %% %s AS part FROM catalogue_productcategory WHERE category_id = %s
)
UPDATE catalogue_productcategory SET category_id = (%s::bigint[])[placed.part + 1]
FROM placed WHERE placed.id = catalogue_productcategory.id
"""


def main(folder: Path, listings: int, categories: int) -> None:
    from cms.services import portal_load
    from marketplace.demo.preparing import static_files_collect
    from marketplace.demo.services import demo_load
    from marketplace.kernel.acting import acting
    from marketplace.kernel.sets import execute

    with acting(reason="bench"):
        static_files_collect(quiet)
        portal_load()
        demo_load(listings=listings, seed=1, at=now(), say=quiet)
        with transaction.atomic():
            split_shelves(categories)
            offer_widely()
            buyers_enter()
        execute("ANALYZE")
        call_command("search_rebuild", verbosity=0)
        hand_over(folder)


def quiet(line: str) -> None:
    """Nobody listens."""


def split_shelves(wanted: int) -> None:
    """Add shelves below the last ones, evenly, and spread their sheets over them."""
    from marketplace.kernel.sets import execute
    from marketplace.shop.catalogue.models import Category

    leaves = list(Category.objects.filter(numchild=0))
    missing = max(wanted - Category.objects.count(), 0)
    for place, shelf in enumerate(leaves):
        parts = missing // len(leaves) + (place < missing % len(leaves))
        made = [shelf.add_child(name=f"{shelf.name} {number + 1}", code=f"{shelf.code}-{number + 1}") for number in range(parts)]
        if made:
            execute(SPLIT, [parts, shelf.pk, [each.pk for each in made]])


def offer_widely() -> None:
    """Let the first sheet with offers have 200 of them."""
    from framework_agreements.models import AdjudicatedItem
    from marketplace.kernel.limits.models import Limit
    from marketplace.shop.partner.models import Price, StockRecord

    first = StockRecord.objects.order_by("product_id", "pk").first()
    offers = list(StockRecord.objects.filter(product_id=first.product_id))
    for number in range(OFFERS_OF_ONE - len(offers)):
        copy = StockRecord.objects.get(pk=offers[number % len(offers)].pk)
        item = AdjudicatedItem.objects.get(pk=copy.adjudicated_item_id)
        copy.pk = copy.id = None
        copy.id_public = StockRecord._meta.get_field("id_public").get_default()
        copy.adjudicated_item, copy.partner_sku = item, f"{copy.partner_sku}-{number}"
        copy.stock = Limit.objects.create(limit=MUCH)
        copy.price = copy.price + number / copy.price.__class__(1000)
        copy.save(force_insert=True)
        Price.objects.create(listing=copy, net=copy.price, valid_from=now() - timedelta(days=1))


def buyers_enter() -> None:
    """Requesters with a cart each, so that none waits for another's; and stock enough for all that they will ask."""
    from marketplace.demo.accounts import ENTITY_RUC, PASSWORD
    from marketplace.kernel.limits.models import Limit
    from marketplace.registry.models import Entity, User
    from marketplace.registry.roles import Role
    from marketplace.registry.services import membership_grant

    entity = Entity.objects.get(ruc=ENTITY_RUC)
    for number in range(BUYERS):
        user = User.objects.create_user(email=email_of(number), password=PASSWORD)
        user.emailaddress_set.create(email=user.email, verified=True, primary=True)
        membership_grant(user=user, role=Role.REQUESTER, entity=entity, at=now() - timedelta(days=1))
    Limit.objects.all().update(limit=MUCH)


def email_of(buyer: int) -> str:
    return f"comprador{buyer}@bench.example"


def asked() -> dict[str, object]:
    """What the visitors of both sides ask for, in our words and by our keys."""
    from django.utils.timezone import localdate

    from marketplace.shop.catalogue.models import Category, Product
    from marketplace.shop.partner.models import StockRecord

    top = Category.objects.filter(depth=1).order_by("pk").first()
    wide = StockRecord.objects.order_by("product_id", "pk").first().product
    offers = StockRecord.objects.on_sale(localdate()).filter(minimum_quantity=1, delivery_cantons=None).exclude(product=wide)
    of_wide = StockRecord.objects.on_sale(localdate()).filter(product=wide).count()
    chosen = offers.order_by("product_id", "pk").distinct("product_id")[:LINES]
    return {
        "category": {"path": top.get_absolute_url(), "name": top.name},
        "product": {"path": wide.get_absolute_url(), "code": wide.code, "title": wide.title, "offers": of_wide},
        "lines": [{"listing": str(each.id_public), "code": Product.objects.get(pk=each.product_id).code} for each in chosen],
    }


def hand_over(folder: Path) -> None:
    from marketplace.shop.catalogue.models import Category, Product
    from marketplace.shop.partner.models import StockRecord

    shelves = ((each.path, each.depth, each.name) for each in Category.objects.order_by("path"))
    write(folder / "categories.csv", shelves)
    write(folder / "products.csv", Product.objects.order_by("pk").values_list("code", "title", "categories__path"))
    offers = StockRecord.objects.order_by("product_id", "pk").values_list(
        "product__code", "partner__name", "partner_sku", "price", "stock__limit"
    )
    write(folder / "offers.csv", offers.iterator(chunk_size=5000))
    (folder / "asked.json").write_text(json.dumps(asked(), ensure_ascii=False, indent=1), encoding="utf-8")


def write(path: Path, rows: Iterable[tuple]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)


if __name__ == "__main__":
    parser = ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--listings", type=int, required=True)
    parser.add_argument("--categories", type=int, required=True)
    arguments = parser.parse_args()
    django.setup()
    sys.exit(main(arguments.folder, arguments.listings, arguments.categories))
