"""What a teller answers, and what several tellers ask."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from marketplace.kernel.events.models import Event
from marketplace.registry.roles import Role
from marketplace.shop.order.models import Order


@dataclass(frozen=True)
class Told:
    """`people`: who are told, if their role is still in force. `also_who_did_it`: what they began ended behind their back."""

    kind: str
    people: Q
    words: dict[str, Any]
    also_who_did_it: bool = False


def order_told(event: Event) -> Order:
    return Order.objects.select_related("entity", "supplier", "requisition").get(pk=event.subject_id)


def buyers_of(order: Order) -> Q:
    """Who looks after the entity's orders, and who asked for this one."""
    return Q(entity=order.entity_id, role=Role.ORDER_ADMINISTRATOR) | Q(pk=order.requisition.requested_by_id)


def sellers_of(supplier_id: int) -> Q:
    return Q(supplier=supplier_id, role=Role.SUPPLIER_MANAGER)


def of_order(order: Order) -> dict[str, str]:
    return {"key": order.number, "number": order.number, "entity": order.entity.name, "supplier": order.supplier.name}
