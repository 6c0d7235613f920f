"""The officer's screens of the category map: what suppliers' categories mean under an agreement."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from framework_agreements.models import FrameworkAgreement
from marketplace.kernel.screens.lists import Column, ListScreen
from marketplace.kernel.screens.views import RuleFormView
from marketplace.kernel.text import SortKey

from ..forms import MappingForm
from ..mapping import mapping_save
from ..models import CategoryMapping
from ..selectors import agreements_with_maps, mappings_of, unmapped_categories

PERMISSION = "catalog_import.edit_mapping"


class MapsView(ListScreen):
    """Each agreement, and how many categories its map has."""

    permission = PERMISSION
    template_name = "catalog_import/maps.html"
    search_fields = ("code", "name")
    sort = "code"
    download_name = "mapas"
    columns = (
        Column("code", gettext_lazy("Agreement"), "code", value=lambda row: row.code),
        Column("name", gettext_lazy("Name"), SortKey("name"), value=lambda row: row.name),
        Column("mapped", gettext_lazy("Categories in its map"), "mapped", is_number=True, value=lambda row: row.mapped),
    )

    def get_rows(self) -> QuerySet[FrameworkAgreement]:
        return agreements_with_maps()


class OfAgreement:
    """Screens about the map of one agreement."""

    permission = PERMISSION

    @cached_property
    def agreement(self) -> FrameworkAgreement:
        return self.found(FrameworkAgreement.objects.all(), code=self.kwargs["code"])

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        return super().get_context_data(agreement=self.agreement, **context)

    def get_success_url(self) -> str:
        return reverse("catalog_import:map", args=[self.agreement.code])


class MapView(OfAgreement, ListScreen):
    """The category map of an agreement, and what files use and it lacks."""

    template_name = "catalog_import/map.html"
    search_fields = ("file_category", "cpc_code", "lot__name", "category__name")
    sort = "category"
    download_name = "categorias"
    columns = (
        Column("category", gettext_lazy("In the file"), "file_category", value=lambda row: row.file_category),
        Column("lot", gettext_lazy("Lot"), "lot__number", value=lambda row: str(row.lot)),
        Column("cpc", gettext_lazy("CPC"), "cpc_code", value=lambda row: row.cpc_code),
        Column("shelf", gettext_lazy("Shelf"), "category__path", value=lambda row: row.category.name),
    )

    def get_rows(self) -> QuerySet[CategoryMapping]:
        return mappings_of(self.agreement)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        return super().get_context_data(unmapped=unmapped_categories(self.agreement)[:20], **context)


class MappingFormView(OfAgreement, RuleFormView):
    """A line of the map."""

    form_class = MappingForm
    template_name = "catalog_import/mapping_form.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"agreement": self.agreement, "instance": self.object}

    def act(self, form) -> str:
        mapping = mapping_save(agreement=self.agreement, mapping=self.object, actor=self.membership, **form.cleaned_data)
        return _("Rows with the category «{category}» now go to the lot {lot}.").format(
            category=mapping.file_category, lot=mapping.lot
        )


class MappingCreateView(MappingFormView):
    """Add a category. `?categoria=`: one that files use."""

    def get_initial(self) -> dict[str, Any]:
        return {"file_category": self.request.GET.get("categoria", "")}


class MappingEditView(MappingFormView):
    """Change what a category means from the next import on."""

    def get_object(self) -> CategoryMapping:
        return self.found(mappings_of(self.agreement), file_category=self.kwargs["category"].replace("-", " "))
