"""Letters that follow from what happened in the registry, and those about one's own account."""

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from marketplace.kernel.events import subscribe
from marketplace.kernel.events.models import Event
from marketplace.kernel.jobs import job

from .models import Invitation
from .selectors import language_of

TRIES = 60  # tries: the waits grow to an hour each, so that a mail server may be dead for two days


@subscribe("invitation.sent")
@job(retries=TRIES)
def invitation_letter(event: Event) -> None:
    """Send the letter of an invitation that is still open; in the language of the person, if we know them."""
    invitation = Invitation.objects.select_related("entity", "supplier", "invited_by").get(pk=event.subject_id)
    if not invitation.is_open(event.at):
        return
    with override(language_of(invitation.email)):
        address = f"{settings.BASE_URL}{invitation.get_absolute_url()}"
        body = render_to_string("registry/mail/invitation.txt", {"invitation": invitation, "address": address})
        subject = _("{organisation} invites you to Compras Públicas").format(organisation=invitation.organisation_name)
    send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, [invitation.email])


@job(retries=TRIES)
def account_letter(subject: str, body: str, to: str) -> None:
    """Send a letter as the account's pages wrote it, at once or when the mail server is back."""
    send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, [to])
