"""Offers as pages show them, read flat: a few columns of seven tables instead of seven models for each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, Count, QuerySet, Value, Window
from django.urls import reverse
from django.utils.translation import ngettext

from marketplace.kernel.prepared import Given, IsAnyOf, Prepared
from marketplace.kernel.screens.shown import number_text
from marketplace.registry.places import canton_name
from marketplace.shop.catalogue.units import pack_name, quantity_in_words, unit_name

from .models import StockRecord
from .querysets import AGREEMENT, BEST_FIRST, LOT, ON, SUPPLIER, THERE


@dataclass(frozen=True, slots=True)
class Offer:
    """An offer of a sheet with its terms. Units as in `StockRecord`; `left`: sales units. `agreement_until`: half-open."""

    pk: int
    id_public: UUID
    product_id: int
    title: str
    slug: str
    code: str
    cpc_code: str
    brand: str
    base_unit: str
    sales_unit: str
    pack_factor: int
    price: Decimal
    base_price: Decimal
    vat_category: str
    minimum_quantity: int
    lead_time_days: int
    supplier_name: str
    canton_code: str
    lot_name: str
    agreement_code: str
    agreement_until: date

    @property
    def pack(self) -> str:
        return pack_name(self.sales_unit, self.pack_factor, self.base_unit)

    def in_words(self, quantity: int) -> str:
        """So many packs, and what they hold."""
        return quantity_in_words(quantity, self.sales_unit, self.pack_factor, self.base_unit)

    @property
    def days(self) -> str:
        """«3 días»: how soon it is delivered."""
        return ngettext("{n} day", "{n} days", self.lead_time_days).format(n=self.lead_time_days)

    @property
    def base_unit_name(self) -> str:
        return unit_name(self.base_unit)

    def get_absolute_url(self) -> str:
        """Of its sheet."""
        return reverse("catalogue:detail", kwargs={"slug": self.slug, "code": self.code.lower()})

    @property
    def supplier_canton(self) -> str:
        return canton_name(self.canton_code)

    @property
    def agreement_url(self) -> str:
        return reverse("framework_agreements:agreement", args=[self.agreement_code])


@dataclass(frozen=True, slots=True)
class BestOffer(Offer):
    """The first offer of a sheet, of `offer_count`."""

    offer_count: int


@dataclass(frozen=True, slots=True)
class OfferAsked(Offer):
    """An offer for a place. `refusal`: as `ListingQuerySet.with_refusal`; `delivers`: whether it goes there."""

    refusal: str
    left: Decimal
    delivers: bool

    @property
    def left_in_words(self) -> str:
        return ngettext("{all} left", "{all} left", int(self.left)).format(all=number_text(self.left))


def best_offers(product_ids: Iterable[int], *, on: date, canton: str = "") -> dict[int, BestOffer]:
    """The best offer of each sheet (delivered in the canton, if one is given), in one query. Without those off sale."""
    rows = _BEST[bool(canton)].rows(products=list(product_ids), on=on, cantons=[canton])
    return {offer.product_id: offer for offer in (BestOffer(*row) for row in rows)}


def offers_asked(product_id: int, *, on: date, canton: str = "") -> list[OfferAsked]:
    """Every offer of a sheet but drafts, the best first, in one query. Without a place all are delivered."""
    rows = _ASKED[bool(canton)].rows(products=[product_id], on=on, cantons=[canton])
    return [OfferAsked(*row) for row in rows]


_COLUMNS = (
    "pk", "id_public", "product_id", "product__title", "product__slug", "product__code", "product__cpc_code", "product__brand",
    "product__base_unit", "sales_unit", "pack_factor", "price", "base_price", "vat_category", "minimum_quantity", "lead_time_days",
    f"{SUPPLIER}__name", f"{SUPPLIER}__canton_code", f"{LOT}__name", f"{AGREEMENT}__code", f"{AGREEMENT}__valid_until",
)  # fmt: skip
_OF_SHEETS = IsAnyOf("product", Given("products", ArrayField(BigIntegerField())))


def _best(is_somewhere: bool) -> QuerySet:
    listings = StockRecord.objects.on_sale(ON).filter(_OF_SHEETS)
    if is_somewhere:
        listings = listings.delivering_to(THERE)
    counted = listings.annotate(offer_count=Window(Count("pk"), partition_by="product_id"))
    return counted.order_by("product_id", *BEST_FIRST).distinct("product_id").values_list(*_COLUMNS, "offer_count")


def _asked(is_somewhere: bool) -> QuerySet:
    offered = StockRecord.objects.filter(_OF_SHEETS).exclude(status=StockRecord.Status.DRAFT).with_refusal(ON).with_stock_left()
    offered = offered.with_coverage(THERE) if is_somewhere else offered.annotate(delivers=Value(True))
    return offered.best_first().values_list(*_COLUMNS, "refusal", "stock_left", "delivers")


_BEST, _ASKED = ({there: Prepared(partial(make, there)) for there in (False, True)} for make in (_best, _asked))
