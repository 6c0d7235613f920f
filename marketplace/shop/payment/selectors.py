from django.db.models import QuerySet

from marketplace.registry.models import Membership

from .models import PaymentOrder, SuspectNotice


def payments_visible_to(membership: Membership | None) -> QuerySet[PaymentOrder]:
    """Payment orders of the membership's entity; nothing for anyone else. Every payment page starts here."""
    payments = PaymentOrder.objects.select_related("invoice__obligation__order", "invoice__supplier", "ordered_by__user")
    if membership is None or not membership.entity_id:
        return payments.none()
    return payments.filter(invoice__obligation__entity=membership.entity_id)


def doubts_about(payment: PaymentOrder) -> QuerySet[SuspectNotice]:
    """What the gateway said of it that was not believed."""
    return payment.suspect_notices.all()
