"""«Today»: what waits for each role, its numbers, and the lists to which they lead."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext

from marketplace.kernel.screens.tasks import waiting_for
from marketplace.shop.requisition.services import requisition_return
from tests.access.world import build_world
from tests.answers import SIGN_IN

AREAS = {"purchases": "requester", "supplier": "supplier_manager", "office": "administrator"}


@pytest.fixture
def page_of(client):
    def page_of(membership, area: str):
        client.force_login(membership.user, backend=SIGN_IN)
        return client.get(reverse(f"dashboard:{area}"))

    return page_of


@pytest.fixture
def kinds():
    """Code → count of what waits for a membership."""

    def kinds(membership, at=None) -> dict[str, int]:
        membership.user.membership = membership
        return {each.task.code: each.count for each in waiting_for(membership.user, membership.area, membership, at or now())}

    return kinds


@pytest.mark.feature("SF-9")
@pytest.mark.parametrize(("area", "role"), AREAS.items())
def test_work_begins_here_after_signing_in(client, membership_factory, area, role):
    client.force_login(membership_factory(role=role).user, backend=SIGN_IN)

    assert client.get(reverse("registry:start")).url == reverse(f"dashboard:{area}")


@pytest.mark.parametrize("area", AREAS)
def test_is_closed_to_other_roles_and_visitors_sign_in(client, membership_factory, area):
    address = reverse(f"dashboard:{area}")
    assert client.get(address).headers["Location"] == f"{reverse('account_login')}?next={address}"
    for other in set(AREAS) - {area}:
        client.force_login(membership_factory(role=AREAS[other]).user)
        assert client.get(address).status_code == 403


@pytest.mark.feature("SF-9")
def test_every_number_is_that_of_the_list_to_which_it_leads(client, page_of, db):
    """Of everybody in a world where something of each kind there is waits for somebody."""
    world, seen = build_world(), set()
    for membership in world.people.values():
        page = page_of(membership, membership.area)
        for each in (*page.context["wrong"], *page.context["to_do"]):
            listed = client.get(each.task.list_url)
            assert listed.context["paginator"].count == each.count, (membership, each.task.code)
            assert str(each) in page.content.decode()
            seen.add(each.task.code)
    assert seen == {"orders-to-answer", "requisitions-to-decide"}


@pytest.mark.feature("SF-9")
def test_nothing_waits_and_the_ways_on_are_those_of_the_role(page_of, membership_factory):
    page = page_of(membership_factory(role="supplier_manager"), "supplier").content.decode()

    assert gettext("Nothing waits for you") in page
    ways_on = re.search(r'<div class="empty">.*?</div>\s*</div>', page, re.DOTALL)[0]
    expected = [reverse(name) for name in ("order:supplier-orders", "partner:listings", "catalog_import:runs")]
    assert re.findall(r'<a[^>]* href="([^"]+)"', ways_on) == expected


@pytest.mark.feature("SF-9")
def test_a_requester_sees_own_returned_requisitions_and_nobody_elses(
    kinds, requester, approver, send, listing_factory, membership_factory, noon
):
    sent = send((listing_factory(), 2))
    colleague = membership_factory(role="requester", entity=requester.entity)
    assert kinds(approver, noon) == {"requisitions-to-decide": 1}
    assert kinds(requester, noon + timedelta(days=3)) == {}
    assert kinds(requester, noon + timedelta(days=3, seconds=1)) == {"requisitions-undecided": 1}

    requisition_return(requisition_id=sent.pk, comment="Falta el informe", actor=approver, at=noon)

    assert kinds(requester, noon + timedelta(days=9)) == {"requisitions-returned": 1}
    assert kinds(colleague, noon + timedelta(days=9)) == kinds(approver, noon) == {}
