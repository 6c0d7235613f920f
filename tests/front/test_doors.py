import pytest
from django.urls import reverse

from marketplace.kernel.plugins import NavigationEntry

DOORS = {"purchases": "requester", "supplier": "supplier_manager", "office": "administrator"}


@pytest.fixture
def entries(monkeypatch):
    """What the areas hold, instead of what is installed."""

    def hold(*known: NavigationEntry) -> None:
        monkeypatch.setattr("marketplace.shop.dashboard.views.entries_for", lambda user, area: [e for e in known if e.area == area])

    return hold


def entry(area: str, url_name: str) -> NavigationEntry:
    return NavigationEntry(area, "Page", url_name, "registry.use_account", "x")


@pytest.mark.parametrize(("area", "role"), DOORS.items())
def test_leads_to_the_first_page_of_the_area(client, membership_factory, entries, area, role):
    entries(entry(area, "nowhere:page"), entry(area, "registry:account"), entry(area, "registry:role"))
    client.force_login(membership_factory(role=role).user)

    assert client.get(reverse(f"dashboard:{area}")).headers["Location"] == reverse("registry:account")


@pytest.mark.parametrize(("area", "role"), DOORS.items())
def test_says_so_where_nothing_is_open(client, membership_factory, entries, area, role):
    entries()
    client.force_login(membership_factory(role=role).user)
    answer = client.get(f"/en{reverse(f'dashboard:{area}')}")

    assert answer.status_code == 200
    assert b"Nothing is open to your role here" in answer.content


@pytest.mark.parametrize("area", DOORS)
def test_is_closed_to_other_roles_and_visitors_sign_in(client, membership_factory, area):
    address = reverse(f"dashboard:{area}")
    assert client.get(address).headers["Location"] == f"{reverse('account_login')}?next={address}"
    for other in set(DOORS) - {area}:
        client.force_login(membership_factory(role=DOORS[other]).user)
        assert client.get(address).status_code == 403


@pytest.mark.parametrize(
    ("role", "status"), [("administrator", 200), ("editor", 200), ("catalogue_officer", 200), ("auditor", 403), ("requester", 403)]
)
def test_style_page_is_for_those_who_make_pages(client, membership_factory, role, status):
    client.force_login(membership_factory(role=role).user)

    assert client.get(reverse("dashboard:style-page")).status_code == status


@pytest.mark.budget("P1")
def test_style_page_costs_what_the_frame_costs(client, officer, count_queries):
    client.force_login(officer.user)
    address = reverse("dashboard:style-page")
    client.get(address)

    assert count_queries(lambda: client.get(address)) == count_queries(lambda: client.get(reverse("dashboard:appearance")))
