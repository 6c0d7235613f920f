"""Administrators in each other's way, letters asked for again and again, and roles chosen by the back button."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from marketplace.kernel.events.models import Event
from marketplace.registry.models import Invitation, Membership
from marketplace.registry.services import invitation_send, invitations_send_again, membership_end
from tests.answers import SIGN_IN
from tests.races import together


@pytest.mark.parametrize("attempt", range(3))
def test_two_administrators_who_end_each_other_leave_one(own_database, membership_factory, entity_factory, noon, attempt):
    entity = entity_factory()
    pair = [membership_factory(role="entity_administrator", entity=entity) for _ in range(2)]
    first, second = pair

    refused = together(
        lambda: membership_end(membership_id=first.pk, actor=second, at=noon),
        lambda: membership_end(membership_id=second.pk, actor=first, at=noon),
    )

    assert refused == ["last_administrator"]
    assert Membership.objects.filter(entity=entity, valid_until=None).count() == 1


def test_the_same_invitation_sent_twice_at_once_is_one(own_database, membership_factory, noon):
    administrator = membership_factory(role="entity_administrator")
    sending = {"email": "nueva@ejemplo.ec", "role": "receiver", "entity": administrator.entity, "actor": administrator, "at": noon}

    refused = together(*[lambda: invitation_send(**sending)] * 2)

    assert refused == ["already_invited"]
    assert Invitation.objects.count() == 1


def test_a_letter_goes_again_once_an_hour_however_often_it_is_asked_for(supplier_factory, officer, noon):
    supplier = supplier_factory()
    invitation_send(email="ella@ejemplo.ec", role="supplier_manager", supplier=supplier, actor=officer, at=noon)
    letters = Event.objects.filter(kind="invitation.sent")

    for minutes in (1, 2, 30, 59):
        invitations_send_again(ruc=supplier.ruc, at=noon + timedelta(minutes=minutes))
    assert letters.count() == 2

    invitations_send_again(ruc=supplier.ruc, at=noon + timedelta(minutes=61))
    assert letters.count() == 3


def test_the_role_that_the_page_names_is_the_one_that_holds(client, membership_factory, requester):
    other = membership_factory(user=requester.user, role="approver", entity=requester.entity)
    client.force_login(requester.user, backend=SIGN_IN)
    page = {"form_key": str(uuid4())}

    for chosen in (requester, other, requester):  # the last by the back button, with the first page's key
        client.post(reverse("registry:role"), page | {"membership": chosen.id_public})
        assert client.get(reverse("registry:account")).wsgi_request.membership == chosen
