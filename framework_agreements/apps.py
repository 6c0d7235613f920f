from django.utils.translation import gettext_lazy as _

from marketplace.kernel.plugins import NavigationEntry, RoomConfig


class FrameworkAgreementsConfig(RoomConfig):
    """Framework agreements, their lots, and to whom these are adjudicated."""

    name = "framework_agreements"
    label = namespace = "framework_agreements"
    verbose_name = _("Framework agreements")
    navigation = (
        NavigationEntry(
            "office", _("Framework agreements"), "framework_agreements:agreements-panel",
            "framework_agreements.see_agreements", "patch-check", 10, _("Catalogue"),
        ),
    )  # fmt: skip
