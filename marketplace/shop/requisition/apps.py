from django.utils.translation import gettext_lazy as _

from marketplace.kernel.plugins import RoomConfig


class RequisitionConfig(RoomConfig):
    """The need of an entity, its budget certificate and its approval."""

    name = "marketplace.shop.requisition"
    label = namespace = "requisition"
    verbose_name = _("Requisitions")
