from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.kernel.ids import public_id
from marketplace.kernel.limits.models import Limit
from marketplace.registry.models import Entity


class BudgetCertificate(models.Model):
    """A budget certificate (certificación presupuestaria): money of a budget line that may be committed.

    `amount`: USD, with VAT; what requisitions and orders reserve is taken from it.
    """

    id_public = models.UUIDField(default=public_id, unique=True, editable=False)
    entity = models.ForeignKey(Entity, models.PROTECT, related_name="certificates")
    number = models.CharField(_("certificate number"), max_length=40)
    budget_line = models.CharField(_("budget line"), max_length=40)
    purpose = models.CharField(_("purpose"), max_length=200, blank=True)
    issued_on = models.DateField(_("issued on"))
    amount = models.OneToOneField(Limit, models.PROTECT, verbose_name=_("amount"))

    class Meta:
        verbose_name = _("budget certificate")
        verbose_name_plural = _("budget certificates")
        ordering = ["-issued_on", "number"]
        constraints = [models.UniqueConstraint(fields=["entity", "number"], name="requisition_certificate_once")]

    def __str__(self) -> str:
        return f"{self.number} · {self.budget_line}"
