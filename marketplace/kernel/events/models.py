from django.db import models
from django.db.models.functions import Now

from marketplace.kernel.history.tables import only_grows


class CurrentTransaction(models.Func):
    """The id of the transaction that is writing."""

    template = "(pg_current_xact_id()::text::bigint)"
    output_field = models.BigIntegerField()


class Event(models.Model):
    """Something that happened, written in the transaction in which it happened. Only grows.

    `kind`: ``noun.verb_in_the_past``. `subject_type`: the model's label, as ``order.order``. `payload`: what readers
    need besides the subject, as JSON. `at`: the instant of the act, by the database's clock unless the act has its own.
    """

    transaction_id = models.BigIntegerField(db_default=CurrentTransaction(), db_index=True)
    kind = models.CharField(max_length=64)
    subject_type = models.CharField(max_length=64)
    subject_id = models.BigIntegerField()
    actor_id = models.BigIntegerField(null=True)
    membership_id = models.BigIntegerField(null=True)
    at = models.DateTimeField(db_default=Now())
    payload = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["subject_type", "subject_id", "id"], name="events_of_subject")]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_type} {self.subject_id}"


only_grows("events_event")
