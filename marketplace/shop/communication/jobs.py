"""Notices and letters, in the background: what happened waits for neither."""

from django.utils.timezone import now

from marketplace.kernel.events import subscribe
from marketplace.kernel.events.models import Event
from marketplace.kernel.jobs import job

from .digest import digest_take, next_digest_at
from .groups import Way
from .mail import digest_letter, notice_letter
from .meanwhile import still_to_mail
from .models import Notice
from .services import notices_make
from .telling import TELLERS

TRIES = 60  # tries: the waits grow to an hour each, so that a mail server may be dead for two days


@subscribe(*TELLERS)
@job(retries=8)
def notices_tell(event: Event) -> None:
    """Make the notices of an event, and with them the job of each letter; a day's letter is one job for a person."""
    for notice in notices_make(event):
        if notice.way == Way.AT_ONCE:
            notice_mail.enqueue(notice_id=notice.pk)
        elif notice.way == Way.DIGEST:
            digest_mail.enqueue(run_at=next_digest_at(now()), user_id=notice.membership.user_id)


@job(retries=TRIES)
def notice_mail(notice_id: int) -> None:
    """Send the letter of a notice, unless it has left, was read or done meanwhile, or its role is over.

    A dead mail server makes it come back later.
    """
    at = now()
    waiting = list(Notice.objects.to_mail().filter(pk=notice_id).select_for_update(of=["self"]))
    for notice in still_to_mail(waiting, at):
        notice.mailed_at = at
        notice.save(update_fields=["mailed_at"])
        notice_letter(notice).send()


@job(retries=TRIES, is_single=True)
def digest_mail(user_id: int) -> None:
    """Send a person's daily letter, if something is left to tell; what was told after its hour waits for the next one."""
    at = now()
    told = digest_take(user_id=user_id, at=at)
    if Notice.objects.of_digest(user_id).exists():
        digest_mail.enqueue(run_at=next_digest_at(at), user_id=user_id)
    if told:
        digest_letter(told, at).send()
