"""For each number on a line of standard input, lower the price of that listing to one that no page shows yet.

Prints when and what, a line of JSON each.
"""

import json
import sys
import time
from decimal import Decimal
from urllib.parse import quote

import django
from django.utils.timezone import localdate, now

HALF = Decimal("0.5037")  # the sheet's best offer from now on


def reprice(number: int) -> dict[str, object]:
    from marketplace.kernel.acting import acting
    from marketplace.kernel.screens.shown import amount_text
    from marketplace.shop.partner.services import listing_reprice

    listing = listings()[number * 7]
    price = (listing.price * HALF).quantize(Decimal("0.0001"))
    with acting(reason="bench"):
        listing_reprice(listing_id=listing.pk, price=price, actor=None, at=now())
    at = time.time()
    code = listing.product.code
    shelf = listing.product.categories.get()
    paths = {"category": f"{shelf.get_absolute_url()}?q={quote(code)}", "search": f"/catalogo/buscar/?q={quote(code)}"}
    return paths | {"at": at, "price": amount_text(price, is_unit_price=True)}


def listings():
    """The best offer of each sheet."""
    from marketplace.shop.partner.models import StockRecord

    offers = StockRecord.objects.with_terms().on_sale(localdate()).filter(price__gt=1, pack_factor=1)
    return offers.order_by("product_id", "price", "pk").distinct("product_id")


if __name__ == "__main__":
    django.setup()
    for line in sys.stdin:
        print(json.dumps(reprice(int(line))), flush=True)  # noqa: T201
