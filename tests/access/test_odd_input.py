"""Input that no page offers: refused in words, or answered like nothing asked; never an error of ours."""

import pytest
from django.urls import reverse

from framework_agreements.models import RejectionCause
from marketplace.registry.models import Invitation
from marketplace.registry.services import invitation_send
from marketplace.shop.basket.models import Line
from tests.answers import SIGN_IN


@pytest.mark.parametrize(
    "query", ["categoria=%00", "categoria=papel&categoria=%00", "q=%00", "proveedor=%00", "canton=%00", "orden=%00"]
)
def test_a_zero_byte_in_the_address_of_results(client, db, query):
    assert client.get(f"{reverse('search:results')}?{query}").status_code == 200


def test_adding_from_a_page_with_a_very_long_address(client, requester, listing_factory):
    client.force_login(requester.user, backend=SIGN_IN)
    here = "/catalogo/buscar/?" + "&".join(f"marca=Marca+{n}" for n in range(60))

    answer = client.post(reverse("basket:add"), {"listing": listing_factory().id_public, "quantity": 1, "next": here})

    assert (answer.status_code, answer.url) == (302, here)
    assert Line.objects.count() == 1


def test_a_cause_that_the_agreement_lists_already(client, officer, agreement_factory):
    agreement = agreement_factory()
    client.force_login(officer.user, backend=SIGN_IN)
    url = reverse("framework_agreements:cause-add", args=[agreement.code])

    answers = [client.post(url, {"text": "Fuerza mayor", "clause": ""}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 200]
    assert list(answers[1].context["form"].errors) == ["text"]
    assert RejectionCause.objects.filter(text="Fuerza mayor").count() == 1


def test_the_last_day_of_all_calendars(client, officer):
    client.force_login(officer.user, backend=SIGN_IN)
    values = {"code": "CM-X", "name": "x", "valid_from": "01/01/2026", "valid_until": "31/12/9999"}

    answer = client.post(reverse("framework_agreements:agreement-create"), values)

    assert list(answer.context["form"].errors) == ["valid_until"]


def test_an_address_longer_than_any(client, membership_factory):
    administrator = membership_factory(role="entity_administrator")
    client.force_login(administrator.user, backend=SIGN_IN)
    values = {"email": f"{'x' * 60}@{'y' * 60}.{'z' * 60}.{'w' * 60}.{'v' * 60}.ec", "role": "receiver"}

    answer = client.post(reverse("registry:team-invite"), values)

    assert list(answer.context["form"].errors) == ["email"]
    assert not Invitation.objects.exists()


def test_a_password_is_kept_as_it_was_typed(client, officer, entity_factory, noon):
    invitation = invitation_send(email="ella@ejemplo.ec", role="receiver", entity=entity_factory(), actor=officer, at=noon)
    password = "  clave con blancos  "
    values = {"first_name": "Ana", "last_name": "Vera", "password": password}

    client.post(reverse("registry:invitation-accept", args=[invitation.code]), values)
    client.logout()

    assert client.post(reverse("account_login"), {"login": "ella@ejemplo.ec", "password": password}).status_code == 302
