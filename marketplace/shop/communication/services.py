"""Making notices, and having read them. Each owns its transaction."""

from datetime import datetime

from django.db import transaction

from marketplace.kernel.events.models import Event
from marketplace.registry.models import Membership

from .models import Notice
from .telling import people_told, told_of


@transaction.atomic
def notices_make(event: Event) -> list[Notice]:
    """Tell of an event whom it concerns, each once, also when it runs twice. The notices that are new."""
    wanted = [
        Notice(membership=person, event_id=event.pk, kind=told.kind, words=told.words, at=event.at)
        for told in told_of(event)
        for person in people_told(told, event)
    ]
    there = set(Notice.objects.filter(event_id=event.pk).values_list("membership", flat=True))
    return Notice.objects.bulk_create(notice for notice in wanted if notice.membership_id not in there)


def notice_mark_read(*, notice_id: int, at: datetime) -> None:
    Notice.objects.unread().filter(pk=notice_id).update(read_at=at)


def notices_mark_read(*, membership: Membership, at: datetime) -> int:
    """All of a membership. How many were unread."""
    return Notice.objects.unread().filter(membership=membership).update(read_at=at)
