"""Making notices, having read them, choosing how they come. Each owns its transaction."""

from datetime import datetime

from django.db import transaction

from marketplace.kernel.events import record
from marketplace.kernel.events.models import Event
from marketplace.registry.models import Membership, User
from marketplace.registry.services import language_choose

from .kinds import KINDS
from .models import Notice, NoticeChoice
from .selectors import ways_chosen
from .telling import people_told, told_of
from .told import Told


@transaction.atomic
def notices_make(event: Event) -> list[Notice]:
    """Tell of an event whom it concerns, each once, also when it runs twice. The notices that are new."""
    pairs = [(told, person) for told in told_of(event) for person in people_told(told, event)]
    there = set(Notice.objects.filter(event_id=event.pk).values_list("membership", flat=True))
    chosen = ways_chosen(person.user_id for _, person in pairs)
    return Notice.objects.bulk_create(
        Notice(membership=person, event_id=event.pk, kind=told.kind, words=told.words, at=event.at, way=_way(told, person, chosen))
        for told, person in pairs
        if person.pk not in there
    )


def _way(told: Told, person: Membership, chosen: dict[tuple[int, str], str]) -> str:
    group = KINDS[told.kind].group
    return chosen.get((person.user_id, group.code), group.way)


def notice_mark_read(*, notice_id: int, at: datetime) -> None:
    Notice.objects.unread().filter(pk=notice_id).update(read_at=at)


def notices_mark_read(*, membership: Membership, at: datetime) -> int:
    """All of a membership. How many were unread."""
    return Notice.objects.unread().filter(membership=membership).update(read_at=at)


@transaction.atomic
def preferences_choose(*, user: User, language: str, ways: dict[str, str], at: datetime) -> None:
    """In which language letters come to a person, and how the notices of each group. `ways`: group → way; others stay."""
    language_choose(user_id=user.pk, language=language, at=at)
    choices = [NoticeChoice(user=user, group=group, way=way) for group, way in ways.items()]
    NoticeChoice.objects.bulk_create(choices, update_conflicts=True, unique_fields=["user", "group"], update_fields=["way"])
    record("notices.ways_chosen", user, at=at, ways=ways)
