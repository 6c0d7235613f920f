"""Buying again and by code in a real browser: counted by clicks, and without script."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils.timezone import now

from marketplace.shop.basket.models import Line
from marketplace.shop.order.models import Order
from marketplace.shop.partner.services import listing_reprice
from marketplace.shop.requisition.approval import requisition_approve
from marketplace.shop.requisition.services import requisition_submit
from tests.browser import DESKTOP, PHONE, Net, axe_problems, landmark_problems, reflow_problems, screenshot, sign_in
from tests.factories import factories as make
from tests.shop.conftest import a_need, put_in_cart

pytestmark = pytest.mark.browser

COUNTING = "addEventListener('click', event => event.isTrusted && clicked(), true)"

WIDER_THAN_THEIR_PANEL = """() => [...document.querySelectorAll('.panel > table')]
  .filter(table => table.offsetWidth > table.parentElement.clientWidth + 1).map(table => table.innerText.slice(0, 80))"""


@pytest.fixture
def people(own_database):
    requester = make.MembershipFactory(role="requester")
    return requester, make.MembershipFactory(role="approver", entity=requester.entity)


@pytest.fixture
def counted(new_page):
    """A person's browser after signing in, on the page where their work begins; and the clicks of all of them."""
    clicks: list[str] = []

    def enter(membership):
        page = new_page()
        sign_in(page, membership)
        page.expose_function("clicked", lambda: clicks.append(membership.role))
        page.add_init_script(COUNTING)
        page.goto("/cuenta/inicio/")
        return page

    return enter, clicks


def small_order(requester, approver, at) -> Order:
    """USD 6.90, a week ago."""
    listing = make.ListingFactory(price=Decimal("3.00"))
    put_in_cart((listing, 2), actor=requester, at=at)
    need = a_need(make.CertificateFactory(entity=requester.entity))
    sent = requisition_submit(need=need, actor=requester, at=at)
    return requisition_approve(requisition_id=sent.pk, gross_seen=Decimal("6.90"), actor=approver, at=at)[0]


@pytest.mark.feature("OR-11")
def test_a_seven_dollar_order_again_takes_at_most_eight_clicks_of_two_people_and_one_approval(live_site, people, counted):
    requester, approver = people
    first = small_order(requester, approver, now() - timedelta(days=7))
    enter, clicks = counted

    buyer = enter(requester)
    buyer.get_by_role("link", name="Órdenes", exact=True).first.click()
    buyer.get_by_role("link", name=first.number).click()
    buyer.get_by_role("button", name="Pedir de nuevo").click()
    buyer.get_by_role("link", name="Continuar a la requisición").click()
    buyer.get_by_role("button", name="Enviar a aprobación").click()
    assert "va camino a la aprobación" in buyer.locator("body").inner_text()

    decider = enter(approver)
    decider.get_by_role("link", name="REQ-").first.click()
    decider.get_by_role("button", name="Aprobar").click()
    assert "se emitió 1 orden" in decider.locator("body").inner_text()

    second = Order.objects.exclude(pk=first.pk).get()
    assert (second.total_incl_tax, second.requisition.decider) == (Decimal("6.90"), approver.user)
    assert second.requisition.need == first.requisition.need
    assert (clicks.count("requester"), clicks.count("approver")) == (5, 2)
    assert len(clicks) <= 8


def test_a_quick_order_without_script_and_for_everybody(live_site, people, new_page, settings, tmp_path):
    settings.SEARCH_ENGINE, settings.SEARCH_FOLDER = "tantivy", tmp_path
    requester, _ = people
    box = make.ListingFactory(partner_sku="CAJA-10", sales_unit="XBX", pack_factor=10, price=Decimal("30.00"))
    make.ListingFactory(adjudicated_item__product__code="FN-000777-5", partner_sku="OTRA")
    plain, full = new_page(java_script_enabled=False), new_page()
    for page in (plain, full):
        sign_in(page, requester)
    net = Net(full)

    plain.goto("/compras/pedido-rapido/")
    plain.get_by_role("textbox", name="Líneas").fill("caja-10;3\nFN-000777-9;2")
    plain.get_by_role("button", name="Buscar las líneas").click()

    full.context.add_cookies(plain.context.cookies())
    full.goto("/compras/pedido-rapido/")
    screenshot(full, "quick-order-lines-1280")
    problems = landmark_problems(full) + axe_problems(full) + reflow_problems(full)
    full.set_viewport_size(PHONE)
    screenshot(full, "quick-order-lines-360")
    assert problems + axe_problems(full) + net.problems == []

    assert "3 cajas × 10 " in plain.content()
    plain.get_by_role("button", name="¿Quiso decir FN-000777-5").click()
    plain.get_by_role("button", name="Agregar 2 de 2").click()
    assert plain.url.endswith("/compras/carrito/")
    assert dict(Line.objects.values_list("stockrecord__partner_sku", "quantity")) == {box.partner_sku: 3, "OTRA": 2}


@pytest.mark.feature("SF-2")
@pytest.mark.feature("SF-10")
def test_prices_that_changed_and_a_sheet_for_a_quantity_are_for_everybody(live_site, people, officer, new_page):
    requester, approver = people
    order = small_order(requester, approver, now() - timedelta(days=7))
    listing = order.lines.get().stockrecord
    listing_reprice(listing_id=listing.pk, price=Decimal("2.50"), actor=officer, at=now())
    for factor, cantons in ((10, None), (500, ["0101"])):
        item = make.ItemFactory(product=listing.product)
        make.ListingFactory(
            adjudicated_item=item, sales_unit="XBX", pack_factor=factor, price=2 * Decimal(factor), delivery_cantons=cantons
        )
    page = new_page()
    sign_in(page, requester)
    net = Net(page)

    for name, path in (
        ("refill-changed", f"/compras/ordenes/{order.number}/repetir/"),
        ("sheet-for-quantity", f"{listing.product.get_absolute_url()}?canton=1101&cantidad=15"),
    ):
        page.goto(path)
        screenshot(page, f"{name}-1280")
        problems = landmark_problems(page) + axe_problems(page) + reflow_problems(page)
        page.set_viewport_size(PHONE)
        screenshot(page, f"{name}-360")
        assert problems + axe_problems(page) + net.problems == []
        page.set_viewport_size(DESKTOP)
        assert page.evaluate(WIDER_THAN_THEIR_PANEL) == []
    assert "2 cajas × 10 resmas = 20 resmas" in page.content()
