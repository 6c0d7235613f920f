"""Answering a form once: the first press acts, every later press with the same key hears the first answer."""

import hashlib
from uuid import UUID

from django.db import connection
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from marketplace.kernel.errors import Broken, Message, refuse

from .models import FormAnswer

KEY_FIELD = "form_key"
CLAIM = """
INSERT INTO screens_formanswer (actor_id, key, digest, location, sentence, at) VALUES (%s, %s, %s, '', '', clock_timestamp())
ON CONFLICT DO NOTHING RETURNING id
"""
NOT_PART_OF_THE_FORM = {"csrfmiddlewaretoken", KEY_FIELD}

form_sent_before = Message(
    "form_sent_before", _("This form was already sent with other values. Reload the page and check what was saved.")
)


def answer_for(*, actor_id: int, key: str, posted: QueryDict) -> tuple[FormAnswer, bool]:
    """The answer row and whether it is new. Call in the transaction of the effect: a parallel press waits here.

    Raises RuleBroken (``form_sent_before``) when the key was used with other values.
    """
    digest = digest_of(posted)
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, [actor_id, _uuid(key), digest])
        claimed = cursor.fetchone()
    if claimed:
        return FormAnswer(pk=claimed[0], actor_id=actor_id, key=key, digest=digest), True
    standing = FormAnswer.objects.get(actor_id=actor_id, key=key)
    if standing.digest != digest:
        refuse([Broken("form_sent_before")])
    return standing, False


def answer_given(*, actor_id: int, key: str, posted: QueryDict) -> FormAnswer | None:
    """The answer that stands for this key and these values, if the form was sent before and done."""
    try:
        return FormAnswer.objects.filter(actor_id=actor_id, key=UUID(key), digest=digest_of(posted)).first()
    except ValueError:
        return None


def digest_of(posted: QueryDict) -> str:
    lines = (f"{name}={value}" for name in sorted(posted) if name not in NOT_PART_OF_THE_FORM for value in posted.getlist(name))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _uuid(key: str) -> UUID:
    try:
        return UUID(key)
    except ValueError:
        refuse([Broken("form_sent_before")])
        raise
