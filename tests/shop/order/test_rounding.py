"""Random carts become orders: lines, VAT, orders and requisition agree to the cent, in the database that keeps them (O9)."""

import random
from decimal import Decimal

import pytest
from django.db import connection

from marketplace.shop.order.models import Order
from marketplace.shop.requisition.approval import requisition_approve
from marketplace.shop.requisition.models import Requisition

VAT_CATEGORIES = ["S", "AA", "Z"]

# In PostgreSQL's own arithmetic (numeric rounds half away from zero): lines, then VAT on the sum of each rate, then the order.
DISAGREEING = """
WITH by_rate AS (
    SELECT l.order_id, r.vat_category, r.vat_percent, sum(l.line_price_excl_tax) AS base,
        bool_and(l.line_price_excl_tax = round(l.unit_price_excl_tax * l.quantity, 2)) AS is_rounded,
        bool_and(r.net = l.line_price_excl_tax AND r.quantity = l.quantity) AS is_as_asked
    FROM order_line l JOIN requisition_requisitionline r ON r.id = l.requisition_line_id GROUP BY 1, 2, 3
), by_order AS (
    SELECT o.id, o.requisition_id, o.total_excl_tax, o.total_incl_tax, sum(v.base) AS net,
        sum(round(v.base * v.vat_percent / 100, 2)) AS vat, bool_and(v.is_rounded AND v.is_as_asked) AS is_right
    FROM order_order o JOIN by_rate v ON v.order_id = o.id GROUP BY o.id
), by_requisition AS (
    SELECT q.id, bool_and(b.is_right AND b.net = b.total_excl_tax AND b.net + b.vat = b.total_incl_tax)
        AND q.net = sum(b.net) AND q.vat = sum(b.vat) AND q.gross = sum(b.total_incl_tax) AS agrees
    FROM requisition_requisition q JOIN by_order b ON b.requisition_id = q.id GROUP BY q.id
)
SELECT count(*) FILTER (WHERE agrees), count(*) FILTER (WHERE agrees IS NOT TRUE) FROM by_requisition
"""


@pytest.fixture
def shelf(listing_factory, adjudication_factory, item_factory):
    """Sixty listings of five suppliers, with prices of up to six decimals at all three rates."""
    dice = random.Random(9)
    adjudications = [adjudication_factory() for _ in range(5)]
    return [
        listing_factory(
            adjudicated_item=item_factory(adjudication=dice.choice(adjudications), ceiling_price=Decimal(10_000)),
            price=Decimal(dice.randint(1, 10 ** dice.randint(3, 9))).scaleb(-6),
            vat_category=dice.choice(VAT_CATEGORIES),
            stock_left=Decimal(10**9),
        )
        for _ in range(60)
    ]


def order_at_random(shelf, send, approver, noon, *, orders: int) -> None:
    dice = random.Random(10_000)
    while Order.objects.count() < orders:
        chosen = dice.sample(shelf, dice.randint(1, 12))
        requisition = send(*((listing, dice.randint(1, 400)) for listing in chosen))
        requisition_approve(requisition_id=requisition.pk, gross_seen=requisition.gross.amount, actor=approver, at=noon)


@pytest.fixture
def certificate(requester, certificate_factory):
    return certificate_factory(entity=requester.entity, money=Decimal(10**14))


@pytest.mark.threat("O9")
@pytest.mark.parametrize("orders", [100, pytest.param(10_000, marks=pytest.mark.long)])
def test_random_orders_agree_with_their_requisition_to_the_cent(own_database, shelf, send, approver, noon, orders):
    """Each order is committed: in one transaction no row that was replaced is ever cleared away, and each order costs more."""
    for lot in {listing.lot for listing in shelf}:
        lot.ceiling.limit = 10**14
        lot.ceiling.save()

    order_at_random(shelf, send, approver, noon, orders=orders)

    with connection.cursor() as cursor:
        cursor.execute(DISAGREEING)
        agreeing, disagreeing = cursor.fetchone()
    assert (agreeing, disagreeing) == (Requisition.objects.count(), 0)
