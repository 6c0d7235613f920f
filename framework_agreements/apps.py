from django.utils.translation import gettext_lazy as _

from marketplace.kernel.plugins import RoomConfig


class FrameworkAgreementsConfig(RoomConfig):
    """Framework agreements, their lots, and to whom these are adjudicated."""

    name = "framework_agreements"
    label = namespace = "framework_agreements"
    verbose_name = _("Framework agreements")
