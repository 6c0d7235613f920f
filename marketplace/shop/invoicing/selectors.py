from dataclasses import dataclass

from django.db.models import QuerySet, Sum

from marketplace.registry.models import Membership
from marketplace.shop.fulfilment.selectors import accepted_quantities
from marketplace.shop.order.models import Line, Order

from .models import Invoice, InvoiceLine, Obligation
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


def invoiced_quantities(order: Order) -> dict[int, int]:
    """Sales units on invoices that stand, by key of the order's line; 0 where there is none."""
    standing = InvoiceLine.objects.filter(order_line__order=order, invoice__in=Invoice.objects.standing())
    sums = dict(standing.order_by().values_list("order_line_id").annotate(units=Sum("quantity")))
    return {pk: sums.get(pk, 0) for pk in Line.objects.filter(order=order).values_list("pk", flat=True)}


@dataclass(frozen=True)
class OpenLine:
    """A line of an order beside what the match has to know of it."""

    line: Line
    facts: OrderedLine


def open_lines(order: Order) -> list[OpenLine]:
    """The lines of an order, in its order, each with what was accepted and what is invoiced. Three queries."""
    accepted, invoiced = accepted_quantities(order), invoiced_quantities(order)
    lines = order.lines.select_related("requisition_line", "product").order_by("pk")
    return [
        OpenLine(line, _facts_of(number, line, accepted[line.pk], invoiced[line.pk])) for number, line in enumerate(lines, start=1)
    ]


def _facts_of(position: int, line: Line, accepted: int, invoiced: int) -> OrderedLine:
    return OrderedLine(
        position=position,
        title=line.title,
        ordered=line.quantity,
        accepted=accepted,
        invoiced=invoiced,
        unit_price=line.unit_price_excl_tax,
        vat_category=line.tax_code,
        vat_percent=line.vat_percent,
    )


def is_invoiceable(order: Order) -> bool:
    """Whether something was accepted that no invoice says yet."""
    return order.status in INVOICEABLE and any(each.facts.open for each in open_lines(order))


def orders_to_invoice(membership: Membership) -> list[Order]:
    """The supplier's orders with accepted goods that are not invoiced yet, the oldest first. Two queries."""
    lines = Line.objects.filter(order__supplier=membership.supplier_id, order__status__in=INVOICEABLE, accepted_quantity__gt=0)
    standing = InvoiceLine.objects.filter(order_line__in=lines, invoice__in=Invoice.objects.standing())
    invoiced = dict(standing.order_by().values_list("order_line_id").annotate(units=Sum("quantity")))
    waiting: dict[int, Order] = {}
    for line in lines.select_related("order__entity").order_by("order__date_placed", "order_id"):
        if line.accepted_quantity > invoiced.get(line.pk, 0):
            waiting.setdefault(line.order_id, line.order)
    return list(waiting.values())


def has_received(obligation: Obligation, membership: Membership) -> bool:
    """Whether this person recorded a reception of it, in whatever role."""
    return obligation.order.deliveries.filter(receiver=membership.user_id).exists()
