"""The order on paper: the same page for screen, printer and PDF, with a code that anyone can verify."""

import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from .models import Order
from .selectors import order_contents


def verification_address(order: Order) -> str:
    return f"{settings.BASE_URL}{reverse('order:verification', args=[order.verification_code])}"


def verification_qr(order: Order) -> SafeString:
    """The address as an inline SVG."""
    code = segno.make(verification_address(order), error="m")
    return mark_safe(code.svg_inline(omitsize=True, svgclass="qr", lineclass=None, border=2))


def order_html(order: Order, *, nonce: str = "") -> str:
    """A whole page without any outside file, ready for WeasyPrint. `nonce`: when it is shown as a page, in the PDF's stead."""
    contents = {
        "order": order,
        "address": verification_address(order),
        "qr": verification_qr(order),
        "language": get_language(),
        "nonce": nonce,
        "is_page": bool(nonce),
    }
    return render_to_string("order/order_print.html", contents | order_contents(order))


def order_pdf(order: Order) -> bytes | None:
    """The order as PDF; None where the machine lacks Pango, which WeasyPrint draws text with."""
    try:
        from weasyprint import HTML
    except OSError:
        return None
    return HTML(string=order_html(order)).write_pdf(pdf_variant="pdf/ua-1")
