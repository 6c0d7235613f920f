"""Which offer, at what price, whether it may be bought: Oscar's strategy, one policy per mixin.

Pages ask `request.strategy`; a cart line is always priced from the offer that was chosen, never from the first one.
"""

from django.utils.timezone import localdate
from oscar.apps.partner.availability import StockRequired as StockRequiredAvailability
from oscar.apps.partner.availability import Unavailable
from oscar.apps.partner.prices import FixedPrice
from oscar.apps.partner.prices import Unavailable as UnavailablePrice
from oscar.apps.partner.strategy import Structured

from marketplace.kernel.money import vat_of

from .models import StockRecord
from .quotes import Offers, offers_for_product
from .selectors import offers_of
from .vat import vat_rates_on


class BestOffer:
    """The first of the offers on sale, unless one was chosen."""

    def select_stockrecord(self, product) -> StockRecord | None:
        return offers_of(product.pk, on=localdate()).first()

    def fetch_for_line(self, line, stockrecord=None):
        return self.fetch_for_product(line.product, stockrecord or line.stockrecord)


class DatedVat:
    """Net price of the listing; the tax of one unit, for display. Documents compute theirs on their sums."""

    def pricing_policy(self, product, stockrecord):
        if stockrecord is None:
            return UnavailablePrice()
        percent = vat_rates_on(localdate())[stockrecord.vat_category]
        tax = vat_of(stockrecord.price, percent)
        return FixedPrice(stockrecord.price_currency, stockrecord.price, tax=tax, tax_code=stockrecord.vat_category)


class LimitedStock:
    """What is left of the listing's stock, if it is on sale."""

    def availability_policy(self, product, stockrecord):
        if stockrecord is None or not StockRecord.objects.on_sale(localdate()).filter(pk=stockrecord.pk).exists():
            return Unavailable()
        return StockRequiredAvailability(int(stockrecord.stock.left))


class CatalogueStrategy(BestOffer, DatedVat, LimitedStock, Structured):
    """The one strategy: every entity sees the same offers at the same prices."""

    def offers_for_product(self, product, *, canton: str = "", base_units: int | None = None) -> Offers:
        return offers_for_product(product, on=localdate(), canton=canton, base_units=base_units)


class Selector:
    def strategy(self, request=None, user=None, **kwargs) -> CatalogueStrategy:
        return CatalogueStrategy(request)
