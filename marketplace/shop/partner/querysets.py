"""Which listings are on sale, and why the others are not: one rule, written over a set."""

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, CharField, DateField, F, Q, Value, When
from django.db.models.functions import Coalesce

from marketplace.kernel.prepared import Given

ADJUDICATION = "adjudicated_item__adjudication"
LOT = f"{ADJUDICATION}__lot"
AGREEMENT = f"{LOT}__agreement"
SUPPLIER = f"{ADJUDICATION}__supplier"

NOT_IN_A_LIST = ("delivery_cantons", f"{LOT}__delivery_cantons", "product__description")  # long, and shown for one offer alone
ON = Given("on", DateField())  # for queries that are written once: the day, and the place in a list of one
THERE = Given("cantons", ArrayField(CharField(max_length=4)))
DELIVERS_TO = Coalesce("delivery_cantons", f"{LOT}__delivery_cantons")


def reasons_not_on_sale(on: date | Given) -> dict[str, Q]:
    """Code → condition, the first that holds is the one that people read. What is seen through the foreign keys counts."""
    return {
        "listing_not_published": ~Q(status="published") | Q(product__is_public=False),
        "supplier_suspended": ~Q(**{f"{SUPPLIER}__status": "enabled"}),
        "lot_suspended": ~Q(**{f"{LOT}__status": "active"}),
        "adjudication_not_in_force": ~Q(
            **{f"{ADJUDICATION}__status": "active", f"{ADJUDICATION}__valid_from__lte": on, f"{ADJUDICATION}__valid_until__gt": on}
        ),
        "agreement_not_in_force": ~Q(
            **{f"{AGREEMENT}__status": "published", f"{AGREEMENT}__valid_from__lte": on, f"{AGREEMENT}__valid_until__gt": on}
        ),
    }


def _covers(canton: str | Given) -> Q:
    """`canton`: or a list of one, to be given."""
    return Q(delivers_to__contains=canton if isinstance(canton, Given) else [canton])


class ListingQuerySet(models.QuerySet):
    def with_refusal(self, on: date | Given) -> "ListingQuerySet":
        """`refusal`: the code of the first reason why a listing is not on sale; empty when it is."""
        cases = [When(condition, then=Value(code)) for code, condition in reasons_not_on_sale(on).items()]
        return self.annotate(refusal=Case(*cases, default=Value(""), output_field=models.CharField()))

    def on_sale(self, on: date | Given) -> "ListingQuerySet":
        refused = Q()
        for condition in reasons_not_on_sale(on).values():
            refused |= condition
        return self.filter(~refused)

    def with_terms(self) -> "ListingQuerySet":
        """All that an offer shows, in one query."""
        return self.select_related("product", "stock", SUPPLIER, AGREEMENT)

    def delivering_to(self, canton: str | Given) -> "ListingQuerySet":
        return self.alias(delivers_to=DELIVERS_TO).filter(_covers(canton))

    def with_coverage(self, canton: str | Given) -> "ListingQuerySet":
        """`delivers`: whether it is delivered in this canton."""
        covered = _covers(canton)
        return self.alias(delivers_to=DELIVERS_TO).annotate(
            delivers=Case(When(covered, then=Value(True)), default=Value(False), output_field=models.BooleanField())
        )

    def best_first(self) -> "ListingQuerySet":
        """By price of the base unit, then the shorter delivery time, then the one registered first."""
        return self.order_by(*BEST_FIRST)

    def with_stock_left(self) -> "ListingQuerySet":
        return self.annotate(stock_left=F("stock__limit") - F("stock__taken"))


BEST_FIRST = ("base_price", "lead_time_days", "pk")
