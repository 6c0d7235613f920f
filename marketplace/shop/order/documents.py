"""The order on paper."""

from django.urls import reverse
from django.utils.safestring import SafeString

from .models import Order
from .paper import paper_html, public_address, qr_of
from .selectors import order_contents


def verification_address(order: Order) -> str:
    return public_address(reverse("order:verification", args=[order.verification_code]))


def verification_qr(order: Order) -> SafeString:
    return qr_of(verification_address(order))


def order_html(order: Order, *, nonce: str = "") -> str:
    contents = {"order": order} | order_contents(order)
    marks = {"number": order.number, "code": order.verification_code, "address": verification_address(order)}
    return paper_html("order/order_print.html", contents, **marks, nonce=nonce)
