from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.kernel.ids import public_id
from marketplace.registry.models import Membership

from .kinds import KINDS, NoticeKind


class NoticeQuerySet(models.QuerySet):
    def unread(self) -> "NoticeQuerySet":
        return self.filter(read_at=None)


class Notice(models.Model):
    """Something that happened, told to a person in one of their roles.

    `event_id`: of what happened; of one event a membership hears once. `words`: what its kind's sentence needs, among them
    `key`, by which its page is found. `mailed_at`: its letter has left.
    """

    id_public = models.UUIDField(default=public_id, unique=True, editable=False)
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="notices")
    event_id = models.BigIntegerField()
    kind = models.CharField(max_length=40)
    words = models.JSONField(default=dict)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

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


from oscar.apps.communication.models import *  # noqa: E402, F403  Oscar's own, after ours
