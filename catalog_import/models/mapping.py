from django.db import models
from django.utils.translation import gettext_lazy as _

from framework_agreements.models import AgreementLot, FrameworkAgreement
from marketplace.kernel.text import fold


class CategoryMapping(models.Model):
    """What a category of suppliers' files means under an agreement: its lot, its CPC code, its shelf for browsing.

    `file_category`: as suppliers write it, folded (lower case, no accents).
    """

    agreement = models.ForeignKey(FrameworkAgreement, models.PROTECT, related_name="category_mappings")
    file_category = models.CharField(_("category in the file"), max_length=120)
    lot = models.ForeignKey(AgreementLot, models.PROTECT, related_name="category_mappings", verbose_name=_("lot"))
    cpc_code = models.CharField(_("CPC code"), max_length=12)
    category = models.ForeignKey("catalogue.Category", models.PROTECT, related_name="+", verbose_name=_("category"))

    class Meta:
        verbose_name = _("category mapping")
        verbose_name_plural = _("category mappings")
        ordering = ["agreement", "file_category"]
        constraints = [models.UniqueConstraint(fields=["agreement", "file_category"], name="import_category_mapped_once")]

    def __str__(self) -> str:
        return f"{self.file_category} → {self.lot}"

    @property
    def url_key(self) -> str:
        """«toner and ink» → «toner-and-ink»: folded names have no hyphens of their own."""
        return self.file_category.replace(" ", "-")

    def save(self, *args, **kwargs):
        self.file_category = fold(self.file_category)
        super().save(*args, **kwargs)
