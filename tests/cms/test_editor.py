"""The page editor: who may enter, and that it asks nothing of another host."""

import pytest

from tests.answers import SIGN_IN


@pytest.mark.parametrize("path", ["/cms/", "/cms/pages/", "/cms/account/"])
@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("editor", 200),
        ("legal_reviewer", 200),
        ("administrator", 200),
        ("requester", 403),
        ("supplier_manager", 403),
        ("auditor", 403),
    ],
)
def test_opens_to_those_who_edit_and_says_so_to_others(client, membership_factory, path, role, status):
    client.force_login(membership_factory(role=role).user, backend=SIGN_IN)

    response = client.get(path, follow=True)

    assert response.status_code == status
    assert "gravatar" not in response.content.decode()


def test_a_visitor_is_led_to_the_one_door(client, db):
    response = client.get("/cms/pages/")

    assert (response.status_code, response.url) == (302, "/cuenta/ingresar/?next=/cms/pages/")


def test_the_first_pages_know_where_the_site_is(db, settings):
    from wagtail.models import Site

    from cms.services import portal_load

    settings.BASE_URL = "https://compras.example:8443"
    portal_load()

    assert Site.objects.get(is_default_site=True).root_url == "http://compras.example:8443"
