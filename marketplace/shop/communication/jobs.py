"""Notices and letters, in the background: what happened waits for neither."""

from django.utils.timezone import localdate, now

from marketplace.kernel.events import subscribe
from marketplace.kernel.events.models import Event
from marketplace.kernel.jobs import job

from .mail import notice_letter
from .models import Notice
from .services import notices_make
from .telling import TELLERS

TRIES = 60  # tries: the waits grow to an hour each, so that a mail server may be dead for two days


@subscribe(*TELLERS)
@job(retries=8)
def notices_tell(event: Event) -> None:
    """Make the notices of an event, and with them the job of each letter."""
    for notice in notices_make(event):
        notice_mail.enqueue(notice_id=notice.pk)


@job(retries=TRIES)
def notice_mail(notice_id: int) -> None:
    """Send the letter of a notice, unless it has left, was read meanwhile or its role is over.

    A dead mail server makes it come back later.
    """
    notice = Notice.objects.select_for_update(of=["self"]).select_related("membership__user").get(pk=notice_id)
    reader = notice.membership
    if notice.mailed_at or notice.read_at or not (reader.user.is_active and reader.is_in_force(localdate())):
        return
    notice.mailed_at = now()
    notice.save(update_fields=["mailed_at"])
    notice_letter(notice).send()
