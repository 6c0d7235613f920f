"""What a document comes to: lines rounded once each, VAT once per category on the sum of the line nets (EN 16931)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from marketplace.kernel.money import MICRO, line_net, vat_of

ZERO = Decimal("0.00")


@dataclass(frozen=True)
class PricedLine:
    """`unit_price`: USD per sales unit, net. `vat_percent` of `vat_category` on the document's day."""

    unit_price: Decimal
    quantity: int
    vat_category: str
    vat_percent: Decimal

    @property
    def net(self) -> Decimal:
        return line_net(self.unit_price, self.quantity)


@dataclass(frozen=True)
class VatShare:
    """The part of a document, or of several, that bears one rate. `amount`: its VAT in USD."""

    category: str
    percent: Decimal
    base: Decimal
    amount: Decimal


@dataclass(frozen=True)
class Totals:
    """Of one document, or the sum over several: a sum adds what each document rounded, and never rounds again."""

    shares: tuple[VatShare, ...]

    @property
    def net(self) -> Decimal:
        return sum((share.base for share in self.shares), ZERO)

    @property
    def vat(self) -> Decimal:
        return sum((share.amount for share in self.shares), ZERO)

    @property
    def gross(self) -> Decimal:
        return self.net + self.vat


def document_totals(lines: Iterable[PricedLine]) -> Totals:
    """Of one order: VAT once per rate, on the sum of the line nets."""
    bases: dict[tuple[str, Decimal], Decimal] = defaultdict(lambda: ZERO)
    for line in lines:
        bases[line.vat_category, line.vat_percent] += line.net
    return Totals(tuple(VatShare(*rate, base, vat_of(base, rate[1])) for rate, base in sorted(bases.items())))


def sum_of_totals(documents: Iterable[Totals]) -> Totals:
    """Of a cart or a requisition: the sums over its future orders."""
    sums: dict[tuple[str, Decimal], tuple[Decimal, Decimal]] = defaultdict(lambda: (ZERO, ZERO))
    for share in (share for document in documents for share in document.shares):
        base, amount = sums[share.category, share.percent]
        sums[share.category, share.percent] = base + share.base, amount + share.amount
    return Totals(tuple(VatShare(*rate, *both) for rate, both in sorted(sums.items())))


def price_per_base_unit(unit_price: Decimal, pack_factor: int) -> Decimal:
    """`unit_price`: USD per pack. As PostgreSQL computes `StockRecord.base_price`."""
    return (unit_price / pack_factor).quantize(MICRO, ROUND_HALF_UP)
