import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from django.urls import reverse
from django.utils.translation import override

from marketplace.frame import Frame, first_segment, longest_prefix
from marketplace.kernel.plugins import NavigationEntry


def frame_of(path: str, membership=None, **cookies) -> Frame:
    request = RequestFactory().get(path)
    request.COOKIES.update(cookies)
    request.user = membership.user if membership else AnonymousUser()
    request.membership = request.user.membership = membership
    return Frame(request)


@pytest.fixture
def entries(monkeypatch):
    """Three entries of the office, in two groups; one page is not installed."""
    known = [
        NavigationEntry("office", "Suppliers", "registry:suppliers", "registry.manage_suppliers", "shop", 1, "People"),
        NavigationEntry("office", "Entities", "registry:entities", "registry.manage_entities", "building", 2, "People"),
        NavigationEntry("office", "Nowhere", "nowhere:page", "registry.manage_entities", "x", 3, "People"),
        NavigationEntry("office", "Team", "registry:team", "registry.use_account", "people", 4, "Own"),
    ]
    monkeypatch.setattr(
        "marketplace.frame.entries_for",
        lambda user, area: [each for each in known if each.area == area and user.has_perm(each.permission)],
    )


@pytest.mark.parametrize(
    ("path", "segment"),
    [("/", ""), ("/catalogo/p/x/", "catalogo"), ("/en/catalogo/", "catalogo"), ("/en/", "en"), ("/enlaces/", "enlaces")],
)
def test_first_segment_is_read_past_the_language(path, segment):
    assert first_segment(path) == segment


def test_the_nearest_entry_above_a_page_is_current():
    urls = ["/panel/", "/panel/proveedores/", "/panel/entidades/"]

    assert longest_prefix("/panel/proveedores/crear/", urls) == "/panel/proveedores/"
    assert longest_prefix("/otra/", urls) == ""


@pytest.mark.budget("P1")
def test_a_visitor_costs_no_query(client, db, count_queries):
    client.get(reverse("dashboard:appearance"))

    assert count_queries(lambda: client.get(reverse("dashboard:appearance"))) == 0


def test_visitors_see_what_is_open_to_all():
    links = [link.url for link in frame_of("/convenios/").main]

    assert reverse("framework_agreements:agreements") in links
    assert not {reverse(f"dashboard:{area}") for area in ("purchases", "supplier", "office")} & set(links)


@pytest.mark.parametrize(
    ("role", "door"),
    [("requester", "purchases"), ("receiver", "purchases"), ("supplier_manager", "supplier"), ("auditor", "office")],
)
def test_each_role_has_one_door_to_its_work(membership_factory, role, door):
    links = [link.url for link in frame_of("/", membership_factory(role=role)).main]
    doors = {area: reverse(f"dashboard:{area}") for area in ("purchases", "supplier", "office")}

    assert [area for area, url in doors.items() if url in links] == [door]


def test_the_section_of_the_page_is_marked(requester):
    links = frame_of("/en/convenios/CM-2026-01/", requester).main
    with override("en"):
        current = [str(link.label) for link in links if link.is_current]

    assert current == ["Agreements"]


def test_rail_shows_what_the_role_may_do_in_groups(entries, membership_factory):
    rail = frame_of("/panel/proveedores/crear/", membership_factory(role="administrator", entity=None)).rail
    links = [link for group in rail for link in group.entries]

    assert [group.title for group in rail] == ["People", "Own"]
    assert [link.label for link in links] == ["Suppliers", "Entities", "Team"]
    assert [link.label for link in links if link.is_current] == ["Suppliers"]


def test_rail_leaves_out_what_the_role_may_not_do(entries, membership_factory):
    rail = frame_of("/panel/", membership_factory(role="auditor", entity=None)).rail

    assert [link.label for group in rail for link in group.entries] == ["Team"]


def test_a_page_that_areas_share_belongs_to_ones_own(membership_factory):
    assert frame_of("/cuenta/equipo/", membership_factory(role="supplier_manager")).area == "supplier"
    assert frame_of("/cuenta/equipo/", membership_factory(role="entity_administrator")).area == "purchases"


def test_who_has_not_chosen_a_role_has_no_area(user_factory):
    request = RequestFactory().get("/cuenta/rol/")
    request.user, request.membership = user_factory(), None
    request.user.membership = None

    assert (Frame(request).area, Frame(request).rail, Frame(request).cart_url) == ("", [], "")


def test_only_requesters_have_a_cart(requester, approver, client):
    assert frame_of("/", requester).cart_url == reverse("basket:summary")
    assert frame_of("/", approver).cart_url == ""


def test_cart_counts_its_lines_when_it_is_shown(requester, count_queries):
    frame = frame_of("/", requester)

    assert count_queries(lambda: frame.main) == 0
    assert count_queries(lambda: frame.cart_count) == 1
    assert frame.cart_count == 0


def test_a_request_that_failed_early_is_a_visitors():
    frame = Frame(RequestFactory().get("/compras/"))

    assert (frame.is_signed_in, frame.main and True, frame.rail) == (False, True, [])


def test_language_changes_on_the_same_page(client, db):
    spanish = client.get("/convenios/?q=papel")
    english = client.get("/en/convenios/?q=papel")

    assert b'href="/en/convenios/?q=papel" lang="en"' in spanish.content
    assert b'href="/convenios/?q=papel" lang="es"' in english.content
    assert b'<html lang="es-EC">' in spanish.content
    assert b'<html lang="en">' in english.content


def test_title_is_page_section_and_site(client, db):
    page = client.get("/en/convenios/").content.decode()

    assert "<title>Framework agreements in force · Framework agreements · SOCE</title>" in page


def test_a_title_says_error_first_when_the_form_has_errors(client, db):
    page = client.post("/en/apariencia/", {"theme": "green"}).content.decode()

    assert "<title>Error: Appearance and contrast · SOCE</title>" in page
    assert 'role="alert"' in page


def test_chosen_looks_come_from_the_server(client, db):
    client.post("/apariencia/", {"theme": "dark", "contrast": "more"})
    page = client.get("/apariencia/").content.decode()

    assert '<html lang="es-EC" data-bs-theme="dark" data-contrast="more">' in page
    assert page.count("checked") == 2


def test_a_look_that_does_not_exist_is_not_written():
    assert frame_of("/", theme='"><script>', contrast="x").theme == ""
    assert frame_of("/", contrast="x").has_more_contrast is False


def test_messages_show_in_the_region_that_is_read_out(client, officer, monkeypatch):
    from django.contrib import messages

    from marketplace.shop.dashboard.views import StylePageView

    get = StylePageView.get
    monkeypatch.setattr(StylePageView, "get", lambda view, request: messages.success(request, "961 cambios") or get(view, request))
    client.force_login(officer.user)
    page = client.get("/panel/estilos/").content.decode()
    region = page.split('id="said" role="status">', 1)[1].split("</div></div>", 1)[0]

    assert "notice--ok" in region
    assert "961 cambios" in region
