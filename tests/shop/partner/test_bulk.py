"""Offers by the thousand are written as `listing_create` and `listing_reprice` write one."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import connection, transaction

from marketplace.kernel.events.models import Event
from marketplace.kernel.history.models import RowVersion
from marketplace.kernel.limits.services import Taking, take
from marketplace.kernel.sets import fetch, receiving_table
from marketplace.shop.partner.bulk import OFFER, listings_apply, listings_hold
from marketplace.shop.partner.models import Price, StockRecord
from marketplace.shop.partner.services import listing_create, partner_of

TYPES = {
    "item_id": "bigint", "product_id": "bigint", "sku": "text", "stock": "bigint", "pack_factor": "integer", "price": "numeric",
    "sales_unit": "text", "vat_category": "text", "minimum_quantity": "integer", "lead_time_days": "integer",
    "warranty_months": "integer", "image_url": "text",
}  # fmt: skip
TERMS = {
    "pack_factor": 1, "sales_unit": "RM", "vat_category": "S", "minimum_quantity": 2, "lead_time_days": 3, "warranty_months": 12,
    "image_url": "https://ejemplo.ec/x.jpg",
}  # fmt: skip


@pytest.fixture
def offer(item_factory):
    """Offers of one supplier's items, applied."""
    first = item_factory()

    def offer(*rows: dict, at) -> tuple[int, int]:
        rows = [{"item_id": first.pk, "product_id": first.product_id, "stock": 10, "price": "3.12"} | TERMS | row for row in rows]
        receiving_table("offers", TYPES, [[str(row[name]) for name in TYPES] for row in rows], joined_by="sku")
        done = listings_apply("offers", partner=partner_of(first.adjudication.supplier), at=at, actor=None)
        return done.added, done.changed

    offer.item = first
    return offer


def test_the_columns_are_those_that_are_documented():
    assert set(OFFER) == set(TYPES)


def test_a_new_listing_is_as_if_made_alone(offer, noon):
    assert offer({"sku": "A"}, at=noon) == (1, 0)
    alone = listing_create(item=offer.item, partner_sku="B", price=Decimal("3.12"), stock=10, at=noon, **TERMS)

    ours = StockRecord.objects.get(partner_sku="A")
    names = [field.attname for field in StockRecord._meta.fields]
    own = {"id", "id_public", "partner_sku", "stock_id", "date_created", "date_updated"}
    alone.refresh_from_db()
    assert {name: getattr(ours, name) for name in names if name not in own} == {
        name: getattr(alone, name) for name in names if name not in own
    }
    assert (ours.stock.limit, ours.stock.taken) == (10, 0)
    assert [(price.net, price.valid_from, price.valid_until, price.kind) for price in ours.prices.all()] == [
        (price.net, price.valid_from, price.valid_until, price.kind) for price in alone.prices.all()
    ]


@pytest.mark.parametrize(
    ("term", "value"),
    [
        ("price", Decimal("3.000001")), ("sales_unit", "XPK"), ("vat_category", "Z"), ("minimum_quantity", 5),
        ("lead_time_days", 9), ("warranty_months", 0), ("image_url", ""),
    ],
)  # fmt: skip
def test_a_term_that_differs_is_changed_and_told(offer, noon, term, value):
    offer({"sku": "A"}, {"sku": "B"}, at=noon)
    events, versions = Event.objects.count(), RowVersion.objects.filter(table_name="partner_stockrecord").count()

    assert offer({"sku": "A", term: value}, {"sku": "B"}, at=noon) == (0, 1)

    assert getattr(StockRecord.objects.get(partner_sku="A"), term) == value
    assert RowVersion.objects.filter(table_name="partner_stockrecord").count() == versions + 2
    assert Event.objects.count() == events + 1
    assert Price.objects.count() == (3 if term == "price" else 2)


def test_stock_counts_from_now_on(offer, noon, requester):
    offer({"sku": "A"}, at=noon)
    limit = StockRecord.objects.get().stock
    take([Taking(limit.pk, 4, requester)])

    assert offer({"sku": "A", "stock": 6}, at=noon) == (0, 0)
    assert offer({"sku": "A", "stock": 10}, at=noon) == (0, 1)

    limit.refresh_from_db()
    assert (limit.limit, limit.taken) == (14, 4)


def test_what_is_as_offered_is_not_touched(offer, noon):
    offer({"sku": "A"}, at=noon)
    before = RowVersion.objects.count(), Event.objects.count(), Price.objects.count()

    assert offer({"sku": "A"}, at=noon) == (0, 0)
    assert (RowVersion.objects.count(), Event.objects.count(), Price.objects.count()) == before


def test_tells_of_a_thousand_products_at_a_time(offer, noon, monkeypatch, item_factory):
    items = [offer.item, *(item_factory(adjudication=offer.item.adjudication) for _ in range(4))]
    monkeypatch.setattr("marketplace.shop.partner.bulk.in_thousands", lambda keys: [keys[:3], keys[3:]])

    offer(*({"sku": "A", "item_id": item.pk, "product_id": item.product_id} for item in items), at=noon)

    told = [event.payload["products"] for event in Event.objects.filter(kind="listings.applied").order_by("pk")]
    assert told == [sorted(item.product_id for item in items)[:3], sorted(item.product_id for item in items)[3:]]


def test_another_suppliers_listing_of_the_same_code_is_another(offer, noon, listing_factory):
    theirs = listing_factory(partner_sku="A")

    assert offer({"sku": "A"}, at=noon) == (1, 0)
    theirs.refresh_from_db()
    assert theirs.price == Decimal("3.12")


def test_holds_the_listings_that_are_named(own_database, listing_factory):
    held, free = listing_factory(), listing_factory()
    query = "SELECT id FROM partner_stockrecord ORDER BY id FOR UPDATE SKIP LOCKED"

    with transaction.atomic():
        listings_hold("SELECT id FROM partner_stockrecord WHERE partner_sku = %(sku)s", {"sku": held.partner_sku})
        with ThreadPoolExecutor(1) as elsewhere:
            assert elsewhere.submit(lambda: (fetch(query), connection.close())[0]).result() == [(free.pk,)]
