"""The cart as its page shows it: grouped into the orders that it will give, priced in one go."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from framework_agreements.models import FrameworkAgreement
from marketplace.kernel.errors import Broken
from marketplace.kernel.screens.templatetags.screens import unit_price
from marketplace.registry.models import Membership, Supplier
from marketplace.shop.catalogue.selectors import drawings_of
from marketplace.shop.partner.models import StockRecord
from marketplace.shop.partner.rules import Demand, reasons_not_orderable
from marketplace.shop.partner.selectors import listings_asked
from marketplace.shop.partner.totals import PricedLine, Totals, document_totals, sum_of_totals
from marketplace.shop.partner.vat import vat_rates_on

from .models import Basket, Line


@dataclass(frozen=True)
class CartLine:
    """A line at today's price. `broken`: why it cannot be ordered as it is."""

    line: Line
    listing: StockRecord
    priced: PricedLine
    broken: list[Broken]
    drawing: str = ""

    @property
    def price_seen(self) -> Decimal:
        return self.line.price_excl_tax

    @property
    def meta(self) -> str:
        return f"{self.listing.product.code} · {self.listing.pack}"

    @property
    def promise(self) -> SafeString:
        """What will be delivered, in the sheet's own unit; of a pack, at what that comes to."""
        words, listing = escape(self.listing.in_words(self.line.quantity)), self.listing
        if listing.pack_factor == 1:
            return mark_safe(_("You receive <strong>{words}</strong>.").format(words=words))
        price, unit = unit_price(listing.base_price), escape(listing.product.base_unit_name)
        sentence = _("You receive <strong>{words}</strong>, at {price} per {unit}.")
        return mark_safe(sentence.format(words=words, price=price, unit=unit))

    @property
    def has_new_price(self) -> bool:
        return self.price_seen != self.listing.price


@dataclass(frozen=True)
class CartOrder:
    """What will be one order: a supplier under an agreement."""

    supplier: Supplier
    agreement: FrameworkAgreement
    lines: list[CartLine]
    totals: Totals

    @property
    def lead_time_days(self) -> int:
        return max(line.listing.lead_time_days for line in self.lines)


@dataclass(frozen=True)
class Cart:
    orders: list[CartOrder]
    totals: Totals

    @property
    def lines(self) -> list[CartLine]:
        return [line for order in self.orders for line in order.lines]

    @property
    def price_changes(self) -> list[CartLine]:
        """Lines whose price is no longer the one that was seen."""
        return [line for line in self.lines if line.has_new_price]

    @property
    def broken(self) -> list[Broken]:
        return [broken for line in self.lines for broken in line.broken]


def open_basket_of(membership: Membership) -> Basket | None:
    return Basket.objects.filter(membership=membership, status=Basket.OPEN).first()


def line_count_of(membership: Membership) -> int:
    """How many lines the open cart has, for the header."""
    return Line.objects.filter(basket__membership=membership, basket__status=Basket.OPEN).count()


def cart_of(basket: Basket | None, *, on: date, canton: str = "") -> Cart:
    """Three queries, whatever the number of lines. `canton`: where all is to be delivered, if known."""
    lines = list(basket.lines.order_by("pk")) if basket else []
    listings = listings_asked((line.stockrecord_id for line in lines), on=on, canton=canton)
    drawings = drawings_of(line.product_id for line in lines)
    cart_lines = [_cart_line(line, listings[line.stockrecord_id], on, canton, drawings) for line in lines]
    orders = [_order(list(group)) for _, group in groupby(sorted(cart_lines, key=_order_key), key=_order_key)]
    return Cart(orders, sum_of_totals(order.totals for order in orders))


def _cart_line(line: Line, listing: StockRecord, on: date, canton: str, drawings: dict[int, str]) -> CartLine:
    priced = PricedLine(listing.price, line.quantity, listing.vat_category, vat_rates_on(on)[listing.vat_category])
    broken = reasons_not_orderable(listing, Demand(line.quantity, canton))
    return CartLine(line, listing, priced, broken, drawings.get(line.product_id, ""))


def _order_key(line: CartLine) -> tuple[str, int, str, int]:
    return line.listing.supplier.name, line.listing.supplier.pk, line.listing.agreement.code, line.listing.agreement.pk


def _order(lines: list[CartLine]) -> CartOrder:
    first = lines[0].listing
    return CartOrder(first.supplier, first.agreement, lines, document_totals(line.priced for line in lines))
