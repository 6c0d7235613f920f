from django.utils.translation import gettext_lazy as _

from marketplace.kernel.plugins import NavigationEntry, RoomConfig


class RegistryConfig(RoomConfig):
    """People, organisations, and in which role someone acts."""

    name = "marketplace.registry"
    label = "registry"
    namespace = "registry"
    verbose_name = _("Registry")
    navigation = (
        NavigationEntry("purchases", _("Team"), "registry:team", "registry.manage_team", "people", 90),
        NavigationEntry("purchases", _("Delegations"), "registry:delegations", "registry.delegate", "person-lines-fill", 80),
        NavigationEntry("supplier", _("Team"), "registry:team", "registry.manage_team", "people", 90),
        NavigationEntry("office", _("Suppliers"), "registry:suppliers", "registry.manage_suppliers", "shop", 40, _("People")),
        NavigationEntry("office", _("Entities"), "registry:entities", "registry.manage_entities", "building", 41, _("People")),
    )
