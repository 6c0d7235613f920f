from django.utils.translation import gettext_lazy as _

from marketplace.kernel.plugins import NavigationEntry, RoomConfig


class PaymentConfig(RoomConfig):
    """Payment orders to the finance gateway, the ledger, and the liquidation that closes an order."""

    name = "marketplace.shop.payment"
    label = namespace = "payment"
    verbose_name = _("Payments")
    navigation = (NavigationEntry("purchases", _("Payments"), "payment:payments", "payment.see_payments", "bank", 46),)
