"""One door: every other leads there; a stranger's failed tries do not lock the owner out."""

import re

import pytest
from django.core.cache import cache
from django.urls import reverse

from marketplace.kernel.jobs.models import Job
from marketplace.kernel.jobs.running import run_all_due
from marketplace.settings import base
from tests.answers import SIGN_IN
from tests.letters import DEAD_SERVER

PASSWORD = "bueno y largo"
DOORS = ("account_login", "account_reset_password", "registry:invitation-door")


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
@pytest.mark.parametrize(
    "door",
    [
        "/cms/login/", "/cms/password_reset/", "/cms/password_reset/done/", "/_util/login/", "/accounts/login/",
        "/accounts/register/", "/dashboard/login/", "/password-reset/", "/admin/login/",
    ],
)  # fmt: skip
def test_every_other_door_leads_to_the_one(client, door):
    for response in (client.get(door), client.post(door, {"username": "a", "password": "b"})):
        assert response.status_code == 302
        assert response.url.split("?")[0] in {reverse(name) for name in DOORS}


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


@pytest.mark.trap
def test_guessing_from_many_addresses_ends_too(client, person):
    answers = [sign_in(client, person.email, "wrong", address=f"203.0.{n // 250}.{n % 250}") for n in range(51)]
    sentences = [answer.context["form"].non_field_errors()[0] for answer in answers]

    assert len(set(sentences[:50])) == 1
    assert sentences[50] != sentences[0]
    assert sign_in(client, person.email, PASSWORD).status_code == 200


@pytest.mark.trap
def test_who_signs_in_uses_up_no_try(client, person):
    for n in range(60):
        assert sign_in(client, person.email, PASSWORD, address=f"203.0.113.{n // 6}").status_code == 302
        client.logout()


@pytest.mark.trap
def test_a_new_password_wipes_the_tries(client, person, mailoutbox):
    for n in range(51):
        sign_in(client, person.email, "wrong", address=f"203.0.113.{n}")
    client.post(reverse("account_reset_password"), {"email": person.email})
    run_all_due()
    link = re.search(r"/cuenta/contrasena/nueva/\S+", mailoutbox[-1].body)[0]
    form = client.get(link, follow=True).redirect_chain[-1][0]
    client.post(form, {"password1": "otra clave larga", "password2": "otra clave larga"})

    assert sign_in(client, person.email, "otra clave larga").status_code == 302


@pytest.mark.threat("F4")
def test_the_letter_for_a_new_password_outlives_a_dead_mail_server(client, person, mailoutbox, settings):
    settings.EMAIL_BACKEND = DEAD_SERVER
    answer = client.post(reverse("account_reset_password"), {"email": person.email})
    run_all_due()

    assert (answer.url, mailoutbox) == (reverse("account_reset_password_done"), [])

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    Job.objects.update(run_at="2020-01-01T00:00Z")
    run_all_due()
    run_all_due()

    assert [letter.to for letter in mailoutbox] == [[person.email]]
    assert not Job.objects.filter(task__endswith="account_letter").exists()


@pytest.mark.trap
def test_processes_share_the_counts_of_tries():
    assert "locmem" not in base.CACHES["default"]["BACKEND"]


def test_known_and_unknown_accounts_hear_the_same(client, person):
    known = sign_in(client, person.email, "wrong")
    unknown = sign_in(client, "nadie@ejemplo.ec", "wrong")

    [sentence] = known.context["form"].non_field_errors()
    assert unknown.context["form"].non_field_errors() == [sentence]


def test_who_has_one_role_acts_in_it_at_once(client, person):
    client.force_login(person, backend=SIGN_IN)

    assert client.get(reverse("registry:account")).wsgi_request.membership.user == person


def test_who_has_several_chooses_once(client, membership_factory, person):
    other = membership_factory(user=person, role="approver", entity=person.memberships.get().entity)
    client.force_login(person, backend=SIGN_IN)

    assert client.get(reverse("registry:start")).url == reverse("registry:role")
    client.post(reverse("registry:role"), {"membership": other.id_public})

    assert client.get(reverse("registry:account")).wsgi_request.membership == other


def test_a_role_of_somebody_else_cannot_be_chosen(client, membership_factory, person):
    other = membership_factory()
    client.force_login(person, backend=SIGN_IN)

    client.post(reverse("registry:role"), {"membership": other.id_public})

    assert client.get(reverse("registry:account")).wsgi_request.membership.user == person
