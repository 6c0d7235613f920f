"""Lower the price of the listing of this number to one that no page shows yet; prints when and what, as JSON."""

import json
import sys
import time
from decimal import Decimal
from urllib.parse import quote

import django
from django.utils.timezone import localdate, now

HALF = Decimal("0.5037")  # the sheet's best offer from now on


def main(number: int) -> None:
    django.setup()
    from marketplace.kernel.acting import acting
    from marketplace.kernel.screens.shown import amount_text
    from marketplace.shop.partner.models import StockRecord
    from marketplace.shop.partner.services import listing_reprice

    offers = (
        StockRecord.objects.with_terms()
        .on_sale(localdate())
        .filter(price__gt=1, pack_factor=1)
        .order_by("product_id", "price", "pk")
    )
    listing = offers.distinct("product_id")[number * 7]
    price = (listing.price * HALF).quantize(Decimal("0.0001"))
    with acting(reason="bench"):
        listing_reprice(listing_id=listing.pk, price=price, actor=None, at=now())
    code = listing.product.code
    shelf = listing.product.categories.get()
    paths = {"category": f"{shelf.get_absolute_url()}?q={quote(code)}", "search": f"/catalogo/buscar/?q={quote(code)}"}
    print(json.dumps(paths | {"at": time.time(), "price": amount_text(price, is_unit_price=True)}))  # noqa: T201


if __name__ == "__main__":
    main(int(sys.argv[1]))
