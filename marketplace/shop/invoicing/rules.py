"""The three-way match: what was ordered, what was accepted, what is invoiced. Facts in, broken rules out, all at once."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.conf import settings

from marketplace.kernel.errors import Broken
from marketplace.shop.order.models import Order
from marketplace.shop.partner.totals import PricedLine, document_totals

from .access_key import INVOICE, is_access_key, read_access_key
from .models import Invoice

NUMBER = re.compile(r"\d{3}-\d{3}-\d{9}")
INVOICEABLE = (Order.Status.PARTIALLY_RECEIVED, Order.Status.RECEIVED)
ZERO = Decimal("0.00")


@dataclass(frozen=True)
class OrderedLine:
    """A line of the order, with what came of it so far.

    `position`: 1 for the order's first line. Quantities in sales units; `invoiced`: by other invoices that stand.
    """

    position: int
    title: str
    ordered: int
    accepted: int
    invoiced: int
    unit_price: Decimal
    vat_category: str
    vat_percent: Decimal

    @property
    def open(self) -> int:
        """What may still be invoiced."""
        return max(self.accepted - self.invoiced, 0)


@dataclass(frozen=True)
class InvoicedLine:
    """A line as the invoice says it. `position`: of the order's line that it invoices."""

    position: int
    quantity: int
    unit_price: Decimal
    net: Decimal
    vat_category: str
    vat_percent: Decimal

    @property
    def priced(self) -> PricedLine:
        return PricedLine(self.unit_price, self.quantity, self.vat_category, self.vat_percent)


@dataclass(frozen=True)
class OrderFacts:
    number: str
    status: str
    supplier_ruc: str
    accepted_on: date | None
    lines: tuple[OrderedLine, ...]


@dataclass(frozen=True)
class InvoiceFacts:
    """`number_is_used`: by another invoice of this supplier that stands. `gross`: the total that the paper says."""

    number: str
    supplier_ruc: str
    issued_on: date
    lines: tuple[InvoicedLine, ...]
    net: Decimal
    vat: Decimal
    gross: Decimal
    access_key: str = ""
    currency: str = settings.CURRENCY
    number_is_used: bool = False


def reasons_not_matching(order: OrderFacts, invoice: InvoiceFacts, *, today: date) -> list[Broken]:
    """Why this invoice is not what was ordered and accepted."""
    return [
        *_of_the_order(order, invoice),
        *_of_the_head(order, invoice, today),
        *_of_the_access_key(invoice),
        *_of_the_lines(order, invoice.lines),
        *_of_the_amounts(invoice),
    ]


def _of_the_order(order: OrderFacts, invoice: InvoiceFacts) -> Iterator[Broken]:
    if order.status not in INVOICEABLE:
        yield Broken("order_not_invoiceable", number=order.number, status=Order.Status(order.status).label)
    if invoice.supplier_ruc != order.supplier_ruc:
        yield Broken("invoice_of_another", number=order.number, ruc=order.supplier_ruc)


def _of_the_head(order: OrderFacts, invoice: InvoiceFacts, today: date) -> Iterator[Broken]:
    if not NUMBER.fullmatch(invoice.number):
        yield Broken("invoice_number_malformed")
    elif invoice.number_is_used:
        yield Broken("invoice_number_used", number=invoice.number)
    if invoice.issued_on > today:
        yield Broken("invoice_of_tomorrow", today=today)
    if order.accepted_on and invoice.issued_on < order.accepted_on:
        yield Broken("invoice_before_order", since=order.accepted_on)
    if invoice.currency != settings.CURRENCY:
        yield Broken("invoice_currency", currency=invoice.currency, ours=settings.CURRENCY)


def _of_the_access_key(invoice: InvoiceFacts) -> Iterator[Broken]:
    """An electronic invoice's key repeats its date, its issuer and its number."""
    if not invoice.access_key:
        return
    if not is_access_key(invoice.access_key):
        yield Broken("access_key_malformed")
        return
    said = read_access_key(invoice.access_key)
    if said.document_type != INVOICE:
        yield Broken("access_key_of_no_invoice")
    if said.ruc != invoice.supplier_ruc:
        yield Broken("access_key_ruc", said=said.ruc, ruc=invoice.supplier_ruc)
    if said.number != invoice.number:
        yield Broken("access_key_number", said=said.number)
    if said.issued_on != invoice.issued_on:
        yield Broken("access_key_date", said=said.issued_on or invoice.access_key[:8])


def _of_the_lines(order: OrderFacts, lines: Iterable[InvoicedLine]) -> Iterator[Broken]:
    lines = list(lines)
    known = {line.position: line for line in order.lines}
    if not lines:
        yield Broken("nothing_invoiced")
    for position, times in Counter(line.position for line in lines).items():
        if position not in known:
            yield Broken("not_ordered", position=position)
        elif times > 1:
            yield Broken("invoiced_twice", title=known[position].title)
    for line in lines:
        if line.position in known:
            yield from _of_a_line(known[line.position], line)


def _of_a_line(ordered: OrderedLine, line: InvoicedLine) -> Iterator[Broken]:
    title = ordered.title
    if line.quantity <= 0:
        yield Broken("invoiced_quantity_not_positive", title=title)
    elif line.quantity > ordered.open:
        yield _too_many(ordered, line.quantity)
    if line.unit_price != ordered.unit_price:
        yield Broken("price_differs", title=title, asked=line.unit_price, ordered=ordered.unit_price)
    if (line.vat_category, line.vat_percent) != (ordered.vat_category, ordered.vat_percent):
        yield Broken("vat_differs", title=title, asked=line.vat_percent, ordered=ordered.vat_percent)
    if line.net != line.priced.net:
        yield Broken("line_net_differs", title=title, asked=line.net, right=line.priced.net)


def _too_many(ordered: OrderedLine, asked: int) -> Broken:
    """«11 of 10: 1 too many»; of what is accepted, when others have invoiced a part of it."""
    values = {"title": ordered.title, "asked": asked, "extra": asked - ordered.open, "open": ordered.open}
    if ordered.invoiced:
        return Broken("over_invoiced_with_others", accepted=ordered.accepted, invoiced=ordered.invoiced, **values)
    return Broken("over_invoiced", **values)


def _of_the_amounts(invoice: InvoiceFacts) -> Iterator[Broken]:
    """VAT once per rate on the sum of the line nets, as the order has it."""
    totals = document_totals(line.priced for line in invoice.lines)
    if any(line.quantity > 0 for line in invoice.lines) and not totals.net:
        yield Broken("invoice_of_nothing")
    if invoice.net != totals.net:
        yield Broken("net_differs", asked=invoice.net, right=totals.net, difference=abs(invoice.net - totals.net))
    if invoice.vat != totals.vat:
        yield Broken("invoice_vat_differs", asked=invoice.vat, right=totals.vat, difference=abs(invoice.vat - totals.vat))
    if invoice.gross != totals.gross:
        yield Broken("gross_differs", asked=invoice.gross, right=totals.gross, difference=abs(invoice.gross - totals.gross))


def reasons_not_certifiable(invoice: Invoice, *, has_received: bool) -> list[Broken]:
    """`has_received`: whether whoever certifies recorded a reception of its order; the database holds that as well."""
    broken = []
    if invoice.status != Invoice.Status.REGISTERED:
        broken.append(Broken("invoice_already_decided", number=invoice.number, status=invoice.get_status_display()))
    if has_received:
        broken.append(Broken("certifier_received", number=invoice.number))
    return broken
