"""Which sheets an event concerns: those that it names, or those offered under its subject."""

from collections import defaultdict
from collections.abc import Iterable

from marketplace.kernel.events.models import Event
from marketplace.shop.partner.models import StockRecord
from marketplace.shop.partner.querysets import ADJUDICATION, AGREEMENT, LOT, SUPPLIER

KINDS = (
    "listing.published", "listing.withdrawn", "listing.price_changed", "listing.terms_changed", "listings.applied",
    "supplier.suspended", "supplier.resumed",
    "lot.changed", "lot.suspended", "lot.resumed",
    "adjudication.changed", "adjudication.suspended", "adjudication.resumed",
    "agreement.published", "agreement.changed", "agreement.closed",
    "product.changed",
)  # fmt: skip

SHEET = "catalogue.product"
LISTING_PATHS = {
    "partner.stockrecord": "pk",
    "registry.supplier": SUPPLIER,
    "framework_agreements.agreementlot": LOT,
    "framework_agreements.adjudication": ADJUDICATION,
    "framework_agreements.frameworkagreement": AGREEMENT,
}


def concerned_sheets(events: Iterable[Event]) -> list[int]:
    """In the order of their keys. One query for each kind of subject, however many events there are."""
    sheets: set[int] = set()
    subjects: dict[str, set[int]] = defaultdict(set)
    for event in events:
        if "products" in event.payload:
            sheets.update(event.payload["products"])
        elif event.subject_type == SHEET:
            sheets.add(event.subject_id)
        else:
            subjects[event.subject_type].add(event.subject_id)
    for subject_type, keys in subjects.items():
        sheets.update(_offered_under(subject_type, keys))
    return sorted(sheets)


def _offered_under(subject_type: str, keys: set[int]) -> Iterable[int]:
    path = LISTING_PATHS.get(subject_type)
    if path is None:
        return ()
    return StockRecord.objects.filter(**{f"{path}__in": keys}).order_by().values_list("product", flat=True).distinct()
