from dataclasses import dataclass
from datetime import date

from django.db.models import BigIntegerField, Case, Count, Q, QuerySet, When
from django.db.models.functions import Cast
from wagtail.models import Page, WorkflowState

from framework_agreements.selectors import agreements_in_force
from marketplace.shop.partner.models import StockRecord


@dataclass(frozen=True)
class Figures:
    """What there is to buy today: counted when the page is made."""

    agreements: int
    suppliers: int
    products: int
    offers: int


def figures_on(on: date) -> Figures:
    counted = StockRecord.objects.on_sale(on).aggregate(
        offers=Count("pk"), products=Count("product", distinct=True), suppliers=Count("partner", distinct=True)
    )
    return Figures(agreements=agreements_in_force(on).count(), **counted)


# ---------------------------------------------------------------- what waits for somebody


def pages_at_work() -> QuerySet[Page]:
    """With changes that visitors do not see, or on their way to be published (`is_moderated`)."""
    at_work = Page.objects.filter(Q(has_unpublished_changes=True) | Q(pk__in=_in_workflow()))
    return at_work.annotate(is_moderated=Case(When(pk__in=_in_workflow(), then=True), default=False))


def pages_in_moderation() -> QuerySet[Page]:
    """The one that waits longest first."""
    return Page.objects.filter(pk__in=_in_workflow()).order_by("latest_revision_created_at", "pk")


def pages_in_draft() -> QuerySet[Page]:
    """Not yet sent to be published; the one touched last first."""
    drafts = Page.objects.filter(has_unpublished_changes=True).exclude(pk__in=_in_workflow())
    return drafts.order_by("-latest_revision_created_at", "-pk")


def _in_workflow() -> QuerySet[WorkflowState]:
    """Keys of the pages whose workflow goes on."""
    going_on = WorkflowState.objects.filter(
        status=WorkflowState.STATUS_IN_PROGRESS, base_content_type__app_label="wagtailcore", base_content_type__model="page"
    )
    return going_on.annotate(page_key=Cast("object_id", BigIntegerField())).values("page_key")
