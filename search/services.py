"""Keeping the index equal to PostgreSQL: some sheets at a time, or all of them anew."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import islice

from django.db import connection, transaction

from marketplace.kernel.events.models import Event

from .concerned import KINDS, concerned_sheets
from .documents import AT_ONCE, entries_of, product_batches, sheets_on_sale
from .engines import engine
from .port import Index, NewIndex, SearchEngine

WRITING, REBUILDING = 7_310_101, 7_310_102  # advisory locks


class RebuildUnderWay(Exception):
    """Another process is making a new index."""


@dataclass(frozen=True)
class Rebuilt:
    """How many sheets the new index holds, and how many are on sale."""

    indexed: int
    on_sale: int


@transaction.atomic
def sheets_sync(*, product_ids: Collection[int], on: date) -> None:
    """Let the index say of these sheets what PostgreSQL says. Safe to run twice, late, or for sheets that are gone.

    Raises EngineUnavailable. Writers take turns, so that what is read here is still true when it is written.
    """
    _take_turn()
    replace_sheets(engine(), product_ids, on=on)


def replace_sheets(index: Index, product_ids: Collection[int], *, on: date) -> None:
    rest = iter(product_ids)
    while batch := list(islice(rest, AT_ONCE)):
        index.replace(batch, entries_of(batch, on=on))


def search_rebuild(*, engine: SearchEngine, on: date) -> Rebuilt:
    """Make a new index of everything that is on sale and put it in the place of the old one; readers notice nothing.

    What happens meanwhile goes to the old index by the jobs, and to the new one by the events that tell of it: most of them
    before the swap, the last ones while writers wait. Raises EngineUnavailable, RebuildUnderWay.
    """
    with _only_one_rebuild(), engine.new_index() as new:
        began = _horizon()
        for batch in product_batches():
            new.add(entries_of(batch, on=on))
        caught_up = _horizon()
        _catch_up(new, began, on)
        with transaction.atomic():
            _take_turn()
            _catch_up(new, caught_up, on)
            new.publish()
    return Rebuilt(engine.count(), sheets_on_sale(on))


def _catch_up(new: NewIndex, since: int, on: date) -> None:
    """`since`: the oldest transaction that may have told of something unseen."""
    events = Event.objects.filter(transaction_id__gte=since, kind__in=KINDS).order_by("pk")
    replace_sheets(new, concerned_sheets(events.iterator()), on=on)


def _horizon() -> int:
    """Every transaction before this one has ended, so whoever reads from now on sees what it did."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        return cursor.fetchone()[0]


def _take_turn() -> None:
    """Wait for whoever is writing the index; the lock goes with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [WRITING])


@contextmanager
def _only_one_rebuild() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [REBUILDING])
        if not cursor.fetchone()[0]:
            raise RebuildUnderWay("Another rebuild of the search index is under way: wait for its end.")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [REBUILDING])
