from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from marketplace.kernel.history.tables import only_grows, unseen, watched


class Limit(models.Model):
    """A thing of which there is only so much: units of stock, dollars of a ceiling or a certificate.

    `limit` and `taken` are in the thing's own unit. Change them with `take`, `give_back` and `set_limit` alone.
    """

    limit = models.DecimalField(_("limit"), max_digits=18, decimal_places=2)
    taken = models.DecimalField(_("taken"), max_digits=18, decimal_places=2, default=Decimal(0))

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(taken__gte=0, taken__lte=F("limit")), name="limits_taken_within_limit"),
        ]

    def __str__(self) -> str:
        return f"{self.taken} / {self.limit}"

    @property
    def left(self) -> Decimal:
        return self.limit - self.taken


class LimitEntry(models.Model):
    """One taking (positive) or giving back (negative), with its cause. Only grows; its sum is the limit's `taken`."""

    limit = models.ForeignKey(Limit, models.PROTECT, related_name="entries")
    quantity = models.DecimalField(max_digits=18, decimal_places=2)
    cause_type = models.CharField(max_length=64)
    cause_id = models.BigIntegerField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["cause_type", "cause_id"], name="limits_of_cause")]

    def __str__(self) -> str:
        return f"{self.quantity:+} {self.cause_type} {self.cause_id}"


unseen("limits_limit", "taken")  # its ledger, limits_limitentry, records every change of it
watched("limits_limit", "limit")
only_grows("limits_limitentry")
