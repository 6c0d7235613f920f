"""What a document comes to: lines rounded once each, VAT once per category on the sum of the line nets (EN 16931)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from marketplace.kernel.money import line_net, vat_of

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
    """The part of a document that bears one rate."""

    category: str
    percent: Decimal
    base: Decimal

    @property
    def amount(self) -> Decimal:
        return vat_of(self.base, self.percent)


@dataclass(frozen=True)
class Totals:
    """Of one document, or the sum over several; a sum never rounds again."""

    net: Decimal
    shares: tuple[VatShare, ...]
    vat: Decimal

    @property
    def gross(self) -> Decimal:
        return self.net + self.vat


def document_totals(lines: Iterable[PricedLine]) -> Totals:
    bases: dict[tuple[str, Decimal], Decimal] = defaultdict(lambda: ZERO)
    for line in lines:
        bases[line.vat_category, line.vat_percent] += line.net
    shares = tuple(VatShare(category, percent, base) for (category, percent), base in sorted(bases.items()))
    return Totals(sum(bases.values(), ZERO), shares, sum((share.amount for share in shares), ZERO))


def sum_of_totals(documents: Iterable[Totals]) -> Totals:
    """VAT and total of a basket or requisition are the sums over its future orders."""
    documents = list(documents)
    bases: dict[tuple[str, Decimal], Decimal] = defaultdict(lambda: ZERO)
    for document in documents:
        for share in document.shares:
            bases[share.category, share.percent] += share.base
    shares = tuple(VatShare(category, percent, base) for (category, percent), base in sorted(bases.items()))
    return Totals(sum((each.net for each in documents), ZERO), shares, sum((each.vat for each in documents), ZERO))
