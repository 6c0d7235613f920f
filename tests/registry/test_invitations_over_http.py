"""How the invited come in: by the code, or by the RUC of their company; then name, password and a membership."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext

from marketplace.kernel.errors import sentence_for
from marketplace.kernel.events.models import Event
from marketplace.kernel.jobs.running import run_all_due
from marketplace.registry.models import Invitation, Membership, User
from marketplace.registry.services import invitation_accept, invitation_send, invitation_withdraw
from tests.answers import SIGN_IN, errors_of, said
from tests.factories.factories import company_ruc

DOOR = "/cuenta/invitacion/"
PERSON = {"first_name": "Lucía", "last_name": "Quizhpe Armijos", "password": "bueno y largo"}
CLOSED = "This invitation was already accepted, was withdrawn, or its 14 days are over. Ask whoever invited you for a new one."


@pytest.fixture
def head(membership_factory):
    return membership_factory(role="entity_administrator")


@pytest.fixture
def invite(head):
    """Invite Lucía: into the head's entity unless another place is named; her letter is sent."""

    def invite(role="receiver", at=None, **place) -> Invitation:
        place = place or {"entity": head.entity}
        invitation = invitation_send(email="lucia@ejemplo.ec", role=role, actor=head, at=at or now(), **place)
        run_all_due()
        return invitation

    return invite


@pytest.fixture
def invite_supplier(invite, supplier_factory):
    def invite_supplier(**options) -> Invitation:
        return invite(role="supplier_manager", supplier=supplier_factory(), **options)

    return invite_supplier


# ---------------------------------------------------------------- the door


@pytest.mark.parametrize("typed", ["{code}", "{lower}", " {start}-{end} "], ids=["as it is", "in small letters", "in pieces"])
def test_the_code_leads_to_the_invitation(client, invite, typed):
    code = invite().code

    response = client.post(DOOR, {"code": typed.format(code=code, lower=code.lower(), start=code[:4], end=code[4:])})

    assert (response.status_code, response.url) == (302, f"{DOOR}{code}/")


def test_a_code_that_nobody_has_is_said_at_its_field(client, db):
    response = client.post(DOOR, {"code": "ABCDEFGHJKMN"})

    words = "No invitation has this code. Check it letter by letter, or ask for a new one."
    assert errors_of(response) == {"code": [gettext(words)]}
    assert client.get(f"{DOOR}ABCDEFGHJKMN/").status_code == 404


def test_the_ruc_sends_the_open_invitation_again(client, invite_supplier):
    invitation = invite_supplier()
    first = mail.outbox.pop()

    client.post(DOOR, {"code": invitation.supplier.ruc})
    run_all_due()

    assert [(again.to, again.body) for again in mail.outbox] == [(["lucia@ejemplo.ec"], first.body)]
    assert Event.objects.filter(kind="invitation.sent", subject_id=invitation.pk).count() == 2


def test_the_door_says_the_same_whether_the_ruc_is_known_or_not(client, invite_supplier):
    known = client.post(DOOR, {"code": invite_supplier().supplier.ruc})
    heard = said(known)
    client.cookies.clear()
    unknown = client.post(DOOR, {"code": company_ruc(999)})

    words = "If that company has an open invitation, its letter is on the way again. Look into your mail."
    assert heard == said(unknown) == [gettext(words)]
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url) == (302, DOOR)


def test_the_ruc_sends_nothing_that_is_no_longer_open(client, invite_supplier, head):
    over = invite_supplier(at=now() - timedelta(days=15))
    withdrawn = invite_supplier()
    invitation_withdraw(invitation_id=withdrawn.pk, actor=head, at=now())
    mail.outbox.clear()

    for invitation in (over, withdrawn):
        client.post(DOOR, {"code": invitation.supplier.ruc})
    run_all_due()

    assert mail.outbox == []
    assert Event.objects.filter(kind="invitation.sent").count() == 2


# ---------------------------------------------------------------- coming in


@pytest.mark.feature("RU-9")
def test_a_new_person_chooses_name_and_password_and_is_in(client, invite, head):
    invitation = invite()

    response = client.post(invitation.get_absolute_url(), PERSON)

    membership = Membership.objects.get(user__email="lucia@ejemplo.ec")
    assert (membership.role, membership.entity) == ("receiver", head.entity)
    assert (str(membership.user), membership.user.check_password("bueno y largo")) == ("Lucía Quizhpe Armijos", True)
    assert response.url == reverse("registry:start")
    words = gettext("Welcome. You act as {organisation}: {role}.")
    assert said(response) == [words.format(organisation=head.entity.name, role=membership.get_role_display())]
    assert client.get(reverse("registry:account")).wsgi_request.membership == membership
    assert Event.objects.filter(kind="invitation.accepted", actor_id=membership.user_id, membership_id=membership.pk).count() == 1


def test_of_several_roles_the_accepted_one_is_chosen(client, invite, user_factory, membership_factory):
    user = user_factory(email="lucia@ejemplo.ec")
    membership_factory(user=user, role="approver")
    invitation = invite()
    client.force_login(user, backend=SIGN_IN)

    client.post(invitation.get_absolute_url())

    accepted = Membership.objects.get(user=user, role="receiver")
    assert client.get(reverse("registry:account")).wsgi_request.membership == accepted


def test_a_supplier_is_entered_with_its_ruc(client, invite_supplier):
    invitation = invite_supplier()

    client.post(invitation.get_absolute_url(), PERSON | {"ruc": invitation.supplier.ruc})

    membership = client.get(reverse("registry:account")).wsgi_request.membership
    assert (membership.role, membership.supplier) == ("supplier_manager", invitation.supplier)


def test_the_ruc_of_another_company_is_refused_at_its_field(client, invite_supplier):
    invitation = invite_supplier()
    other = company_ruc(999)

    response = client.post(invitation.get_absolute_url(), PERSON | {"ruc": other})

    assert errors_of(response) == {"ruc": [sentence_for("ruc_does_not_match", ruc=other)]}
    assert_nobody_came_in(client, invitation)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"password": "corta"}, "password"), ({"password": "1234567890"}, "password"), ({"first_name": ""}, "first_name")],
)
def test_what_is_wrong_is_said_at_its_field(client, invite, wrong, field):
    invitation = invite()

    response = client.post(invitation.get_absolute_url(), PERSON | wrong)

    assert list(errors_of(response)) == [field]
    assert_nobody_came_in(client, invitation)


def test_who_has_an_account_is_sent_to_sign_in_first(client, invite, user_factory):
    user_factory(email="lucia@ejemplo.ec")
    invitation = invite()

    page = client.get(invitation.get_absolute_url()).content.decode()
    response = client.post(invitation.get_absolute_url(), PERSON)

    assert f"{reverse('account_login')}?next={invitation.get_absolute_url()}" in page
    assert 'name="password"' not in page
    assert errors_of(response) == {"__all__": [sentence_for("email_signs_in", email="lucia@ejemplo.ec")]}
    invitation.refresh_from_db()
    assert invitation.accepted_at is None


def assert_nobody_came_in(client, invitation) -> None:
    invitation.refresh_from_db()
    assert invitation.accepted_at is None
    assert not User.objects.filter(email="lucia@ejemplo.ec").exists()
    assert "_auth_user_id" not in client.session


# ---------------------------------------------------------------- no longer open


def used(invite, head) -> Invitation:
    invitation = invite()
    invitation_accept(code=invitation.code, ruc="", user=head.user, new_person=None, at=now())
    return invitation


def withdrawn(invite, head) -> Invitation:
    return invitation_withdraw(invitation_id=invite().pk, actor=head, at=now())


def expired(invite, head) -> Invitation:
    return invite(at=now() - timedelta(days=14))


@pytest.mark.parametrize("close", [used, withdrawn, expired])
def test_one_that_is_not_open_says_so_and_lets_nobody_in(client, invite, head, close):
    invitation = close(invite, head)

    page = client.get(invitation.get_absolute_url())
    response = client.post(invitation.get_absolute_url(), PERSON)

    assert gettext(CLOSED) in page.content.decode()
    assert 'name="password"' not in page.content.decode()
    assert errors_of(response) == {"__all__": [sentence_for("invitation_closed")]}
    assert gettext(CLOSED) in response.content.decode()
    assert not User.objects.filter(email="lucia@ejemplo.ec").exists()
    assert "_auth_user_id" not in client.session
