"""The index follows what happens, and the days on which terms begin and end."""

import logging
from datetime import date, datetime, time, timedelta
from itertools import chain

from django.db.models import Q
from django.utils.timezone import get_default_timezone, localdate, now

from framework_agreements.models import Adjudication, FrameworkAgreement
from marketplace.kernel.events import subscribe
from marketplace.kernel.events.models import Event
from marketplace.kernel.jobs import job
from marketplace.shop.partner.models import StockRecord
from marketplace.shop.partner.querysets import ADJUDICATION, AGREEMENT

from . import services
from .concerned import KINDS, concerned_sheets
from .documents import AT_ONCE
from .port import EngineUnavailable, IndexMissing

logger = logging.getLogger(__name__)

AWAY = timedelta(seconds=30)  # until an engine that does not answer is tried again
TERMS = {model._meta.label_lower: model for model in (FrameworkAgreement, Adjudication)}


@subscribe(*KINDS)
@job(retries=20)
def event_follow(event: Event) -> None:
    """Bring the sheets that an event concerns up to date, and remember the days on which its terms turn."""
    _sync_later(concerned_sheets([event]))
    if event.subject_type in TERMS:
        terms_watch(TERMS[event.subject_type].objects.filter(pk=event.subject_id))


@subscribe("adjudication.created")
@job(retries=20)
def adjudication_watch(event: Event) -> None:
    """Nothing is offered under it yet; its first and last day are to be remembered."""
    terms_watch(Adjudication.objects.filter(pk=event.subject_id))


@job(retries=20, lease=timedelta(minutes=10), is_single=True)
def sheets_sync(products: list[int], day: str | None = None) -> None:
    """At most a thousand. While the engine is away they wait; without an index there is nothing to do: a rebuild reads all.

    `day`: on whose terms, unless today is later: the database's midnight, which made the job due, may come before ours.
    """
    try:
        services.sheets_sync(product_ids=products, on=max(localdate(), date.fromisoformat(day)) if day else localdate())
    except IndexMissing:
        return
    except EngineUnavailable as away:
        logger.warning("search: %s", away)
        sheets_sync.enqueue(run_at=now() + AWAY, products=products, day=day)


@job(retries=20, is_single=True)
def terms_turn(day: str) -> None:
    """On this day terms begin or end: what is offered under them goes on sale, or off it."""
    turning = [Q(**{f"{path}__valid_from": day}) | Q(**{f"{path}__valid_until": day}) for path in (AGREEMENT, ADJUDICATION)]
    offered = StockRecord.objects.filter(turning[0] | turning[1]).order_by("product_id")
    _sync_later(list(offered.values_list("product", flat=True).distinct()), day)


def terms_watch(*terms) -> None:
    """Have the sheets brought up to date on each day to come on which one of these terms begins or ends.

    `terms`: querysets of agreements or adjudications; without any, all there are.
    """
    every = terms or [model.objects.all() for model in TERMS.values()]
    columns = (rows.order_by().values_list("valid_from", "valid_until").distinct() for rows in every)
    days = {day for pair in chain(*columns) for day in pair if day > localdate()}
    for day in sorted(days):
        terms_turn.enqueue(run_at=_begin_of(day), day=day.isoformat())


def _begin_of(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=get_default_timezone())


def _sync_later(product_ids: list[int], day: str | None = None) -> None:
    for start in range(0, len(product_ids), AT_ONCE):
        sheets_sync.enqueue(products=product_ids[start : start + AT_ONCE], day=day)
