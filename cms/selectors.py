from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from framework_agreements.selectors import agreements_in_force
from marketplace.shop.partner.models import StockRecord


@dataclass(frozen=True)
class Figures:
    """What there is to buy today: counted when the page is made."""

    agreements: int
    suppliers: int
    products: int
    offers: int


def figures_on(on: date) -> Figures:
    counted = StockRecord.objects.on_sale(on).aggregate(
        offers=Count("pk"), products=Count("product", distinct=True), suppliers=Count("partner", distinct=True)
    )
    return Figures(agreements=agreements_in_force(on).count(), **counted)
