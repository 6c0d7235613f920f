from django.utils.translation import gettext_lazy as _

from marketplace.kernel.plugins import NavigationEntry, RoomConfig


class InvoicingConfig(RoomConfig):
    """What suppliers invoice for accepted goods, matched with order and reception."""

    name = "marketplace.shop.invoicing"
    label = namespace = "invoicing"
    verbose_name = _("Invoices")
    navigation = (
        NavigationEntry("purchases", _("Invoices"), "invoicing:invoices", "invoicing.see_entity_invoices", "file-earmark-text", 44),
        NavigationEntry(
            "supplier", _("Invoices"), "invoicing:supplier-invoices", "invoicing.see_supplier_invoices", "file-earmark-text", 14
        ),
    )
