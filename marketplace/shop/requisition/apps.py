from django.utils.translation import gettext_lazy as _

from marketplace.kernel.plugins import NavigationEntry, RoomConfig


class RequisitionConfig(RoomConfig):
    """The need of an entity, its budget certificate and its approval."""

    name = "marketplace.shop.requisition"
    label = namespace = "requisition"
    verbose_name = _("Requisitions")
    navigation = (
        NavigationEntry(
            "purchases", _("Approvals"), "requisition:approvals", "requisition.decide_requisition", "check2-square", 10
        ),
        NavigationEntry(
            "purchases", _("Requisitions"), "requisition:requisitions", "requisition.see_requisitions", "card-checklist", 30
        ),
        NavigationEntry("purchases", _("Approval route"), "requisition:rules", "requisition.set_policy", "signpost-split", 85),
        NavigationEntry("purchases", _("Budget"), "requisition:certificates", "requisition.see_budget", "cash-coin", 50),
    )
