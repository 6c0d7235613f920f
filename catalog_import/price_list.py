"""What a supplier offers today as a file that goes up again: a price update that, unchanged, changes nothing."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from framework_agreements.models import FrameworkAgreement
from marketplace.kernel.money import CENT
from marketplace.registry.models import Membership
from marketplace.shop.partner.models import StockRecord
from marketplace.shop.partner.querysets import AGREEMENT
from marketplace.shop.partner.selectors import listings_of

from .columns import COLUMNS

NAMES = ("sku", "price", "stock", "min_order_qty", "lead_time_days", "warranty_months", "image_url")


def price_list(membership: Membership, agreement: FrameworkAgreement, *, on: date, in_spanish: bool) -> Iterator[list]:
    """The header, then a row for each offer that is on sale. The products' names stand beside and are not read again."""
    known = {column.name: column.spanish if in_spanish else column.name for column in COLUMNS}
    sku, *terms = (known[name] for name in NAMES)
    yield [sku, _("product"), *terms]
    offers = listings_of(membership).on_sale(on).filter(**{AGREEMENT: agreement}).order_by("partner_sku", "pk")
    for offer in offers.distinct("partner_sku").iterator(chunk_size=1000):
        yield _row(offer)


def _row(offer: StockRecord) -> list:
    return [
        offer.partner_sku, offer.product.title, plain(offer.price), int(offer.stock.left), offer.minimum_quantity,
        offer.lead_time_days, offer.warranty_months, offer.image_url,
    ]  # fmt: skip


def plain(price: Decimal) -> Decimal:
    """3.120000 as 3.12: two decimals, or as many as count."""
    cents = price.quantize(CENT)
    return cents if price == cents else price.normalize()


def with_comma(value: object) -> object:
    """Decimals as spreadsheets here write them in delimited text."""
    return f"{value:f}".replace(".", ",") if isinstance(value, Decimal) else value
