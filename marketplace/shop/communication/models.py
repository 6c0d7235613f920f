from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.kernel.ids import public_id
from marketplace.registry.models import Membership

from .groups import Way
from .kinds import KINDS, NoticeKind


class NoticeQuerySet(models.QuerySet):
    def unread(self) -> "NoticeQuerySet":
        return self.filter(read_at=None)

    def to_mail(self) -> "NoticeQuerySet":
        """Nobody has read them and no letter has left; with what a letter needs."""
        people = self.select_related("membership__user", "membership__entity", "membership__supplier")
        return people.filter(read_at=None, mailed_at=None)

    def of_digest(self, user_id: int) -> "NoticeQuerySet":
        """What waits for this person's next daily letter."""
        return self.to_mail().filter(way=Way.DIGEST, membership__user=user_id)


class Notice(models.Model):
    """Something that happened, told to a person in one of their roles.

    `event_id`: of what happened; of one event a membership hears once. `words`: what its kind's sentence needs, among them
    `key`, by which its page is found. `way`: how it comes besides, as the person had chosen when it was told; a letter that
    has become needless makes it `PAGE`. `mailed_at`: its letter has left.
    """

    id_public = models.UUIDField(default=public_id, unique=True, editable=False)
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="notices")
    event_id = models.BigIntegerField()
    kind = models.CharField(max_length=40)
    words = models.JSONField(default=dict)
    at = models.DateTimeField()
    way = models.CharField(max_length=8, choices=Way.choices, default=Way.AT_ONCE)
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    due: date | None = None  # until when its task is to be done; known where a letter is made

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["membership"], condition=Q(read_at=None), name="notices_unread"),
            models.Index(fields=["membership", "-at"], name="notices_of_membership"),
        ]
        constraints = [models.UniqueConstraint(fields=["event_id", "membership"], name="notice_told_once")]

    def __str__(self) -> str:
        return self.about.says(self.words)

    @property
    def about(self) -> NoticeKind:
        return KINDS[self.kind]

    def get_absolute_url(self) -> str:
        return self.about.url(self.words)


class NoticeChoice(models.Model):
    """How a person wants the notices of a group (`groups.GROUPS`, by code) to come; without one, as the group says."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="notice_choices")
    group = models.CharField(max_length=16)
    way = models.CharField(max_length=8, choices=Way.choices)

    class Meta:
        verbose_name = _("choice of how notices come")
        verbose_name_plural = _("choices of how notices come")
        constraints = [models.UniqueConstraint(fields=["user", "group"], name="notice_choice_once")]

    def __str__(self) -> str:
        return f"{self.group}: {self.way}"


from oscar.apps.communication.models import *  # noqa: E402, F403  Oscar's own, after ours
