"""Adjudicated items by the thousand: what `item_adjudicate` does for one."""

from django.conf import settings
from django.db import transaction

from marketplace.kernel.events import record
from marketplace.kernel.sets import execute, fetch
from marketplace.registry.models import Membership

from .models import Adjudication


@transaction.atomic
def items_adjudicate(items: str, *, actor: Membership | None) -> int:
    """Let suppliers sell sheets that they could not sell yet. How many items came to be.

    `items`: a table or query in brackets, one row per item: `adjudication_id`, `product_id`, `ceiling_price` (USD per
    base unit, net). An item that stands keeps its ceiling.
    """
    counts = dict(fetch(_COUNT.format(items=items)))
    execute(_CREATE.format(items=items), {"currency": settings.CURRENCY})
    for adjudication in Adjudication.objects.filter(pk__in=counts):
        record("items.adjudicated", adjudication, actor=actor, count=counts[adjudication.pk])
    return sum(counts.values())


_NEW = """
FROM {items} n
WHERE NOT EXISTS (
    SELECT FROM framework_agreements_adjudicateditem i
    WHERE i.adjudication_id = n.adjudication_id AND i.product_id = n.product_id
)
"""
_COUNT = f"SELECT n.adjudication_id, count(*) {_NEW} GROUP BY n.adjudication_id"
_CREATE = f"""
INSERT INTO framework_agreements_adjudicateditem (adjudication_id, product_id, ceiling_price, ceiling_price_currency)
SELECT n.adjudication_id, n.product_id, n.ceiling_price, %(currency)s {_NEW}
"""
