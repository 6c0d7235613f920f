"""One door: every other leads there; a stranger's failed tries do not lock the owner out."""

import pytest
from django.core.cache import cache
from django.urls import reverse

PASSWORD = "bueno y largo"


@pytest.fixture(autouse=True)
def fresh_limits():
    cache.clear()


@pytest.fixture
def person(membership_factory):
    membership = membership_factory()
    membership.user.set_password(PASSWORD)
    membership.user.save()
    membership.user.emailaddress_set.create(email=membership.user.email, verified=True, primary=True)
    return membership.user


def sign_in(client, email, password, address="10.0.0.1"):
    return client.post(reverse("account_login"), {"login": email, "password": password}, REMOTE_ADDR=address)


def test_an_e_mail_address_and_a_password_sign_in(client, person):
    response = sign_in(client, person.email.upper(), PASSWORD)

    assert response.status_code == 302
    assert client.session["_auth_user_id"] == str(person.pk)


@pytest.mark.trap
@pytest.mark.parametrize("door", ["/cms/login/", "/cms/password_reset/", "/cms/password_reset/done/", "/_util/login/"])
def test_every_other_door_leads_to_the_one(client, door):
    for response in (client.get(door), client.post(door, {"username": "a", "password": "b"})):
        assert response.status_code == 302
        assert response.url.split("?")[0] in (reverse("account_login"), reverse("account_reset_password"))


@pytest.mark.trap
@pytest.mark.parametrize(
    "door", ["/accounts/login/", "/accounts/register/", "/dashboard/login/", "/password-reset/", "/django-admin/", "/admin/login/"]
)
def test_stock_doors_are_not_there(client, db, door):
    assert client.get(door).status_code == 404
    assert client.post(door, {"username": "a", "password": "b"}).status_code == 404


@pytest.mark.trap
def test_nobody_registers_alone(client, db):
    for response in (client.get(reverse("account_signup")), client.post(reverse("account_signup"), {"email": "x@y.ec"})):
        assert response.status_code == 302
        assert response.url == reverse("registry:invitation-door")


@pytest.mark.trap
def test_a_stranger_does_not_lock_the_owner_out(client, person):
    for _ in range(7):
        sign_in(client, person.email, "wrong", address="203.0.113.9")
    blocked = sign_in(client, person.email, PASSWORD, address="203.0.113.9")
    assert blocked.status_code == 200

    assert sign_in(client, person.email, PASSWORD, address="10.0.0.1").status_code == 302


def test_known_and_unknown_accounts_hear_the_same(client, person):
    known = sign_in(client, person.email, "wrong")
    unknown = sign_in(client, "nadie@ejemplo.ec", "wrong")

    [sentence] = known.context["form"].non_field_errors()
    assert unknown.context["form"].non_field_errors() == [sentence]


def test_who_has_one_role_acts_in_it_at_once(client, person):
    client.force_login(person, backend="marketplace.registry.adapter.SignInBackend")

    assert client.get(reverse("registry:account")).wsgi_request.membership.user == person


def test_who_has_several_chooses_once(client, membership_factory, person):
    other = membership_factory(user=person, role="approver", entity=person.memberships.get().entity)
    client.force_login(person, backend="marketplace.registry.adapter.SignInBackend")

    assert client.get(reverse("registry:start")).url == reverse("registry:role")
    client.post(reverse("registry:role"), {"membership": other.id_public})

    assert client.get(reverse("registry:account")).wsgi_request.membership == other


def test_a_role_of_somebody_else_cannot_be_chosen(client, membership_factory, person):
    other = membership_factory()
    client.force_login(person, backend="marketplace.registry.adapter.SignInBackend")

    client.post(reverse("registry:role"), {"membership": other.id_public})

    assert client.get(reverse("registry:account")).wsgi_request.membership.user == person
