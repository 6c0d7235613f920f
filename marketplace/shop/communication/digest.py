"""The daily letter: when it leaves, and what goes into it."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.timezone import localtime

from .groups import Way
from .meanwhile import still_to_mail
from .models import Notice

DAY = timedelta(days=1)


def next_digest_at(at: datetime) -> datetime:
    today = _digest_of_day(at)
    return today if at < today else today + DAY


def last_digest_at(at: datetime) -> datetime:
    return next_digest_at(at) - DAY


def _digest_of_day(at: datetime) -> datetime:
    return localtime(at).replace(hour=settings.DIGEST_HOUR, minute=0, second=0, microsecond=0)


@transaction.atomic
def digest_take(*, user_id: int, at: datetime) -> list[Notice]:
    """What is to be told to this person in one letter, marked as mailed; nothing, when all was read or done meanwhile.

    Only what was told before the last hour of digests: a letter that comes late takes all that waits, and leaves nothing
    for a second one on that day. Whoever takes at the same time waits, and finds what is left.
    """
    waiting = Notice.objects.of_digest(user_id).filter(at__lt=last_digest_at(at)).order_by("pk")
    taken = list(waiting.select_for_update(of=["self"]))
    told = still_to_mail(taken, at)
    keys = {notice.pk for notice in told}
    Notice.objects.filter(pk__in=keys).update(mailed_at=at)
    Notice.objects.filter(pk__in={notice.pk for notice in taken} - keys).update(way=Way.PAGE)
    return told
