from datetime import date, datetime, timedelta

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.timezone import localdate

from marketplace.registry.models import Membership

from .models import AdjudicatedItem, Adjudication, AgreementLot, FrameworkAgreement


def agreements_in_force(on: date) -> QuerySet[FrameworkAgreement]:
    published = FrameworkAgreement.objects.filter(status=FrameworkAgreement.Status.PUBLISHED)
    return published.filter(valid_from__lte=on, valid_until__gt=on)


def published_agreements() -> QuerySet[FrameworkAgreement]:
    """What anybody may read: everything but drafts."""
    return FrameworkAgreement.objects.exclude(status=FrameworkAgreement.Status.DRAFT)


def with_figures(agreements: QuerySet[FrameworkAgreement]) -> QuerySet[FrameworkAgreement]:
    """`lot_count`, `supplier_count`."""
    return agreements.annotate(
        lot_count=Count("lots", distinct=True), supplier_count=Count("lots__adjudications__supplier", distinct=True)
    )


def lots_with_awards(agreement: FrameworkAgreement) -> QuerySet[AgreementLot]:
    """The lots of an agreement with their ceilings, their adjudications and how many items each has."""
    awards = Adjudication.objects.select_related("supplier").annotate(item_count=Count("items")).order_by("supplier__sort_key")
    return agreement.lots.select_related("ceiling").prefetch_related(Prefetch("adjudications", awards))


def items_of(adjudication: Adjudication) -> QuerySet[AdjudicatedItem]:
    return adjudication.items.select_related("product")


def adjudications_open_to(supplier_id: int, on: date) -> QuerySet[Adjudication]:
    """What a supplier may offer under today."""
    return Adjudication.objects.select_related("lot__agreement").filter(
        Q(status=Adjudication.Status.ACTIVE), supplier=supplier_id, valid_from__lte=on, valid_until__gt=on
    )


# ---------------------------------------------------------------- what waits for somebody
ENDS_SOON = timedelta(days=60)


def agreements_ending(membership: Membership, at: datetime) -> QuerySet[FrameworkAgreement]:
    """In force, for no longer than 60 days, the nearest end first."""
    on = localdate(at)
    return agreements_in_force(on).filter(valid_until__lte=on + ENDS_SOON).order_by("valid_until", "pk")


def agreements_in_draft(membership: Membership, at: datetime) -> QuerySet[FrameworkAgreement]:
    return FrameworkAgreement.objects.filter(status=FrameworkAgreement.Status.DRAFT).order_by("valid_from", "pk")
