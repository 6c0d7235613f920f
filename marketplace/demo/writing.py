"""Sheets and their offers into the database, a thousand sheets at once, with the rows that the services would write."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import count, islice

from oscar.core.utils import slugify

from framework_agreements.models import AdjudicatedItem, FrameworkAgreement
from marketplace.kernel.events import record
from marketplace.kernel.limits.models import Limit
from marketplace.kernel.money import dollars
from marketplace.kernel.numbers import sequence_of
from marketplace.kernel.sets import execute, fetch
from marketplace.kernel.text import fold, sort_key
from marketplace.registry.models import Supplier
from marketplace.shop.catalogue.bulk import SERIES, sheet_code
from marketplace.shop.catalogue.models import Category, Product, ProductAttributeValue
from marketplace.shop.partner.models import Price, StockRecord
from marketplace.shop.partner.services import partner_of

from .agreements import adjudication_ids
from .catalogue import WrittenKind
from .offers import Offer
from .plan import StockedSheet
from .sheets import Sheet
from .tables import suppliers

SHEETS_AT_ONCE = 1000
NAME_LENGTH = Product._meta.get_field("sort_key").max_length
SLUG_LENGTH = Product._meta.get_field("slug").max_length
Sale = tuple[Product, Sheet, Offer]


class CatalogueWriter:
    """Writes what is planned. `since`: from when the listings and their prices hold."""

    def __init__(self, shelves: dict[str, Category], kinds: dict[str, WrittenKind], since: datetime) -> None:
        self.shelves, self.kinds, self.since = shelves, kinds, since
        self.adjudications = adjudication_ids()
        self.partners = {supplier.ruc: partner_of(supplier).pk for supplier in Supplier.objects.all()}
        self.skus = {row.ruc: _skus(row.name) for row in suppliers()}

    def write(self, agreement: FrameworkAgreement, stocked: Iterable[StockedSheet]) -> tuple[int, int]:
        """How many sheets, how many listings."""
        sheets = listings = 0
        for batch in _batches(stocked):
            products = self._sheets_write([sheet for sheet, _ in batch])
            sales = [(product, sheet, offer) for product, (sheet, offers) in zip(products, batch, strict=True) for offer in offers]
            self._listings_write(agreement, sales)
            record("listings.applied", agreement, at=self.since, products=[product.pk for product in products])
            sheets, listings = sheets + len(products), listings + len(sales)
        return sheets, listings

    def finish(self) -> None:
        """Let the planner know what has come in: `autovacuum` would look only after the transaction."""
        models = (Product, ProductAttributeValue, AdjudicatedItem, Limit, StockRecord, Price)
        execute(f"ANALYZE {', '.join(model._meta.db_table for model in models)}")

    def _sheets_write(self, sheets: list[Sheet]) -> list[Product]:
        products = Product.objects.bulk_create(
            self._product(sheet, code) for sheet, code in zip(sheets, _codes(len(sheets)), strict=True)
        )
        on_shelf = Product.categories.through
        on_shelf.objects.bulk_create(
            on_shelf(product_id=product.pk, category_id=self.shelves[sheet.family.shelf].pk)
            for product, sheet in zip(products, sheets, strict=True)
        )
        ProductAttributeValue.objects.bulk_create(
            value
            for product, sheet in zip(products, sheets, strict=True)
            for value in self.kinds[sheet.family.kind].values_of(sheet, product.pk)
        )
        return products

    def _product(self, sheet: Sheet, code: str) -> Product:
        return Product(
            code=code,
            title=sheet.title,
            slug=slugify(sheet.title)[:SLUG_LENGTH],
            sort_key=sort_key(sheet.title)[:NAME_LENGTH],
            folded_title=fold(sheet.title)[:NAME_LENGTH],
            description=sheet.family.about,
            brand=sheet.brand,
            gtin=sheet.gtin,
            cpc_code=sheet.family.cpc,
            base_unit=sheet.family.unit,
            product_class=self.kinds[sheet.family.kind].product_class,
        )

    def _listings_write(self, agreement: FrameworkAgreement, sales: list[Sale]) -> None:
        items = AdjudicatedItem.objects.bulk_create(
            AdjudicatedItem(
                adjudication_id=self.adjudications[agreement.code, sheet.shelf.lot, offer.supplier.ruc],
                product=product,
                ceiling_price=dollars(offer.ceiling),
            )
            for product, sheet, offer in sales
        )
        stocks = Limit.objects.bulk_create(Limit(limit=offer.stock) for _, _, offer in sales)
        listings = StockRecord.objects.bulk_create(
            self._listing(sale, item, stock) for sale, item, stock in zip(sales, items, stocks, strict=True)
        )
        Price.objects.bulk_create(Price(listing=listing, net=listing.price, valid_from=self.since) for listing in listings)

    def _listing(self, sale: Sale, item: AdjudicatedItem, stock: Limit) -> StockRecord:
        product, sheet, offer = sale
        return StockRecord(
            adjudicated_item=item,
            product=product,
            partner_id=self.partners[offer.supplier.ruc],
            partner_sku=next(self.skus[offer.supplier.ruc]),
            price=offer.price,
            stock=stock,
            sales_unit=offer.pack.unit,
            pack_factor=offer.pack.factor,
            vat_category=sheet.shelf.vat,
            minimum_quantity=offer.minimum,
            lead_time_days=offer.lead_days,
            warranty_months=sheet.shelf.warranty_months,
            delivery_cantons=offer.cantons,
            status=StockRecord.Status.PUBLISHED,
            status_at=self.since,
        )


def _batches(stocked: Iterable[StockedSheet]) -> Iterator[list[StockedSheet]]:
    rest = iter(stocked)
    while batch := list(islice(rest, SHEETS_AT_ONCE)):
        yield batch


def _codes(number: int) -> list[str]:
    query = "SELECT nextval(%s) FROM generate_series(1, %s)"
    return [sheet_code(running) for (running,) in fetch(query, [sequence_of(SERIES), number])]


def _skus(name: str) -> Iterator[str]:
    """«TQ-000001», and so on: the supplier's own article numbers."""
    initials = "".join(word[0] for word in name.split()[:2])
    return (f"{initials}-{running:06d}" for running in count(1))
