"""Documents on paper: the same page for screen, printer and PDF, with a code that anyone can verify."""

from collections.abc import Callable

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

Paper = Callable[[str], str]  # a whole page without any outside file, given the nonce of its style: empty for the PDF


def qr_of(address: str) -> SafeString:
    """As an inline SVG."""
    code = segno.make(address, error="m")
    return mark_safe(code.svg_inline(omitsize=True, svgclass="qr", lineclass=None, border=2))


def public_address(path: str) -> str:
    return f"{settings.BASE_URL}{path}"


def paper_html(template: str, contents: dict, *, number: str, code: str, address: str, nonce: str = "") -> str:
    """`template` extends `order/paper.html`. `address`: where its `code` is verified. `nonce`: when it is shown as a page."""
    frame = {"number": number, "code": code, "address": address, "qr": qr_of(address), "language": get_language()}
    return render_to_string(template, contents | frame | {"nonce": nonce, "is_page": bool(nonce)})


def pdf_of(html: str) -> bytes | None:
    """None where the machine lacks Pango, which WeasyPrint draws text with."""
    try:
        from weasyprint import HTML
    except OSError:
        return None
    return HTML(string=html).write_pdf(pdf_variant="pdf/ua-1")


def paper_response(request: HttpRequest, number: str, paper: Paper) -> HttpResponse:
    """The PDF; without Pango, the page to print, which says what is missing."""
    pdf = pdf_of(paper(""))
    if pdf is None:
        return HttpResponse(paper(str(request.csp_nonce)))  # type: ignore[attr-defined]  # the middleware sets it
    return HttpResponse(pdf, "application/pdf", headers={"Content-Disposition": f'inline; filename="{number}.pdf"'})
