from django.utils.translation import gettext_lazy as _

from marketplace.kernel.plugins import NavigationEntry, RoomConfig


class CatalogImportConfig(RoomConfig):
    """Suppliers' files become listings, or proposals."""

    name = "catalog_import"
    label = namespace = "catalog_import"
    verbose_name = _("Catalogue import")
    navigation = (
        NavigationEntry("supplier", _("Import"), "catalog_import:runs", "catalog_import.import_catalogue", "upload", 30),
        NavigationEntry(
            "listings", _("Offer one product"), "catalog_import:offer-create", "catalog_import.import_catalogue", "plus-lg"
        ),
        NavigationEntry(
            "office", _("Proposals"), "catalog_import:proposals", "catalog_import.decide_proposal", "inboxes", 20, _("Catalogue")
        ),
        NavigationEntry(
            "office", _("Category map"), "catalog_import:maps", "catalog_import.edit_mapping", "diagram-3", 30, _("Catalogue")
        ),
    )
