from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from oscar.apps.catalogue.abstract_models import AbstractCategory, AbstractProduct

from marketplace.kernel.history.tables import left_out
from marketplace.kernel.text import fold, sort_key

from .units import unit_name

DRAWINGS = (
    "caja", "resma", "papel", "archivador", "toner", "impresora", "notebook", "tecnologia", "cable", "galon", "medicina",
    "alimento", "prenda", "mueble", "herramienta", "servicio",
)  # fmt: skip


class Category(AbstractCategory):
    """A shelf for browsing. The law classifies by the sheet's CPC code, not by this.

    `drawing`: stands in where a sheet has no picture.
    """

    drawing = models.CharField(max_length=20, default=DRAWINGS[0])

    class Meta(AbstractCategory.Meta):
        constraints = [models.UniqueConstraint(fields=["slug"], name="catalogue_category_slug_once")]

    def save(self, *args, **kwargs) -> None:
        """A shelf that is hidden hides those beneath it; stock Oscar does it by a signal."""
        super().save(*args, **kwargs)
        self.set_ancestors_are_public()


class Product(AbstractProduct):
    """The normalised sheet (ficha): what is bought, whoever sells it. Owned by the catalogue authority.

    `cpc_code`: classification code of the law, nine digits. `gtin`: 14 digits, or none. `base_unit`: code of UN/ECE
    Recommendation 20 of the thing that packs hold. `sort_key` and `folded_title` follow the title. Oscar's columns that
    nothing looks up lose their index: they cost every import 6 to 14 %.
    """

    upc = None
    is_public = models.BooleanField(_("public"), default=True)
    priority = models.SmallIntegerField(default=0)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, db_index=False, related_name="children")
    product_class = models.ForeignKey(
        "catalogue.ProductClass", models.PROTECT, null=True, db_index=False, related_name="products", verbose_name=_("kind")
    )
    slug = models.SlugField(max_length=255, db_index=False)
    date_created = models.DateTimeField(auto_now_add=True)
    date_updated = models.DateTimeField(auto_now=True)
    code = models.CharField(_("sheet code"), max_length=32, unique=True)
    cpc_code = models.CharField(_("CPC code"), max_length=12)
    gtin = models.CharField(_("GTIN"), max_length=14, null=True, blank=True, unique=True)
    brand = models.CharField(_("brand"), max_length=120, blank=True)
    base_unit = models.CharField(_("base unit"), max_length=3)
    sort_key = models.CharField(max_length=300, editable=False)
    folded_title = models.CharField(max_length=300, editable=False)

    class Meta(AbstractProduct.Meta):
        ordering = ["sort_key", "pk"]
        indexes = [
            models.Index(fields=["sort_key", "id"], name="catalogue_by_name"),
            GinIndex(SearchVector("folded_title", config="simple"), name="catalogue_name_words"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(structure="standalone", parent=None), name="catalogue_no_child_products"),
            models.CheckConstraint(condition=Q(gtin=None) | Q(gtin__regex=r"^\d{14}$"), name="catalogue_gtin_has_14_digits"),
        ]

    def save(self, *args, **kwargs):
        self.sort_key, self.folded_title = sort_key(self.title)[:300], fold(self.title)[:300]
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("catalogue:detail", kwargs={"slug": self.slug, "code": self.code.lower()})

    @property
    def printed_gtin(self) -> str:
        """As the package has it: the 14 digits of a box, or the 13 or 8 of a single piece."""
        digits = (self.gtin or "").lstrip("0")
        return digits.zfill(8 if len(digits) <= 8 else 13 if len(digits) <= 13 else 14) if digits else ""

    @property
    def base_unit_name(self) -> str:
        return unit_name(self.base_unit)


from oscar.apps.catalogue.models import *  # noqa: E402, F403  Oscar's other models, after ours

left_out("catalogue_productcategoryhierarchy", reason="a view")
