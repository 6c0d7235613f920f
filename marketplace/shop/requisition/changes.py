"""What has moved since a requisition was sent, line by line, each as a sentence. It judges nothing itself: what stands in the
way of an order is said by the rules that refuse it, the price by the lines as they would be ordered, the best offer by the sheet.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from marketplace.kernel.errors import Broken
from marketplace.kernel.screens.shown import amount_text, number_text
from marketplace.shop.catalogue.units import unit_name
from marketplace.shop.partner.offers import BestOffer, best_offers
from marketplace.shop.partner.rules import Demand, reasons_not_orderable
from marketplace.shop.partner.selectors import listings_asked

from .models import Requisition, RequisitionLine
from .pricing import lines_at_prices_in_force


@dataclass(frozen=True)
class Change:
    """`tone`: ``bad`` if it stands in the way of the order, ``warn`` if the order will differ, ``info`` if it is good to know."""

    tone: str
    sentence: str

    @property
    def blocks(self) -> bool:
        return self.tone == "bad"


def refusals_of(requisition: Requisition, lines: Iterable[RequisitionLine], at: datetime) -> dict[int, list[Broken]]:
    """By the key of a line, why it cannot be ordered: suppliers, lots, agreements, coverage and stock as they are now."""
    lines = list(lines)
    canton = requisition.delivery_canton
    found = listings_asked((line.listing_id for line in lines), on=localdate(at), canton=canton)
    return {line.pk: reasons_not_orderable(found[line.listing_id], Demand(line.quantity, canton)) for line in lines}


def changes_now(requisition: Requisition, at: datetime) -> dict[int, list[Change]]:
    """Of the lines that are kept, for whoever does not decide on them."""
    return changes_of(requisition, lines_at_prices_in_force(requisition, at), at)


def changes_of(requisition: Requisition, lines: list[RequisitionLine], at: datetime) -> dict[int, list[Change]]:
    """By the key of a line. `lines`: as an approval now would order them. Two queries, whatever their number."""
    refusals = refusals_of(requisition, lines, at)
    best = best_offers([line.product_id for line in lines], on=localdate(at), canton=requisition.delivery_canton)
    return {
        line.pk: [
            *(Change("bad", broken.sentence) for broken in refusals[line.pk]),
            *(Change("warn", sentence) for sentence in _terms_moved(line)),
            *(Change("info", sentence) for sentence in _good_to_know(line, best.get(line.product_id))),
        ]
        for line in lines
    }


def _terms_moved(line: RequisitionLine) -> Iterator[str]:
    """From what was sent to what would be ordered now."""
    sent = line.price_sent.net
    if line.unit_price.amount != sent:
        yield _say(_("The price moved: USD {sent} → USD {now}."), sent=_price(sent), now=_price(line.unit_price))
    if line.vat_percent != line.vat_percent_sent:
        yield _say(_("VAT moved: {sent} % → {now} %."), sent=_rate(line.vat_percent_sent), now=_rate(line.vat_percent))
    if line.sales_unit != line.sales_unit_before:
        words = {"sent": unit_name(line.sales_unit_before), "now": unit_name(line.sales_unit)}
        yield _say(_("The sales unit moved: {sent} → {now}."), **words)


def _good_to_know(line: RequisitionLine, best: BestOffer | None) -> Iterator[str]:
    if line.listing.lead_time_days != line.lead_time_days:
        days = {"sent": line.lead_time_days, "now": line.listing.lead_time_days}
        yield _say(_("The delivery time on offer moved: {sent} → {now} days. The order keeps the one that was sent."), **days)
    if best is not None and best.pk != line.listing_id and best.base_price < line.base_price:
        words = {"unit": line.base_unit_name, "best": _price(best.base_price), "ours": _price(line.base_price)}
        text = _("{supplier} comes first now: USD {best} per {unit}, and here it is USD {ours}.")
        yield _say(text, supplier=best.supplier_name, **words)


def _say(text: str, **words: Any) -> str:
    return text.format(**words)


def _price(amount: Any) -> str:
    return amount_text(amount, is_unit_price=True)


def _rate(percent: Any) -> str:
    return number_text(percent.normalize(), max(0, -percent.normalize().as_tuple().exponent))
