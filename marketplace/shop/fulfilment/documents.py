"""The acceptance act (acta de entrega-recepción) on paper."""

from decimal import Decimal

from django.urls import reverse
from django.utils.safestring import SafeString

from marketplace.shop.order.paper import paper_html, public_address, qr_of

from .models import Delivery
from .selectors import act_lines, penalty_parameter


def verification_address(delivery: Delivery) -> str:
    return public_address(reverse("fulfilment:verification", args=[delivery.verification_code]))


def verification_qr(delivery: Delivery) -> SafeString:
    return qr_of(verification_address(delivery))


def delivery_contents(delivery: Delivery) -> dict:
    """What page, paper and verification say of an act. `penalty`: USD, of what it accepted late."""
    lines = act_lines(delivery)
    return {
        "delivery": delivery,
        "order": delivery.order,
        "act_lines": lines,
        "rate": penalty_parameter(delivery.order),
        "penalty": sum((line.penalty for line in lines), Decimal(0)),
    }


def delivery_html(delivery: Delivery, *, nonce: str = "") -> str:
    marks = {"number": delivery.number, "code": delivery.verification_code, "address": verification_address(delivery)}
    return paper_html("fulfilment/delivery_print.html", delivery_contents(delivery), **marks, nonce=nonce)
