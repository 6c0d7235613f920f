"""Every row that a request writes says who wrote it, in which membership and by what; never who acted around the request."""

from collections import defaultdict

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from marketplace.kernel.history.models import RowVersion
from marketplace.registry.models import Membership, User
from marketplace.registry.services import invitation_send
from tests.access.world import build_world
from tests.answers import SIGN_IN
from tests.shop.conftest import put_in_cart

PERSON = {"first_name": "Lucía", "last_name": "Quizhpe Armijos", "password": "bueno y largo"}


@pytest.fixture
def listing(listing_factory):
    return listing_factory()


@pytest.fixture
def seller(listing, membership_factory):
    return membership_factory(role="supplier_manager", supplier=listing.partner.supplier)


def signed_in(membership: Membership) -> Client:
    client = Client()
    client.force_login(membership.user, backend=SIGN_IN)
    return client


def stamps(call) -> dict[str, set[tuple]]:
    """What a call writes bears: by table, (actor, membership, reason)."""
    before, found = RowVersion.objects.latest("pk").pk, defaultdict(set)
    assert call().status_code == 302
    for version in RowVersion.objects.filter(pk__gt=before):
        found[version.table_name].add((version.actor_id, version.membership_id, version.reason))
    return found


@pytest.mark.feature("AU-3")
def test_withdrawing_a_listing_says_by_whom(own_database, listing, seller):
    """With commits: the request opens its own transaction."""
    client, path = signed_in(seller), reverse("partner:listing-withdraw", args=[listing.id_public])

    written = stamps(lambda: client.post(path))

    assert written["partner_stockrecord"] == {(seller.user_id, seller.pk, f"POST {path}")}
    listing.refresh_from_db()
    assert listing.status == "withdrawn"


@pytest.mark.feature("AU-3")
def test_changing_a_line_of_the_cart_says_by_whom(listing, requester):
    """Without commits: the transaction is open, and stamped by the test, before the request begins."""
    put_in_cart((listing, 2), actor=requester, at=now())
    client, path = signed_in(requester), reverse("basket:line-set", args=[listing.id_public])

    written = stamps(lambda: client.post(path, {"quantity": 7}))

    assert written["basket_line"] == {(requester.user_id, requester.pk, f"POST {path}")}
    assert RowVersion.objects.get(table_name="basket_line", operation="O").old["quantity"] == 2


def test_no_row_of_a_request_bears_another_stamp(db):
    world = build_world()
    approver, waiting = world["approver"], world.waiting
    client, path = signed_in(approver), reverse("requisition:approval", args=[waiting.number])

    written = stamps(lambda: client.post(path, {"decision": "approve", "gross_seen": waiting.gross.amount}))

    assert {"order_order", "order_line", "requisition_requisition"} <= set(written)
    assert set().union(*written.values()) == {(approver.user_id, approver.pk, f"POST {path}")}


def test_who_has_several_roles_acts_in_the_one_chosen(listing, requester, seller, membership_factory):
    of_the_same = membership_factory(user=requester.user, role="supplier_manager", supplier=seller.supplier)
    client, path = signed_in(requester), reverse("partner:listing-withdraw", args=[listing.id_public])
    client.post(reverse("registry:role"), {"membership": of_the_same.id_public})

    written = stamps(lambda: client.post(path))

    assert written["partner_stockrecord"] == {(requester.user_id, of_the_same.pk, f"POST {path}")}


def test_a_visitor_is_nobody_until_invited_in(membership_factory):
    head = membership_factory(role="entity_administrator")
    invitation = invitation_send(email="lucia@ejemplo.ec", role="receiver", actor=head, at=now(), entity=head.entity)
    path = reverse("registry:invitation-accept", args=[invitation.code])

    written = stamps(lambda: Client().post(path, PERSON))

    person = User.objects.get(email="lucia@ejemplo.ec")
    assert written["registry_user"] == {(None, None, f"POST {path}")}
    assert written["registry_membership"] == written["registry_invitation"] == {(person.pk, None, "invitation accepted")}


def test_after_a_request_the_test_acts_again(listing, seller, unit_factory):
    signed_in(seller).post(reverse("partner:listing-withdraw", args=[listing.id_public]))

    unit_factory()

    version = RowVersion.objects.get(table_name="registry_entityunit")
    assert (version.actor_id, version.membership_id, version.reason) == (None, None, "test")
