"""The «?» of a screen opens without script, by keyboard, and fits a phone."""

import pytest
from django.urls import reverse

from tests.browser import PHONE, axe_problems, landmark_problems, reflow_problems, screenshot, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.feature("HT-1")]
DARK = {"color_scheme": "dark"}


@pytest.mark.parametrize(
    ("name", "options"),
    [("phone", {"viewport": PHONE, "java_script_enabled": False}), ("phone-dark", {"viewport": PHONE} | DARK), ("wide", {})],
)
def test_opens_for_everybody_on_every_screen_size(new_page, membership_factory, name, options):
    requester = membership_factory(role="requester")
    page = new_page(**options)
    sign_in(page, requester)
    page.goto(reverse("basket:summary"))
    screenshot(page, f"help-closed-{name}")
    summary, panel = page.locator(".screen-help > summary"), page.locator(".screen-help > .menu__panel")
    assert (panel.is_visible(), summary.bounding_box()["height"] >= 24) == (False, True)

    summary.focus()
    page.keyboard.press("Enter")

    box, width = panel.bounding_box(), page.viewport_size["width"]
    assert panel.is_visible() and box["x"] >= 0 and box["x"] + box["width"] <= width
    screenshot(page, f"help-open-{name}")
    if options.get("java_script_enabled", True):  # the judge is a script itself
        assert axe_problems(page) + landmark_problems(page) + reflow_problems(page) == []
    page.keyboard.press("Enter")
    assert not panel.is_visible()
