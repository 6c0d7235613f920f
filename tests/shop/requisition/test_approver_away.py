"""The approver is away; a delegate finds, reads and approves on a phone's width, by keyboard alone."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils.timezone import now

from marketplace.shop.order.models import Order
from marketplace.shop.requisition.models import Requisition
from tests.browser import PHONE, Net, axe_problems, landmark_problems, reflow_problems, screenshot, sign_in

pytestmark = pytest.mark.browser
MOST = 80  # stops


def tab_to(page, words: str) -> None:
    """Press Tab until what says this has the focus."""
    for _ in range(MOST):
        page.keyboard.press("Tab")
        if page.evaluate("() => (document.activeElement.innerText || '').trim()") == words:
            return
    raise AssertionError(f"no stop says {words!r}")


@pytest.mark.feature("OR-3")
def test_a_delegate_approves_by_keyboard_on_a_phone(
    live_site, new_page, send, approver, membership_factory, delegation_factory, listing_factory
):
    delegate = membership_factory(role="finance_officer", entity=approver.entity)
    delegation_factory(principal=approver, delegate=delegate, valid_from=date(2026, 1, 1), valid_until=date(2099, 1, 1))
    requisition = send((listing_factory(), 2), at=now())
    page = new_page(viewport=PHONE)
    net = Net(page)
    sign_in(page, delegate)

    page.goto(reverse("requisition:approvals"))
    screenshot(page, "delegate-approvals-360")
    assert f"Por delegación de {approver.user}" in page.locator("main").inner_text()
    assert landmark_problems(page) + axe_problems(page) + reflow_problems(page) == []
    tab_to(page, requisition.number)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    screenshot(page, "delegate-approval-360")
    assert f"Por delegación de {approver.user}" in page.locator("main").inner_text()
    assert landmark_problems(page) + axe_problems(page) + reflow_problems(page) == []
    tab_to(page, "Aprobar")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert f"{delegate.user}, por delegación de {approver.user}" in page.locator("main").inner_text()
    screenshot(page, "delegate-approved-360")
    decided = Requisition.objects.get()
    assert (decided.status, decided.decider, decided.decided_for) == ("approved", delegate.user, approver)
    assert Order.objects.count() == 1
    assert net.problems == []
