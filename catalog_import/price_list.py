"""What a supplier offers today as a file that goes up again: a price update that, unchanged, changes nothing."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.utils.translation import gettext as _

from framework_agreements.models import FrameworkAgreement
from marketplace.kernel.money import CENT
from marketplace.registry.models import Membership
from marketplace.shop.partner.models import StockRecord
from marketplace.shop.partner.querysets import AGREEMENT
from marketplace.shop.partner.selectors import listings_of
from marketplace.shop.partner.vat import vat_rates_on

from .columns import COLUMNS
from .selectors import mappings_of

NAMES = ("sku", "price", "stock", "min_order_qty", "lead_time_days", "warranty_months", "image_url")


def price_list(membership: Membership, agreement: FrameworkAgreement, *, on: date, in_spanish: bool) -> Iterator[list]:
    """The header, then a row for each offer that is on sale. The products' names stand beside and are not read again."""
    known = {column.name: column.spanish if in_spanish else column.name for column in COLUMNS}
    sku, *terms = (known[name] for name in NAMES)
    yield [sku, _("product"), *terms]
    for offer in _offers(membership, agreement, on):
        yield _row(offer)


def whole_list(membership: Membership, agreement: FrameworkAgreement, *, on: date) -> Iterator[list]:
    """The same offers with all columns, as a price list that new products can be added to; unchanged it changes nothing too."""
    mapped = {(each.lot_id, each.cpc_code): each.file_category for each in mappings_of(agreement)}
    by_lot = {lot: category for (lot, _cpc_code), category in mapped.items()}
    rates = vat_rates_on(on)
    for offer in _offers(membership, agreement, on):
        category = mapped.get((offer.lot.pk, offer.product.cpc_code)) or by_lot.get(offer.lot.pk) or next(iter(mapped.values()))
        yield _whole_row(offer, category, rates.get(offer.vat_category, ""))


def _offers(membership: Membership, agreement: FrameworkAgreement, on: date) -> Iterator[StockRecord]:
    offers = listings_of(membership).on_sale(on).filter(**{AGREEMENT: agreement}).order_by("partner_sku", "pk")
    return offers.distinct("partner_sku").iterator(chunk_size=1000)


def _whole_row(offer: StockRecord, category: str, vat_percent: Decimal | str) -> list:
    """`category`: one that this agreement knows; of an offer that stands it decides nothing."""
    sheet = offer.product
    sku, name, price, *terms = _row(offer)
    return [
        sku, name, sheet.description, sheet.brand, sheet.gtin or "", category, offer.sales_unit, price, settings.CURRENCY,
        vat_percent, *terms, sheet.code, offer.pack_factor,
    ]  # fmt: skip


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
