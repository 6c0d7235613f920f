"""Buttons pressed when the session is gone: one signs in and is back on the page, not at the button's address."""

import pytest
from django.contrib.sites.models import Site
from django.test import Client
from django.urls import reverse

from marketplace.shop.basket.models import Line
from tests.answers import SIGN_IN

PAGE = "/catalogo/buscar/?q=resma"


@pytest.mark.parametrize(
    ("sent", "referer", "expected"),
    [
        ({"next": PAGE}, "", PAGE),
        ({}, f"http://testserver{PAGE}", PAGE),
        ({"next": "https://elsewhere.example/x"}, "https://elsewhere.example/", "/"),
        ({}, "", "/"),
    ],
)
def test_leads_back_to_the_page_of_the_button(client, listing_factory, sent, referer, expected):
    values = {"listing": listing_factory().id_public, "quantity": 1} | sent

    response = client.post(reverse("basket:add"), values, headers={"referer": referer} if referer else {})

    assert response.status_code == 302
    assert response.wsgi_request.path == reverse("basket:add")
    assert expected in (response.url.partition("next=")[2].replace("%3Fq%3D", "?q="), response.url)
    assert not Line.objects.exists()


def test_a_buttons_address_opened_as_a_page_says_so(client, requester):
    client.force_login(requester.user, backend=SIGN_IN)

    response = client.get(reverse("basket:add"))

    assert (response.status_code, response["Allow"]) == (405, "POST, OPTIONS")
    assert "Nada que ver en esta dirección" in response.content.decode()


def test_a_form_that_is_too_old_leads_back_to_its_page(requester, listing_factory):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(requester.user, backend=SIGN_IN)

    response = browser.post(reverse("basket:add"), {"next": PAGE}, headers={"referer": f"http://testserver{PAGE}"})

    assert response.status_code == 403
    assert f'href="{PAGE}"' in response.content.decode()


def test_letters_name_this_site(db, settings):
    assert Site.objects.get_current().name == settings.SITE_NAME
