"""Offers by the thousand: what `listing_create` and `listing_reprice` do for one, for a whole set at once.

The caller has judged the offers and holds their listings (`listings_hold`) since before that.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from marketplace.kernel.events import record
from marketplace.kernel.sets import execute, fetch, in_thousands, next_id, passing_table
from marketplace.registry.models import Membership

from .models import Partner, StockRecord

# the terms of an offer that a new one may change; stock stands in the listing's limit
TERMS = ("price", "sales_unit", "vat_category", "minimum_quantity", "lead_time_days", "warranty_months", "image_url")
OFFER = ("item_id", "product_id", "sku", "stock", "pack_factor", *TERMS)


@dataclass(frozen=True)
class Applied:
    """How many listings came to be, and how many changed."""

    added: int
    changed: int


def differs(offer: str, listing: str, stock: str) -> str:
    """SQL: whether an offer differs from the listing that stands. `stock`: the alias of the listing's limit.

    `stock` of an offer is what can be sold from now on, whatever has been sold before.
    """
    old = ", ".join(f"{listing}.{term}" for term in TERMS)
    new = ", ".join(f"{offer}.{term}" for term in TERMS)
    return (
        f'(({old}) IS DISTINCT FROM ({new}) OR {stock}."limit" - {stock}.taken <> {offer}.stock'
        f" OR {listing}.status <> '{StockRecord.Status.PUBLISHED}')"
    )


def listings_hold(query: str, params: dict) -> None:
    """Lock the listings whose ids this query answers, then their stock, each in key order: what is judged stays so to the end."""
    listings = f"SELECT id FROM partner_stockrecord WHERE id IN ({query}) ORDER BY id FOR UPDATE"
    held = [key for (key,) in fetch(listings, params)]
    fetch(_HOLD_STOCK, [held])


@transaction.atomic
def listings_apply(offers: str, *, partner: Partner, at: datetime, actor: Membership | None) -> Applied:
    """Put a supplier's offers on sale: new listings with their price and stock, and the terms that differ of standing ones.

    `offers`: a table or query in brackets with the columns of `OFFER`; one row per item and SKU. `price`: USD per sales
    unit, net; `stock`: sales units that can be sold from now on. A listing that is as offered is not touched.
    """
    passing_table("listings_to_write", _TO_WRITE.format(offers=offers), {"partner": partner.pk})
    values = {"partner": partner.pk, "at": at, "currency": settings.CURRENCY}
    execute(_ADD_STOCK)
    added = execute(_ADD_LISTINGS, values)
    changed = execute(_CHANGE_LISTINGS, values)
    execute(_CHANGE_STOCK)
    execute(_ADD_PRICES, values)
    for products in in_thousands(list(_products())):
        record("listings.applied", partner, actor=actor, at=at, products=products)
    return Applied(added, changed)


@transaction.atomic
def listings_restore(former: str, *, partner: Partner, at: datetime, actor: Membership | None) -> int:
    """Give listings back what they had before a change that is taken back: also a higher price, which no new offer may have.

    `former`: a table or query in brackets with `listing_id`, `stock`, `status` and `TERMS`; the caller has judged them and
    holds the listings and their stock. The record keeps both prices. How many listings.
    """
    passing_table("listings_to_restore", _TO_RESTORE.format(former=former))
    values = {"at": at}
    restored = execute(_RESTORE_LISTINGS, values)
    execute(_RESTORE_STOCK)
    execute(_ADD_FORMER_PRICES, values)
    for products in in_thousands([key for (key,) in fetch(_RESTORED_PRODUCTS)]):
        record("listings.applied", partner, actor=actor, at=at, products=products)
    return restored


def _products() -> Iterator[int]:
    return (key for (key,) in fetch("SELECT DISTINCT product_id FROM listings_to_write ORDER BY product_id"))


_TO_WRITE = f"""
SELECT {", ".join(f"o.{column}" for column in OFFER)},
    s.id IS NULL AS is_new,
    s.price IS DISTINCT FROM o.price AS has_new_price,
    coalesce(s.id, {next_id("partner_stockrecord")}) AS listing_id,
    coalesce(s.stock_id, {next_id("limits_limit")}) AS stock_id
FROM {{offers}} o
LEFT JOIN partner_stockrecord s
    ON s.adjudicated_item_id = o.item_id AND s.partner_sku = o.sku AND s.partner_id = %(partner)s
LEFT JOIN limits_limit l ON l.id = s.stock_id
WHERE s.id IS NULL OR {differs("o", "s", "l")}
"""
_HOLD_STOCK = """
SELECT id FROM limits_limit WHERE id IN (SELECT stock_id FROM partner_stockrecord WHERE id = ANY(%s)) ORDER BY id FOR UPDATE
"""
_ADD_STOCK = 'INSERT INTO limits_limit (id, "limit", taken) SELECT stock_id, stock, 0 FROM listings_to_write WHERE is_new'
_ADD_LISTINGS = f"""
INSERT INTO partner_stockrecord (
    id, id_public, adjudicated_item_id, product_id, partner_id, partner_sku, stock_id, pack_factor, price_currency,
    {", ".join(TERMS)}, status, status_at, date_created, date_updated
)
SELECT listing_id, uuidv7(), item_id, product_id, %(partner)s, sku, stock_id, pack_factor, %(currency)s,
    {", ".join(TERMS)}, '{StockRecord.Status.PUBLISHED}', %(at)s, %(at)s, %(at)s
FROM listings_to_write WHERE is_new ORDER BY listing_id
"""
_CHANGE_LISTINGS = f"""
UPDATE partner_stockrecord s
SET ({", ".join(TERMS)}) = ({", ".join(f"w.{term}" for term in TERMS)}),
    status_at = CASE s.status WHEN '{StockRecord.Status.PUBLISHED}' THEN s.status_at ELSE %(at)s END,
    status = '{StockRecord.Status.PUBLISHED}', date_updated = %(at)s
FROM listings_to_write w WHERE s.id = w.listing_id AND NOT w.is_new
"""
_CHANGE_STOCK = """
UPDATE limits_limit l SET "limit" = l.taken + w.stock
FROM listings_to_write w WHERE l.id = w.stock_id AND NOT w.is_new AND l."limit" - l.taken <> w.stock
"""
_ADD_PRICES = """
INSERT INTO partner_price (listing_id, net, valid_from, kind)
SELECT w.listing_id, w.price, greatest(%(at)s, newest.at), 'permanent'
FROM listings_to_write w
LEFT JOIN LATERAL (
    SELECT max(p.valid_from) AS at FROM partner_price p WHERE p.listing_id = w.listing_id AND NOT w.is_new
) newest ON true
WHERE w.has_new_price ORDER BY w.listing_id
"""
_TO_RESTORE = f"""
SELECT f.listing_id, f.stock, f.status, {", ".join(f"f.{term}" for term in TERMS)}, s.product_id, s.stock_id,
    s.price <> f.price AS has_new_price
FROM {{former}} f JOIN partner_stockrecord s ON s.id = f.listing_id
"""
_RESTORE_LISTINGS = f"""
UPDATE partner_stockrecord s
SET ({", ".join(TERMS)}) = ({", ".join(f"w.{term}" for term in TERMS)}),
    status_at = CASE s.status WHEN w.status THEN s.status_at ELSE %(at)s END, status = w.status, date_updated = %(at)s
FROM listings_to_restore w WHERE s.id = w.listing_id
"""
_RESTORE_STOCK = """
UPDATE limits_limit l SET "limit" = l.taken + w.stock
FROM listings_to_restore w WHERE l.id = w.stock_id AND l."limit" - l.taken <> w.stock
"""
_ADD_FORMER_PRICES = """
INSERT INTO partner_price (listing_id, net, valid_from, kind)
SELECT w.listing_id, w.price, greatest(%(at)s, (SELECT max(p.valid_from) FROM partner_price p WHERE p.listing_id = w.listing_id)),
    'permanent'
FROM listings_to_restore w WHERE w.has_new_price ORDER BY w.listing_id
"""
_RESTORED_PRODUCTS = "SELECT DISTINCT product_id FROM listings_to_restore ORDER BY product_id"
