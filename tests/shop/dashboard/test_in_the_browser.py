"""«Today» with much to do, as people see it."""

import pytest
from django.urls import reverse

from marketplace.registry.models import Membership
from tests.browser import axe_problems, reflow_problems, screenshot, sign_in
from tests.shop.dashboard.test_today import busy_world

pytestmark = [pytest.mark.browser, pytest.mark.feature("SF-9")]


def test_much_to_do(live_site, page):
    people = busy_world().people
    for role, area in {"supplier_manager": "supplier", "order_administrator": "purchases"}.items():
        sign_in(page, Membership.objects.get(pk=people[role].pk))
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(live_site + reverse(f"dashboard:{area}"))
        screenshot(page, f"today_{area}_1280")
        assert axe_problems(page) == []
        page.set_viewport_size({"width": 360, "height": 800})
        screenshot(page, f"today_{area}_360")
        assert reflow_problems(page) == []
