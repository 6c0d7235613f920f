"""What is told once an order is on its way: deliveries, invoices, payments."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Q

from marketplace.kernel.events.models import Event
from marketplace.registry.roles import Role
from marketplace.shop.fulfilment.models import Delivery
from marketplace.shop.invoicing.models import Invoice
from marketplace.shop.payment.models import PaymentOrder

from .told import Told, buyers_of, of_order, order_told, sellers_of


def _order_dispatched(event: Event) -> Iterable[Told]:
    order = order_told(event)
    receivers = Q(entity=order.entity_id, role__in=[Role.RECEIVER, Role.ORDER_ADMINISTRATOR])
    yield Told("order-dispatched", receivers, of_order(order))


def _order_lapsed(event: Event) -> Iterable[Told]:
    order = order_told(event)
    yield Told("order-lapsed", buyers_of(order), of_order(order))
    yield Told("order-lapsed-here", sellers_of(order.supplier_id), of_order(order))


def _order_ended(kind: str) -> Callable[[Event], Iterable[Told]]:
    def tell(event: Event) -> Iterable[Told]:
        order = order_told(event)
        yield Told(kind, sellers_of(order.supplier_id), of_order(order) | _comment(event))

    return tell


def _delivery(kind: str) -> Callable[[Event], Iterable[Told]]:
    def tell(event: Event) -> Iterable[Told]:
        act = Delivery.objects.select_related("order__entity", "order__supplier").get(pk=event.subject_id)
        words = of_order(act.order) | {"key": act.number, "act": act.number} | _comment(event)
        yield Told(kind, sellers_of(act.order.supplier_id), words)

    return tell


def _invoice_registered(event: Event) -> Iterable[Told]:
    invoice = _invoice(event.subject_id)
    finance = Q(entity=invoice.obligation.entity_id, role=Role.FINANCE_OFFICER)
    yield Told("invoice-registered", finance, _of_invoice(invoice))


def _invoice_to_its_supplier(kind: str) -> Callable[[Event], Iterable[Told]]:
    def tell(event: Event) -> Iterable[Told]:
        invoice = _invoice(event.subject_id)
        yield Told(kind, sellers_of(invoice.obligation.supplier_id), _of_invoice(invoice) | _comment(event))

    return tell


def _payment_failed(kind: str) -> Callable[[Event], Iterable[Told]]:
    def tell(event: Event) -> Iterable[Told]:
        payment = PaymentOrder.objects.select_related("invoice__obligation").get(pk=event.subject_id)
        finance = Q(entity=payment.invoice.obligation.entity_id, role=Role.FINANCE_OFFICER)
        yield Told(kind, finance, {"key": payment.number, "number": payment.number})

    return tell


def _comment(event: Event) -> dict[str, str]:
    return {"comment": event.payload.get("comment", "").rstrip(".")}


def _invoice(key: int) -> Invoice:
    return Invoice.objects.select_related("obligation__entity", "obligation__supplier").get(pk=key)


def _of_invoice(invoice: Invoice) -> dict[str, Any]:
    owed = invoice.obligation
    return {
        "key": str(invoice.id_public),
        "number": invoice.number,
        "gross": str(invoice.gross.amount),
        "entity": owed.entity.name,
        "supplier": owed.supplier.name,
    }


TELLERS: dict[str, Callable[[Event], Iterable[Told]]] = {
    "order.dispatched": _order_dispatched,
    "order.lapsed": _order_lapsed,
    "order.cancelled": _order_ended("order-cancelled"),
    "order.closed_short": _order_ended("order-closed-short"),
    "delivery.recorded": _delivery("delivery-recorded"),
    "delivery.voided": _delivery("delivery-voided"),
    "invoice.registered": _invoice_registered,
    "invoice.rejected": _invoice_to_its_supplier("invoice-rejected"),
    "invoice.certified": _invoice_to_its_supplier("invoice-certified"),
    "invoice.paid": _invoice_to_its_supplier("invoice-paid"),
    "payment.refused": _payment_failed("payment-refused"),
    "payment.reversed": _payment_failed("payment-reversed"),
}
