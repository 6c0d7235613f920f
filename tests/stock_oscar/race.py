"""Twenty buyers at once for five units, each as Oscar's checkout orders: `python -m tests.stock_oscar.race`.

Prints how many orders were accepted. DATABASE_URL names an empty database.
"""

import os
import threading
from decimal import Decimal

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.stock_oscar.settings"

STOCK, BUYERS = 5, 20


def main() -> None:
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    product = make_product()
    ready, accepted = threading.Barrier(BUYERS), []
    threads = [threading.Thread(target=buy, args=(product, number, ready, accepted)) for number in range(BUYERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(len(accepted))


def make_product():
    from oscar.core.loading import get_model

    kind = get_model("catalogue", "ProductClass").objects.create(name="Bien", track_stock=True)
    product = get_model("catalogue", "Product").objects.create(title="Resma", product_class=kind)
    partner = get_model("partner", "Partner").objects.create(name="Papelera")
    product.stockrecords.create(partner=partner, partner_sku="R", price=Decimal("3.12"), num_in_stock=STOCK)
    return product


def buy(product, number: int, ready: threading.Barrier, accepted: list[int]) -> None:
    """Fill a cart while there is stock; then all check out together."""
    from django.db import connection
    from oscar.apps.order.utils import OrderCreator
    from oscar.apps.partner.strategy import Default
    from oscar.apps.shipping.methods import Free
    from oscar.core.loading import get_model
    from oscar.core.prices import Price

    basket = get_model("basket", "Basket").objects.create()
    basket.strategy = Default()
    basket.add_product(product, 1)
    total = Price("GBP", Decimal("3.12"), Decimal("3.12"))
    line = basket.all_lines()[0]
    ready.wait()
    if line.purchase_info.availability.is_purchase_permitted(1)[0]:
        OrderCreator().place_order(
            order_number=str(number),
            basket=basket,
            total=total,
            shipping_method=Free(),
            shipping_charge=Price("GBP", Decimal(0), Decimal(0)),
        )
        accepted.append(number)
    connection.close()


if __name__ == "__main__":
    main()
