"""The approver decides by keyboard on a phone's width: opens by key, rejects a line, reads what is left, approves, goes on."""

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils.timezone import now

from marketplace.shop.order.models import Order
from marketplace.shop.partner.services import listing_reprice, listing_withdraw
from marketplace.shop.requisition.jobs import price_hold_ends
from marketplace.shop.requisition.models import Requisition, RequisitionLine
from tests.browser import DESKTOP, PHONE, Net, axe_problems, landmark_problems, reflow_problems, screenshot, sign_in

pytestmark = pytest.mark.browser
DARK = {"color_scheme": "dark"}


@pytest.fixture
def three(send, listing_factory, officer):
    """Three lines, of which one fell in price and one was withdrawn since they were sent."""
    listings = [listing_factory(price=Decimal(price)) for price in ("10.00", "3.12", "7.50")]
    requisition = send(*((each, 2) for each in listings), at=now())
    listing_reprice(listing_id=listings[0].pk, price=Decimal(9), actor=officer, at=now())
    listing_withdraw(listing_id=listings[1].pk, actor=officer, at=now())
    return requisition, listings


def focused(page) -> str:
    return page.evaluate("() => document.activeElement.id || document.activeElement.innerText")


def problems(page) -> list[str]:
    return landmark_problems(page) + axe_problems(page) + reflow_problems(page)


@pytest.mark.feature("OR-3")
def test_the_approver_rejects_a_line_and_approves_the_rest_by_keyboard(live_site, new_page, three, send, approver, listing_factory):
    requisition, listings = three
    other = send((listing_factory(), 1), at=now())
    page = new_page(viewport=PHONE)
    net = Net(page)
    sign_in(page, approver)

    page.goto(reverse("requisition:approvals"))
    screenshot(page, "approvals-360")
    assert problems(page) == []
    assert page.locator("[data-keys-help]").is_visible()
    page.keyboard.press("a")  # the focus is elsewhere: nothing happens
    page.get_by_role("link", name=requisition.number).focus()
    page.keyboard.press("j")
    assert focused(page) == other.number
    page.keyboard.press("k")
    assert focused(page) == requisition.number
    with page.expect_navigation():
        page.keyboard.press("a")
    assert focused(page) == "aprobar"
    screenshot(page, "approval-360")
    assert problems(page) == []

    page.keyboard.press("r")
    assert focused(page) == "id_comment"
    page.keyboard.type("a y j se escriben")
    page.keyboard.press("Shift+Tab")
    page.locator("[data-row]").first.focus()
    page.keyboard.press("j")
    assert focused(page) == f"id_reject-{listings[1].id_public}"
    reason = page.locator(f"#id_reason-{listings[1].id_public}")
    assert not reason.is_visible()
    page.keyboard.press("Space")
    assert reason.is_visible()
    page.keyboard.press("Tab")
    page.keyboard.type("Ya no se ofrece")
    page.locator("#aprobar").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    screenshot(page, "approval-to-confirm-360")
    assert problems(page) == []
    assert "Conserva 2 de 3 líneas: el total es USD 37,95" in page.locator("main").inner_text()
    assert page.locator("#id_comment").input_value() == "a y j se escriben"
    assert not Order.objects.exists()
    page.locator("#aprobar").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")

    screenshot(page, "approved-with-rejection-360")
    assert problems(page) == []
    assert RequisitionLine.objects.rejected().get().rejection_reason == "Ya no se ofrece"
    assert sum(order.total_incl_tax for order in Order.objects.all()) == Decimal("37.95")
    with page.expect_navigation():
        page.get_by_role("link", name="Decidir la siguiente").press("Enter")
    assert page.url.endswith(reverse("requisition:approval", args=[other.number]))
    assert net.problems == []


@pytest.mark.feature("OR-3")
def test_without_script_the_same_buttons_do_it(live_site, new_page, three, approver, requester):
    requisition, listings = three
    page = new_page(viewport=DESKTOP, java_script_enabled=False)
    sign_in(page, approver)

    page.goto(reverse("requisition:approval", args=[requisition.number]))
    assert not page.locator("[data-keys-help]").is_visible()
    page.check(f"#id_reject-{listings[1].id_public}")
    page.fill(f"#id_reason-{listings[1].id_public}", "Ya no se ofrece")
    screenshot(page, "approval-1280")
    page.click("#aprobar")
    screenshot(page, "approval-to-confirm-1280")
    page.click("#aprobar")

    assert "Ya no se ofrece" in page.locator("main").inner_text()
    assert RequisitionLine.objects.rejected().count() == 1
    sign_in(page, requester)
    page.goto(reverse("requisition:requisition", args=[requisition.number]))
    screenshot(page, "requisition-rejected-1280")


@pytest.mark.feature("OR-3")
def test_who_asked_rebuilds_the_cart_of_what_lapsed(live_site, new_page, three, requester):
    requisition, _ = three
    Requisition.objects.update(held_until=now())
    price_hold_ends(requisition_id=requisition.pk)
    page = new_page(viewport=PHONE)
    sign_in(page, requester)

    page.goto(reverse("requisition:requisition", args=[requisition.number]))
    screenshot(page, "requisition-lapsed-360")
    assert problems(page) == []
    with page.expect_navigation():
        page.get_by_role("button", name="Rehacer el carrito").press("Enter")

    screenshot(page, "cart-of-what-lapsed-360")
    assert problems(page) == []
    assert "Nadie decidió a tiempo" in page.locator("main").inner_text()


@pytest.mark.feature("OR-3")
@pytest.mark.parametrize("look", [{"viewport": PHONE}, {"viewport": DESKTOP} | DARK], ids=["phone", "dark"])
def test_who_asked_reads_what_has_changed(live_site, new_page, three, requester, look):
    requisition, _ = three
    page = new_page(**look)
    sign_in(page, requester)

    page.goto(reverse("requisition:requisition", args=[requisition.number]))
    screenshot(page, f"requisition-changed-{look['viewport']['width']}")

    assert problems(page) == []
    assert "El precio cambió: USD 10,00 → USD 9,00." in page.locator("main").inner_text()
