from django.utils.translation import gettext_lazy as _

from marketplace.kernel.plugins import RoomConfig


class CatalogImportConfig(RoomConfig):
    """Suppliers' files become listings, or proposals."""

    name = "catalog_import"
    label = namespace = "catalog_import"
    verbose_name = _("Catalogue import")
