"""A receiver at the door of the store, with a phone: a part is accepted, a part refused with a photograph."""

import pytest
from django.urls import reverse

from marketplace.shop.fulfilment.models import Delivery
from marketplace.shop.fulfilment.services import order_dispatch
from tests.browser import PHONE, Net, axe_problems, keyboard_problems, landmark_problems, reflow_problems, screenshot, sign_in

from .conftest import picture

pytestmark = pytest.mark.browser


@pytest.fixture
def order(own_database, place, membership_factory):
    """Issued and accepted now, so that today is a day on which it can come."""
    from django.utils.timezone import now

    from marketplace.shop.order.services import order_accept

    order = place(10, 4)
    seller = membership_factory(role="supplier_manager", supplier=order.supplier)
    type(order).objects.filter(pk=order.pk).update(answer_until=None)
    order_accept(order_id=order.pk, actor=seller, at=now())
    order_dispatch(order_id=order.pk, guide_number="004-1187", actor=seller, at=now())
    return order


def problems_of(page) -> list[str]:
    return landmark_problems(page) + axe_problems(page) + reflow_problems(page)


@pytest.mark.feature("PY-1")
def test_a_part_is_refused_with_a_photograph_on_a_phone(order, receiver, new_page):
    page = new_page(viewport=PHONE)
    net = Net(page)
    sign_in(page, receiver)
    page.goto(reverse("fulfilment:receptions"))
    screenshot(page, "receptions-phone")
    page.get_by_role("link", name=order.number).click()
    assert problems_of(page) + keyboard_problems(page) == []

    first, second = page.locator("fieldset.panel").all()
    assert not first.get_by_label("Cuántas se rechazan").is_visible()
    page.get_by_role("link", name="Llegó todo").click()
    assert [each.get_by_label("Aceptadas", exact=True).input_value() for each in (first, second)] == ["10", "4"]
    for _ in range(3):
        first.get_by_role("button", name="que se acepta").first.click()
    first.locator("summary").click()
    first.get_by_label("Cuántas se rechazan").fill("3")
    screenshot(page, "delivery-create-phone")
    page.get_by_role("button", name="Registrar la entrega").click()
    page.locator(".error-summary a").first.wait_for()
    screenshot(page, "delivery-create-refused-phone")
    assert problems_of(page) == []

    first.get_by_label("Por qué").select_option("damaged")
    first.get_by_label("Fotografía").set_input_files(
        {"name": "caja.png", "mimeType": "image/png", "buffer": picture((90, 60), "PNG")}
    )
    page.get_by_role("button", name="Registrar la entrega").click()
    page.wait_for_url("**/compras/actas/**")
    screenshot(page, "delivery-phone")

    act = Delivery.objects.get()
    lines = list(act.lines.values_list("accepted", "refused", "reason"))
    assert (lines, act.kind) == ([(7, 3, "damaged"), (4, 0, "")], "partial")
    assert page.get_by_text("faltan 3 unidades").is_visible()
    image = page.locator("img.evidence")
    image.scroll_into_view_if_needed()
    page.wait_for_function("document.querySelector('img.evidence').complete")
    assert image.evaluate("image => image.naturalWidth") == 90
    assert problems_of(page) + net.problems == []


@pytest.mark.feature("PY-1")
def test_everything_is_received_without_script(order, receiver, new_page):
    page = new_page(viewport=PHONE, java_script_enabled=False)
    sign_in(page, receiver)
    page.goto(reverse("fulfilment:delivery-create", args=[order.number]))
    page.get_by_role("link", name="Llegó todo").click()
    page.get_by_role("button", name="Registrar la entrega").click()

    order.refresh_from_db()
    assert (order.status, Delivery.objects.get().kind) == ("received", "definitive")
    page.goto(order.get_absolute_url())
    screenshot(page, "order-received-phone")
    assert page.get_by_text("Se recibió todo.").is_visible()
