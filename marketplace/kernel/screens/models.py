from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.kernel.history.tables import left_out


class FormAnswer(models.Model):
    """How a form was answered the first time, so that a second press, a retry or the back button get the same answer.

    `key`: made with the form, unique per person. `digest`: of what was sent. Written with the effect, in one transaction.
    """

    actor_id = models.BigIntegerField()
    key = models.UUIDField()
    digest = models.CharField(max_length=64)
    location = models.TextField(blank=True)
    sentence = models.TextField(blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("form answer")
        constraints = [models.UniqueConstraint(fields=["actor_id", "key"], name="answers_once")]

    def __str__(self) -> str:
        return f"{self.actor_id} {self.key}"


left_out("screens_formanswer", reason="the answer to a form; its effect is recorded where it happens")
