"""What happened between the telling and the letter: a notice that was dealt with needs no letter."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime

from django.utils.timezone import localdate

from marketplace.kernel.screens.tasks import task_called
from marketplace.registry.models import Membership

from .groups import Way
from .models import Notice
from .selectors import ways_chosen


def still_to_mail(notices: list[Notice], at: datetime) -> list[Notice]:
    """Those whose reader still has the role, still wants a letter and has not done it; each with `due`, if it has a deadline.

    What was told to somebody in two roles of one organisation is said once.
    """
    chosen = ways_chosen(notice.membership.user_id for notice in notices)
    wanted = [notice for notice in notices if _is_wanted(notice, chosen, at)]
    dues = _dues(wanted, at)
    seen, kept = set(), []
    for notice in wanted:
        reader = notice.membership
        same = (notice.event_id, notice.kind, reader.user_id, reader.entity_id, reader.supplier_id)
        if same not in seen and (not notice.about.tasks or notice.pk in dues):
            seen.add(same)
            notice.due = dues.get(notice.pk)
            kept.append(notice)
    return kept


def _is_wanted(notice: Notice, chosen: dict[tuple[int, str], str], at: datetime) -> bool:
    reader, group = notice.membership, notice.about.group
    is_reader_here = reader.user.is_active and reader.is_in_force(localdate(at))
    return is_reader_here and chosen.get((reader.user_id, group.code), notice.way) != Way.PAGE


def _dues(notices: Iterable[Notice], at: datetime) -> dict[int, date | None]:
    """Notice → deadline, of those whose task is not done. Two queries per membership and kind of task."""
    calls: dict[tuple[Membership, str], list[Notice]] = defaultdict(list)
    for notice in notices:
        for code in notice.about.tasks:
            calls[notice.membership, code].append(notice)
    return {key: due for (reader, code), called in calls.items() for key, due in _dues_of(code, reader, called, at)}


def _dues_of(code: str, reader: Membership, called: list[Notice], at: datetime) -> Iterable[tuple[int, date | None]]:
    known, field = task_called(code), called[0].about.task_key
    rows = known.rows(reader, at)
    keys = [notice.words["key"] for notice in called]
    found = {str(key): pk for key, pk in rows.filter(**{f"{field}__in": keys}).order_by().values_list(field, "pk")}
    due_of = {row.pk: known.due(row) for row in rows.filter(pk__in=found.values())}
    for notice in called:
        if (pk := found.get(notice.words["key"])) in due_of:
            yield notice.pk, due_of[pk]
