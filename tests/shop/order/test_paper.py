"""The order on paper: as PDF, as a page to print where Pango is missing, and checked by anyone with its code."""

import re
import sys
from collections.abc import Iterator
from decimal import Decimal
from html import unescape

import pytest
from cffi import FFI
from django.test import Client
from django.urls import reverse

from marketplace.registry.models import Membership
from marketplace.shop.order.models import Order
from marketplace.shop.requisition.approval import requisition_approve
from tests.answers import SIGN_IN
from tests.browser import Net, axe_problems, landmark_problems, reflow_problems, screenshot, sign_in

MISSING = "A esta máquina le falta Pango y no puede hacer el PDF."
NO_SUCH_CODE = "Ningún documento tiene este código. Revíselo letra por letra: en él no hay O, 0, I ni 1."


@pytest.fixture
def order(send, approver, listing_factory, adjudication_factory, item_factory, product_factory, noon) -> Order:
    """Two lines: 3 × 1234.5 and 7 × 0.3350 are 3,705.85 net, 4,261.73 with VAT."""
    adjudication = adjudication_factory(supplier__name="Papelería Loja & Hijos S.A.")
    listings = [
        listing_factory(
            adjudicated_item=item_factory(adjudication=adjudication, product=product_factory(title=title), ceiling_price=2000),
            price=Decimal(price),
        )
        for title, price in (("Impresora láser A3", "1234.5"), ("Clip <estándar> de 33 mm", "0.3350"))
    ]
    requisition = send((listings[0], 3), (listings[1], 7))
    return requisition_approve(requisition_id=requisition.pk, gross_seen=Decimal("4261.73"), actor=approver, at=noon)[0]


@pytest.fixture
def seller(order, membership_factory):
    return membership_factory(role="supplier_manager", supplier=order.supplier)


@pytest.fixture
def without_pango(monkeypatch) -> Iterator[None]:
    """No library can be loaded, and WeasyPrint is imported as if for the first time."""

    def not_found(ffi, name, flags=0):
        raise OSError(f"cannot load library '{name}'")

    for module in modules_of_weasyprint():
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setattr(FFI, "dlopen", not_found)
    yield
    for module in modules_of_weasyprint():
        del sys.modules[module]


def modules_of_weasyprint() -> list[str]:
    return [name for name in sys.modules if name.partition(".")[0] == "weasyprint"]


@pytest.fixture
def drawn(monkeypatch) -> list[str]:
    """The pages that WeasyPrint is given to draw."""
    import weasyprint

    drawn = []

    class Watched(weasyprint.HTML):
        def __init__(self, *args, string: str, **options):
            drawn.append(string)
            super().__init__(*args, string=string, **options)

    monkeypatch.setattr(weasyprint, "HTML", Watched)
    return drawn


def signed_in(membership: Membership) -> Client:
    client = Client()
    client.force_login(membership.user, backend=SIGN_IN)
    return client


def words_of(page: str) -> str:
    return " ".join(unescape(re.sub(r"<(style|svg).*?</\1>|<[^>]+>", " ", page, flags=re.DOTALL)).split())


def assert_is_the_order(words: str, order: Order) -> None:
    assert order.number in words
    assert f"Papelería Loja & Hijos S.A. RUC {order.supplier.ruc}" in words
    assert "Impresora láser A3" in words
    assert "Clip <estándar> de 33 mm" in words
    assert "Total con IVA, USD 4.261,73" in words


# ---------------------------------------------------------------- the PDF and the page in its stead
@pytest.mark.feature("OR-4")
@pytest.mark.parametrize(("who", "page"), [("requester", "order-pdf"), ("seller", "supplier-order-pdf")])
def test_is_a_pdf_for_both_sides(request, order, drawn, who, page):
    answer = signed_in(request.getfixturevalue(who)).get(reverse(f"order:{page}", args=[order.number]))

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
    assert answer.headers["Content-Disposition"] == f'inline; filename="{order.number}.pdf"'
    assert answer.content.startswith(b"%PDF-")
    [source] = drawn
    assert_is_the_order(words_of(source), order)
    assert "Pango" not in source


@pytest.mark.trap
@pytest.mark.feature("OR-4")
@pytest.mark.parametrize(("who", "page"), [("requester", "order-pdf"), ("seller", "supplier-order-pdf")])
def test_is_a_page_that_says_what_is_missing_without_pango(request, order, without_pango, who, page):
    answer = signed_in(request.getfixturevalue(who)).get(reverse(f"order:{page}", args=[order.number]))

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    words = words_of(answer.content.decode())
    assert MISSING in words
    assert_is_the_order(words, order)


@pytest.mark.browser
def test_the_page_without_pango_is_for_everybody(own_database, new_page, order, requester, without_pango):
    page = new_page()
    net = Net(page)
    sign_in(page, requester)
    page.goto(reverse("order:order-pdf", args=[order.number]))
    screenshot(page, "order-print")

    assert page.get_by_role("status").inner_text().startswith(MISSING)
    assert axe_problems(page) == []
    assert landmark_problems(page) == [f"title: {order.number}"]  # by the title, the browser names the file that it saves
    assert net.problems == []
    assert reflow_problems(page) == []
    assert page.locator("h1").evaluate("heading => getComputedStyle(heading).fontSize") == "24px"  # its style is let in


@pytest.mark.browser
def test_what_is_missing_is_not_printed(own_database, page, order, requester, without_pango):
    sign_in(page, requester)
    page.goto(reverse("order:order-pdf", args=[order.number]))
    sentence = page.get_by_text(MISSING)
    assert sentence.is_visible()

    page.emulate_media(media="print")

    assert not sentence.is_visible()
    assert page.get_by_role("heading", name=order.number).is_visible()


# ---------------------------------------------------------------- verification by anyone
def ask(client, code: str):
    return client.post(reverse("order:verification-door"), {"code": code}, follow=True)


@pytest.mark.feature("OR-4")
def test_the_code_shows_what_the_paper_must_say(client, order):
    answer = ask(client, order.verification_code)

    words = words_of(answer.content.decode())
    assert answer.redirect_chain == [(reverse("order:verification", args=[order.verification_code]), 302)]
    assert "Esta orden existe." in words
    assert order.number in words
    assert f"{order.entity.name} · RUC {order.entity.ruc}" in words
    assert f"Papelería Loja & Hijos S.A. · RUC {order.supplier.ruc}" in words
    assert "USD 4.261,73" in words


def test_small_letters_and_blanks_in_the_code_are_forgiven(client, order):
    answer = ask(client, f"  {order.verification_code.replace('-', ' ').lower()} ")

    assert order.number in words_of(answer.content.decode())


def test_a_wrong_code_is_told_at_the_door(client, order):
    answer = ask(client, "AAAA-BBBB-CCCC-DDDD")

    assert (answer.status_code, answer.redirect_chain) == (200, [])
    assert answer.context["form"].errors == {"code": [NO_SUCH_CODE]}
    assert NO_SUCH_CODE in words_of(answer.content.decode())


def test_a_wrong_code_in_the_address_is_a_missing_page(client, order):
    assert client.get(reverse("order:verification", args=["AAAA-BBBB-CCCC-DDDD"])).status_code == 404
