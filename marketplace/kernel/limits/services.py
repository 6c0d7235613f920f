from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.models import Sum
from psycopg2.extras import execute_values

from marketplace.kernel.failpoints import failpoint

from .models import Limit, LimitEntry

# The locked rows are read after the lock is had, so `short` judges their newest state; nothing changes unless all suffice.
TAKE = """
WITH asked (limit_id, quantity, cause_type, cause_id) AS (VALUES %s),
wanted AS (SELECT limit_id, sum(quantity) AS quantity FROM asked GROUP BY limit_id),
locked AS (
    SELECT l.id, l.taken, l."limit", w.quantity
    FROM limits_limit l JOIN wanted w ON w.limit_id = l.id
    ORDER BY l.id FOR UPDATE OF l
),
short AS (
    SELECT id, quantity, "limit" - taken AS available FROM locked WHERE taken + quantity NOT BETWEEN 0 AND "limit"
    UNION ALL
    SELECT limit_id, quantity, NULL FROM wanted WHERE limit_id NOT IN (SELECT id FROM locked)
),
changed AS (
    UPDATE limits_limit l SET taken = l.taken + k.quantity
    FROM locked k WHERE l.id = k.id AND NOT EXISTS (SELECT FROM short)
    RETURNING l.id
),
written AS (
    INSERT INTO limits_limitentry (limit_id, quantity, cause_type, cause_id)
    SELECT limit_id, quantity, cause_type, cause_id FROM asked WHERE limit_id IN (SELECT id FROM changed)
)
SELECT id, quantity, available FROM short ORDER BY id LIMIT 1
"""


@dataclass(frozen=True)
class Taking:
    """Take `quantity` (negative: give back) of a limit because of `cause`, a saved row."""

    limit_id: int
    quantity: Decimal | int
    cause: Any

    def values(self) -> tuple[int, Decimal, str, int]:
        return self.limit_id, Decimal(self.quantity), self.cause._meta.label_lower, self.cause.pk


class LimitExceeded(Exception):
    """Not enough left. `limit_id`: the first limit, in key order, that did not suffice."""

    def __init__(self, limit_id: int, *, asked: Decimal, left: Decimal) -> None:
        self.limit_id, self.asked, self.left = limit_id, asked, left
        super().__init__(f"limit {limit_id}: {asked} asked, {left} left")

    @property
    def missing(self) -> Decimal:
        return self.asked - self.left


def take(takings: Iterable[Taking]) -> None:
    """Take from every limit, all or none, rows locked in key order, in one statement.

    Raises LimitExceeded (Limit.DoesNotExist for a key that is none), and then nothing is taken.
    """
    rows = [taking.values() for taking in takings]
    if not rows:
        return
    with transaction.atomic(), connection.cursor() as cursor:
        template = "(%s::bigint, %s::numeric, %s, %s::bigint)"
        with connection.wrap_database_errors:  # the driver's own cursor raises the driver's own errors
            short = execute_values(cursor.cursor, TAKE, rows, template=template, page_size=len(rows), fetch=True)
    failpoint("limits.taken")
    if short:
        limit_id, asked, left = short[0]
        if left is None:
            raise Limit.DoesNotExist(f"There is no limit {limit_id}.")
        raise LimitExceeded(limit_id, asked=asked, left=left)


def held_by(cause: Any) -> dict[int, Decimal]:
    """What this cause still holds, by limit."""
    entries = LimitEntry.objects.filter(cause_type=cause._meta.label_lower, cause_id=cause.pk)
    sums = entries.values_list("limit_id").annotate(held=Sum("quantity")).order_by("limit_id")
    return {limit_id: held for limit_id, held in sums if held}


def give_back(cause: Any) -> None:
    """Give back all that this cause still holds; the caller holds the cause's row. Twice gives back once."""
    take(Taking(limit_id, -held, cause) for limit_id, held in held_by(cause).items())


def set_limit(limit: Limit, value: Decimal | int) -> None:
    """Set how much there is in all. Raises LimitExceeded when more than that is already taken."""
    changed = Limit.objects.filter(pk=limit.pk, taken__lte=value).update(limit=value)
    limit.refresh_from_db()
    if not changed:
        raise LimitExceeded(limit.pk, asked=limit.taken, left=Decimal(value))
