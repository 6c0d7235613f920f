from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class RowVersion(models.Model):
    """One change of one row of a recorded table, written by the database itself (`triggers.py`).

    `digest`: SHA-256 of the new row as JSON, on insert and update. `old`: the row before, on update (in a row of its
    own, «O») and delete. With the live row that is lossless, and a row changed behind the triggers' back no longer fits
    its last digest.
    """

    class Operation(models.TextChoices):
        INSERT = "I", _("Inserted")
        UPDATED_FROM = "O", _("Before the update")
        UPDATE = "U", _("Updated")
        DELETE = "D", _("Deleted")
        TRUNCATE = "T", _("Emptied")

    transaction_id = models.BigIntegerField()
    at = models.DateTimeField(db_default=Now())
    table_name = models.CharField(max_length=63)
    row_key = models.CharField(max_length=64, blank=True)
    operation = models.CharField(max_length=1, choices=Operation.choices)
    digest = models.BinaryField(null=True)
    old = models.JSONField(null=True)
    actor_id = models.BigIntegerField(null=True)
    membership_id = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=200)

    class Meta:
        indexes = [models.Index(fields=["table_name", "row_key", "id"], name="history_of_row")]

    def __str__(self) -> str:
        return f"{self.table_name} {self.row_key} {self.operation}"
