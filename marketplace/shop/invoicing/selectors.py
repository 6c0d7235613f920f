from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from marketplace.registry.models import Membership
from marketplace.shop.order.models import Line, Order
from marketplace.shop.order.selectors import orders_visible_to

from .models import Invoice, Obligation
from .rules import INVOICEABLE, OrderedLine


def invoices_visible_to(membership: Membership | None) -> QuerySet[Invoice]:
    """Invoices to the membership's entity or of its supplier; nothing for anyone else. Every invoice page starts here."""
    invoices = Invoice.objects.select_related("obligation__order", "obligation__entity", "supplier")
    if membership is not None and membership.entity_id:
        return invoices.filter(obligation__entity=membership.entity_id)
    if membership is not None and membership.supplier_id:
        return invoices.filter(supplier=membership.supplier_id)
    return invoices.none()


def invoices_of(order: Order) -> QuerySet[Invoice]:
    return Invoice.objects.filter(obligation__order=order).order_by("registered_at", "pk")


def with_invoiced(lines: QuerySet[Line]) -> QuerySet[Line]:
    """`invoiced`: sales units on invoices that stand."""
    standing = Q(invoice_lines__invoice__status__in=Invoice.STANDING)
    return lines.annotate(invoiced=Coalesce(Sum("invoice_lines__quantity", filter=standing), 0))


def invoiced_quantities(order: Order) -> dict[int, int]:
    """Sales units on invoices that stand, by key of the order's line; 0 where there is none."""
    return dict(with_invoiced(Line.objects.filter(order=order)).order_by().values_list("pk", "invoiced"))


@dataclass(frozen=True)
class OpenLine:
    """A line of an order beside what the match has to know of it."""

    line: Line
    facts: OrderedLine


def open_lines(order: Order) -> list[OpenLine]:
    """The lines of an order, in its order, each with what was accepted and what is invoiced. One query."""
    lines = with_invoiced(order.lines.select_related("requisition_line", "product")).order_by("pk")
    return [OpenLine(line, _facts_of(number, line)) for number, line in enumerate(lines, start=1)]


def _facts_of(position: int, line: Line) -> OrderedLine:
    return OrderedLine(
        position=position,
        title=line.title,
        ordered=line.quantity,
        accepted=line.accepted_quantity,
        invoiced=line.invoiced,
        unit_price=line.unit_price_excl_tax,
        vat_category=line.tax_code,
        vat_percent=line.vat_percent,
    )


def has_received(obligation: Obligation, membership: Membership) -> bool:
    """Whether this person recorded a reception of it, in whatever role."""
    return obligation.order.deliveries.filter(receiver=membership.user_id).exists()


# ---------------------------------------------------------------- what waits for somebody
REJECTION_IS_NEWS_FOR = timedelta(days=30)


def invoices_to_certify(membership: Membership, at: datetime) -> QuerySet[Invoice]:
    """Those that nobody has checked, the oldest first."""
    return invoices_visible_to(membership).filter(status=Invoice.Status.REGISTERED).order_by("registered_at", "pk")


def orders_to_invoice(membership: Membership, at: datetime) -> QuerySet[Order]:
    """Of which something was accepted that no invoice says yet, the oldest first."""
    open_lines = with_invoiced(Line.objects.filter(order=OuterRef("pk"))).filter(accepted_quantity__gt=F("invoiced"))
    waiting = orders_visible_to(membership).filter(Exists(open_lines.order_by()), status__in=INVOICEABLE)
    return waiting.order_by("date_placed", "pk")


def invoices_rejected_lately(membership: Membership, at: datetime) -> QuerySet[Invoice]:
    rejected = invoices_visible_to(membership).filter(status=Invoice.Status.REJECTED)
    return rejected.filter(status_at__gt=at - REJECTION_IS_NEWS_FOR).order_by("-status_at", "-pk")
