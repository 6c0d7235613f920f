"""What the database says, read by SQL alone: the walk compares it with its own books."""

from collections import defaultdict
from decimal import Decimal
from functools import cache

from django.db import connection

ROOMS = (
    "basket", "requisition", "order", "fulfilment", "invoicing", "payment", "limits", "partner", "events", "jobs", "history",
    "catalog", "framework",
)  # fmt: skip
STATES = {"requisition_requisition": "requisition", "order_order": "order", "invoicing_invoice": "invoice",
          "payment_paymentorder": "payment"}  # fmt: skip
OF_AN_ORDER = """
SELECT md5(concat_ws('|',
    (SELECT string_agg(o::text, '|' ORDER BY o.id) FROM order_order o WHERE o.id = %(order)s),
    (SELECT string_agg(l::text, '|' ORDER BY l.id) FROM order_line l WHERE l.order_id = %(order)s),
    (SELECT string_agg(d::text, '|' ORDER BY d.id) FROM fulfilment_delivery d WHERE d.order_id = %(order)s),
    (SELECT string_agg(i::text, '|' ORDER BY i.id) FROM invoicing_invoice i
      JOIN invoicing_obligation b ON b.id = i.obligation_id WHERE b.order_id = %(order)s),
    (SELECT string_agg(p::text, '|' ORDER BY p.id) FROM payment_paymentorder p JOIN invoicing_invoice i ON i.id = p.invoice_id
      JOIN invoicing_obligation b ON b.id = i.obligation_id WHERE b.order_id = %(order)s),
    (SELECT string_agg(e::text, '|' ORDER BY e.id) FROM payment_ledgerentry e
      JOIN payment_ledgertransaction t ON t.id = e.transaction_id
      JOIN invoicing_obligation b ON b.id = t.obligation_id WHERE b.order_id = %(order)s)))
"""
# Rows that contradict one another; there are none. Each row: what is wrong, and where.
CONTRADICTIONS = """
SELECT 'the ledger of a limit is not what was taken of it', l.id FROM limits_limit l
 WHERE taken <> (SELECT coalesce(sum(quantity), 0) FROM limits_limitentry e WHERE e.limit_id = l.id)
UNION ALL
SELECT 'the lines of an order are not its net', o.id FROM order_order o
 WHERE total_excl_tax <> (SELECT sum(line_price_excl_tax) FROM order_line l WHERE l.order_id = o.id)
UNION ALL
SELECT 'the VAT of an order is not its total', o.id FROM order_order o
 WHERE total_incl_tax <> (SELECT sum(base + amount) FROM order_ordervat v WHERE v.order_id = o.id)
UNION ALL
SELECT 'an order is not the lines that were approved', l.id FROM order_line l
  JOIN requisition_requisitionline r ON r.id = l.requisition_line_id
 WHERE (l.quantity, l.unit_price_excl_tax, l.line_price_excl_tax) IS DISTINCT FROM (r.quantity, r.unit_price, r.net)
UNION ALL
SELECT 'the orders of a need are not its total', r.id FROM requisition_requisition r WHERE r.status = 'approved'
   AND gross <> (SELECT sum(total_incl_tax) FROM order_order o WHERE o.requisition_id = r.id)
UNION ALL
SELECT 'what stands of the deliveries is not what was accepted', l.id FROM order_line l
 WHERE accepted_quantity <> (SELECT coalesce(sum(d.accepted), 0) FROM fulfilment_deliveryline d
   LEFT JOIN fulfilment_deliveryvoid v ON v.delivery_id = d.delivery_id WHERE d.order_line_id = l.id AND v.id IS NULL)
UNION ALL
SELECT 'more is invoiced than was accepted', l.id FROM order_line l
 WHERE accepted_quantity < (SELECT coalesce(sum(n.quantity), 0) FROM invoicing_invoiceline n
   JOIN invoicing_invoice i ON i.id = n.invoice_id
  WHERE n.order_line_id = l.id AND i.status IN ('registered', 'certified', 'paid'))
UNION ALL
SELECT 'the lines of an invoice are not its net', i.id FROM invoicing_invoice i
 WHERE net <> (SELECT sum(n.net) FROM invoicing_invoiceline n WHERE n.invoice_id = i.id)
UNION ALL
SELECT 'the VAT of an invoice is not its total', i.id FROM invoicing_invoice i
 WHERE gross <> (SELECT sum(base + amount) FROM invoicing_invoicevat v WHERE v.invoice_id = i.id)
UNION ALL
SELECT 'an obligation is not that of its order', b.id FROM invoicing_obligation b JOIN order_order o ON o.id = b.order_id
 WHERE (b.entity_id, b.supplier_id) <> (o.entity_id, o.supplier_id)
UNION ALL
SELECT 'a bookkeeping act does not balance', transaction_id FROM payment_ledgerentry GROUP BY 2 HAVING sum(amount) <> 0
UNION ALL
SELECT 'the notices of a payment are not what is paid of it', p.id FROM payment_paymentorder p
 WHERE paid <> (SELECT coalesce(sum(CASE kind WHEN 'reversed' THEN -amount ELSE amount END), 0)
   FROM payment_paymentnotice n WHERE n.payment_id = p.id) AND amount > 0
UNION ALL
SELECT 'a liquidation does not add up', order_id FROM payment_liquidation
 WHERE invoiced <> paid + withheld OR invoiced <> received + cents
"""


def rows(sql: str, values=None) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


@cache
def _everything() -> str:
    """One statement over every table of these rooms: how many rows, and a sum of what they say."""
    standing = (name for (name,) in rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"))
    tables = [name for name in standing if name.split("_")[0] in ROOMS]
    return " UNION ALL ".join(f"SELECT '{name}', count(*), sum(hashtextextended(t::text, 0)) FROM {name} t" for name in tables)


def everything() -> dict[str, tuple]:
    return {table: (count, said) for table, count, said in rows(_everything())}


def contradictions() -> list[tuple]:
    """Constraints that wait for the commit are asked now."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    return rows(CONTRADICTIONS)


def states() -> dict[tuple[str, int], str]:
    found = (f"SELECT '{name}', id, status FROM {table}" for table, name in STATES.items())
    return {(name, key): status for name, key, status in rows(" UNION ALL ".join(found))}


def limits() -> dict[int, tuple[Decimal, Decimal]]:
    """How much there is, and how much is taken, by key."""
    return {key: (limit, taken) for key, limit, taken in rows('SELECT id, "limit", taken FROM limits_limit')}


def holdings(cause: str) -> dict[int, dict[int, Decimal]]:
    """What rows of this kind hold, by their key and by limit."""
    held: dict[int, dict[int, Decimal]] = defaultdict(dict)
    sql = """
        SELECT cause_id, limit_id, sum(quantity) FROM limits_limitentry
         WHERE cause_type = %s GROUP BY 1, 2 HAVING sum(quantity) <> 0"""
    for key, limit, quantity in rows(sql, [cause]):
        held[key][limit] = quantity
    return held


def orders() -> dict[int, list[tuple[int, int, int]]]:
    """Ordered, accepted and invoiced units of each line, by order."""
    found: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    sql = """
        SELECT l.order_id, l.quantity, l.accepted_quantity, coalesce((
            SELECT sum(n.quantity) FROM invoicing_invoiceline n JOIN invoicing_invoice i ON i.id = n.invoice_id
             WHERE n.order_line_id = l.id AND i.status NOT IN ('rejected', 'annulled')), 0)
          FROM order_line l ORDER BY l.id"""
    for key, *units in rows(sql):
        found[key].append(tuple(map(int, units)))
    return found


def order_totals() -> dict[int, Decimal]:
    return dict(rows("SELECT id, total_incl_tax FROM order_order"))


def books() -> dict[int, dict[str, Decimal]]:
    """The ledger's balances, by order and account, debits positive."""
    found: dict[int, dict[str, Decimal]] = defaultdict(dict)
    sql = """
        SELECT b.order_id, e.account, sum(e.amount) FROM payment_ledgerentry e
          JOIN payment_ledgertransaction t ON t.id = e.transaction_id JOIN invoicing_obligation b ON b.id = t.obligation_id
         GROUP BY 1, 2 HAVING sum(e.amount) <> 0"""
    for key, account, amount in rows(sql):
        found[key][account] = amount
    return found


def invoices() -> dict[int, tuple[Decimal, Decimal]]:
    return {key: (net, gross) for key, net, gross in rows("SELECT id, net, gross FROM invoicing_invoice")}


def payments() -> dict[int, tuple[Decimal, Decimal, Decimal]]:
    return {key: tuple(amounts) for key, *amounts in rows("SELECT id, amount, penalty, paid FROM payment_paymentorder")}


def picture_of(order: int) -> str:
    """All that was ever written about an order, in one word."""
    return rows(OF_AN_ORDER, {"order": order})[0][0]
