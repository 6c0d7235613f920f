"""Holding still what an approval judges: listings, their suppliers, lots, adjudications and agreements."""

from collections.abc import Iterable

from django.db import connection

HOLD = """
SELECT s.id
FROM partner_stockrecord s
JOIN framework_agreements_adjudicateditem i ON i.id = s.adjudicated_item_id
JOIN framework_agreements_adjudication a ON a.id = i.adjudication_id
JOIN framework_agreements_agreementlot l ON l.id = a.lot_id
JOIN framework_agreements_frameworkagreement f ON f.id = l.agreement_id
JOIN registry_supplier u ON u.id = a.supplier_id
WHERE s.id = ANY(%s)
ORDER BY s.id
FOR SHARE OF s, a, l, f, u
"""


def hold_terms(listing_ids: Iterable[int]) -> None:
    """Until the transaction ends, nobody re-prices, withdraws or suspends these; other approvals go on beside this one."""
    with connection.cursor() as cursor:
        cursor.execute(HOLD, [sorted(listing_ids)])
