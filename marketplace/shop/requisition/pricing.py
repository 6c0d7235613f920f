"""The lines of a requisition at the prices and rates in force, and what its orders come to."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from operator import attrgetter

from django.db.models import BigIntegerField
from django.utils.timezone import localdate

from framework_agreements.models import AgreementLot
from marketplace.kernel.money import dollars
from marketplace.kernel.prepared import Given, Prepared
from marketplace.shop.partner.models import Price, StockRecord
from marketplace.shop.partner.selectors import prices_in_force
from marketplace.shop.partner.totals import Totals, document_totals, sum_of_totals
from marketplace.shop.partner.vat import vat_rates_on

from .models import Requisition, RequisitionLine


@dataclass(frozen=True)
class FutureOrder:
    """The lines of one supplier under one agreement."""

    supplier_id: int
    agreement_id: int
    lines: list[RequisitionLine]

    @property
    def totals(self) -> Totals:
        return document_totals(line.priced for line in self.lines)

    def gross_by_lot(self) -> dict[AgreementLot, Decimal]:
        """USD with VAT that each lot's ceiling has to bear; each lot's share is rounded by itself."""
        lines_of: dict[AgreementLot, list[RequisitionLine]] = defaultdict(list)
        for line in self.lines:
            lines_of[line.lot].append(line)
        return {lot: document_totals(line.priced for line in lines).gross for lot, lines in lines_of.items()}


def future_orders(lines: Iterable[RequisitionLine]) -> list[FutureOrder]:
    def order(line: RequisitionLine) -> tuple[str, int, int]:
        return line.supplier_name, line.supplier_id, line.agreement_id

    grouped = groupby(sorted(lines, key=order), key=order)
    return [FutureOrder(supplier, agreement, list(group)) for (_, supplier, agreement), group in grouped]


def requisition_totals(lines: Iterable[RequisitionLine]) -> Totals:
    """What the orders of these lines come to."""
    return sum_of_totals(order.totals for order in future_orders(lines))


def line_snapshot(listing: StockRecord, quantity: int, *, price: Price, percent: Decimal) -> RequisitionLine:
    """A line with all that it must still say when listing, sheet and agreement have changed."""
    line = RequisitionLine(
        listing=listing,
        product=listing.product,
        supplier=listing.supplier,
        agreement=listing.agreement,
        lot=listing.lot,
        product_code=listing.product.code,
        product_title=listing.product.title,
        cpc_code=listing.product.cpc_code,
        partner_sku=listing.partner_sku,
        supplier_name=listing.supplier.name,
        sales_unit=listing.sales_unit,
        pack_factor=listing.pack_factor,
        base_unit=listing.product.base_unit,
        lead_time_days=listing.lead_time_days,
        quantity=quantity,
        vat_category=listing.vat_category,
    )
    line.price_sent, line.vat_percent_sent = price, percent
    return _priced(line, price, percent)


def _priced(line: RequisitionLine, price: Price, percent: Decimal) -> RequisitionLine:
    line.price, line.unit_price, line.vat_percent = price, dollars(price.net), percent
    line.net = dollars(line.priced.net)
    return line


RENEWED = attrgetter("price_id", "unit_price", "net", "vat_category", "vat_percent", "sales_unit")


def lines_at_prices_in_force(requisition: Requisition, at: datetime) -> list[RequisitionLine]:
    """The lines that are kept as an approval at this instant would order them. Saves nothing.

    A price that was sent is held (`holding.py`): the lower of it and the one in force counts. `is_renewed`: whether a line
    differs from the one that is written, in its price or otherwise; `sales_unit_before`: the one that is written.
    """
    lines = _LINES.models(requisition=requisition.pk)
    prices = prices_in_force([line.listing_id for line in lines], at)
    rates = vat_rates_on(localdate(at))
    for line in lines:
        line.requisition = requisition
        before, line.sales_unit_before = RENEWED(line), line.sales_unit
        line.vat_category, line.sales_unit = line.listing.vat_category, line.listing.sales_unit
        _priced(line, min(prices[line.listing_id], line.price_sent, key=attrgetter("net")), rates[line.vat_category])
        line.is_renewed = RENEWED(line) != before
    return lines


_LINES = Prepared(
    lambda: (
        RequisitionLine.objects.kept()
        .filter(requisition=Given("requisition", BigIntegerField()))
        .select_related("lot__agreement", "supplier", "agreement", "product", "listing", "price_sent")
    )
)
