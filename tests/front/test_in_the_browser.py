"""The style page, the failures and the frame as a browser shows them: to everybody, by keyboard, on a phone, without script."""

import pytest

from tests.browser import PHONE, Net, axe_problems, keyboard_problems, landmark_problems, reflow_problems, screenshot, sign_in

pytestmark = pytest.mark.browser

STYLE_PAGE = "/panel/estilos/"
NUMBER = {"number": "7f3a-91c2"}
LOOKS = {  # beside the light one, which tests/access visits
    "dark": {"color_scheme": "dark"},
    "contrast": {"contrast": "more"},
    "dark-contrast": {"color_scheme": "dark", "contrast": "more"},
}


@pytest.mark.feature("N20")
def test_style_page_is_for_everybody_in_comfort(new_page, officer):
    page = new_page()
    net = Net(page)
    sign_in(page, officer)
    page.goto(f"{STYLE_PAGE}?density=comfortable")
    screenshot(page, "style-comfortable")

    assert landmark_problems(page) + axe_problems(page) + reflow_problems(page) + keyboard_problems(page) + net.problems == []


@pytest.mark.parametrize("look", LOOKS)
def test_style_page_has_enough_contrast_in_every_look(new_page, officer, look):
    page = new_page(**LOOKS[look])
    sign_in(page, officer)
    page.goto(STYLE_PAGE)
    screenshot(page, f"style-{look}")

    assert axe_problems(page) == []


def test_style_page_on_a_phone(new_page, officer):
    page = new_page(viewport=PHONE)
    sign_in(page, officer)
    page.goto(f"{STYLE_PAGE}?density=comfortable")
    screenshot(page, "style-phone")

    assert axe_problems(page) + reflow_problems(page) + keyboard_problems(page) == []


def test_style_page_in_the_colours_of_the_system(new_page, officer):
    """There grounds and shadows are taken away: what is current, chosen or focused is told by lines."""
    page = new_page(forced_colors="active")
    sign_in(page, officer)
    page.goto(STYLE_PAGE)
    screenshot(page, "style-forced-colours")

    assert keyboard_problems(page) == []
    lines = page.evaluate(
        "['.segmented [aria-current]', '.tabs [aria-current]', '.row--best > th', 'main .notice', '.stepper', '.error-summary']"
        ".filter(s => { const look = getComputedStyle(document.querySelector(s));"
        " return parseFloat(look.outlineWidth) * (look.outlineStyle !== 'none') + parseFloat(look.borderTopWidth) < 1; })"
    )
    assert lines == []


def test_a_form_that_was_sent_waits_for_its_answer(page):
    """A second press is none; when the answer is long in coming, it is said and one may press again."""
    sent = []
    page.clock.install()
    page.goto("/apariencia/")
    page.route("**/apariencia/", lambda route: (sent.append(route), route.fulfill(status=204)))  # which leaves the page as it is
    button = page.locator("main button[type=submit]")
    button.click()
    button.dispatch_event("click")

    assert len(sent) == 1
    assert (page.get_attribute("main form", "aria-busy"), button.get_attribute("aria-disabled")) == ("true", "true")

    page.clock.fast_forward(9000)
    assert "Tarda más de lo habitual." in page.locator("#said").inner_text()
    assert (page.get_attribute("main form", "aria-busy"), button.get_attribute("aria-disabled")) == (None, None)
    button.click()
    assert len(sent) == 2


def test_without_a_connection_what_was_typed_stays(page):
    page.goto("/verificar/")
    field = page.locator("main input[name=code]")
    field.fill("65GP-JJNP")
    page.context.set_offline(True)

    assert page.locator("#offline").is_visible()
    page.locator("main button[type=submit]").click()
    assert field.input_value() == "65GP-JJNP"
    assert "No hay conexión." in page.locator("#said").inner_text()

    page.context.set_offline(False)
    page.locator("#offline").wait_for(state="hidden")
    assert "La conexión ha vuelto." in page.locator("#said").inner_text()
    page.locator("main button[type=submit]").click()
    assert page.locator(".error-summary").is_visible()


@pytest.mark.parametrize(("name", "path"), [("403", "/compras/"), ("404", "/no/existe/")])
def test_failures_are_for_everybody(new_page, officer, name, path):
    page = new_page()
    sign_in(page, officer)
    page.goto(path)
    screenshot(page, name)

    assert landmark_problems(page) + axe_problems(page) + reflow_problems(page) + keyboard_problems(page) == []


def test_a_buttons_address_is_for_everybody(new_page, requester):
    page = new_page()
    sign_in(page, requester)
    page.goto("/compras/carrito/agregar/")
    screenshot(page, "405")

    assert landmark_problems(page) + axe_problems(page) + reflow_problems(page) + keyboard_problems(page) == []


def test_failures_that_need_no_database_are_for_everybody(new_page, client):
    """Shown as files: their addresses need something broken."""
    from django.template.loader import get_template

    page = new_page()
    pages = (
        ("400", {}),
        ("413", {}),
        ("500", {"number": "7f3a-91c2"}),
        ("403_csrf", {}),
        ("503", {"page": "/"}),
        ("503", {"is_full": True}),
    )
    for number, (name, context) in enumerate(pages):
        page.goto("/apariencia/")
        page.set_content(get_template(f"{name}.html").render(context))
        screenshot(page, f"{name}-{number}")
        assert landmark_problems(page) + axe_problems(page) + reflow_problems(page) == []


def test_a_page_loads_nothing_twice_and_nothing_from_elsewhere(page):
    net = Net(page)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/apariencia/")
    page.wait_for_load_state("networkidle")

    assert net.problems == []
    assert len(asked) == len(set(asked)) > 4


def test_without_script_all_is_there_but_what_needs_it(new_page, officer):
    page = new_page(java_script_enabled=False)
    sign_in(page, officer)
    page.goto(STYLE_PAGE)

    assert page.locator("[data-step]:visible, [data-copy]:visible").count() == 0
    assert page.locator("[data-stepper] input:visible").count() > 0
    page.locator("summary", has_text="M. Vera").or_(page.locator("header details summary")).first.click()
    assert page.locator("header .menu__panel a").first.is_visible()


def test_looks_are_chosen_without_script(new_page):
    page = new_page(java_script_enabled=False)
    page.goto("/apariencia/")
    page.check("input[name=theme][value=dark]")
    page.click("main button[type=submit]")

    assert page.get_attribute("html", "data-bs-theme") == "dark"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(15, 23, 27)"


def test_quantity_goes_up_and_down_but_not_below_the_least(page, officer):
    sign_in(page, officer)
    page.goto(STYLE_PAGE)
    stepper = page.locator("[data-stepper]").first
    more, less, field = stepper.locator("[data-step='1']"), stepper.locator("[data-step='-1']"), stepper.locator("input")

    more.click()
    assert field.input_value() == "25"
    field.fill("2")
    less.click()
    less.click()
    assert field.input_value() == "1"


def test_copied_code_is_said_to_those_who_cannot_see(new_page, officer):
    page = new_page(permissions=["clipboard-read", "clipboard-write"])
    sign_in(page, officer)
    page.goto(STYLE_PAGE)
    page.locator("[data-copy]").first.click()
    page.wait_for_function("document.getElementById('said').innerText !== ''")

    assert page.evaluate("navigator.clipboard.readText()") == "OC-2026-004518-7"


def test_errors_of_a_form_take_the_focus_and_lead_to_their_fields(page, officer):
    sign_in(page, officer)
    page.goto(STYLE_PAGE)

    assert page.evaluate("document.activeElement.className") == "error-summary"
    page.locator(".error-summary a[href='#wrong_amount']").click()
    assert page.evaluate("document.activeElement.id") == "wrong_amount"


def test_menu_closes_by_escape_and_gives_the_focus_back(page, officer):
    sign_in(page, officer)
    page.goto("/apariencia/")
    menu = page.locator("details.menu.only-wide")
    menu.locator("summary").click()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")

    assert menu.get_attribute("open") is None
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_current_page_is_in_view_in_a_rail_that_scrolls(new_page, membership_factory):
    page = new_page(viewport=PHONE)
    sign_in(page, membership_factory(role="catalogue_officer", entity=None))
    page.goto("/panel/entidades/")
    box = page.locator(".rail [aria-current]").bounding_box()

    assert 0 <= box["x"] < box["x"] + box["width"] <= PHONE["width"]


def test_filters_open_on_a_phone_without_script(new_page, officer):
    page = new_page(viewport=PHONE, java_script_enabled=False)
    sign_in(page, officer)
    page.goto(STYLE_PAGE)

    assert page.locator("#filters").is_hidden()
    page.locator("a[href='#filters']").click()
    assert page.locator("#filters").is_visible()
