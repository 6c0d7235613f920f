from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.registry.models import Membership, Supplier


class SavedLayout(models.Model):
    """How a supplier's files with this first line are read, as the supplier last said.

    `fingerprint`: of the first line at first sight. `cells`: that line as it was read in the end; `places`: column → its
    place there. `encoding`, `delimiter`, `decimal_mark`: where first sight was wrong; else empty.
    """

    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="saved_layouts", verbose_name=_("supplier"))
    fingerprint = models.CharField(max_length=64)
    cells = models.JSONField(default=list)
    places = models.JSONField(default=dict)
    encoding = models.CharField(max_length=16, blank=True)
    delimiter = models.CharField(max_length=1, blank=True)
    decimal_mark = models.CharField(max_length=1, blank=True)
    saved_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        verbose_name = _("saved layout")
        verbose_name_plural = _("saved layouts")
        ordering = ["-saved_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["supplier", "fingerprint"], name="import_layout_saved_once")]

    def __str__(self) -> str:
        return f"{self.supplier_id} {', '.join(self.cells[:3])}"
