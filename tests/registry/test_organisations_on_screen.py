"""The authority's screens of suppliers and entities: registered, invited, suspended, each with its event and its sentence."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils.timezone import now

from marketplace.kernel.errors import sentence_for
from marketplace.kernel.events.models import Event
from marketplace.kernel.jobs.running import run_all_due
from marketplace.registry.models import Entity, Invitation, Supplier
from tests.answers import errors_of, is_on_sale, said, screens_of, sentence
from tests.factories.factories import company_ruc, public_ruc

screens = screens_of("registry")

RUCS = {"entity": public_ruc(1), "supplier": company_ruc(1)}
MODELS = {"entity": Entity, "supplier": Supplier}
ROLES = {"entity": "entity_administrator", "supplier": "supplier_manager"}


@pytest.fixture(params=MODELS)
def kind(request) -> str:
    return request.param


@pytest.fixture
def organisation(request, kind):
    return request.getfixturevalue(f"{kind}_factory")()


# ---------------------------------------------------------------- registered


REGISTERED = {
    "entity": "{entity} is registered. Invite its administrator.",
    "supplier": "{supplier} is registered. Invite whoever is to manage its offers.",
}


def test_is_registered_and_told(screens, told, kind):
    response = screens(f"{kind}-create", ruc=RUCS[kind], name="Papelera Andina", canton_code="1101")

    row = MODELS[kind].objects.get()
    assert (row.ruc, row.name, row.canton_code) == (RUCS[kind], "Papelera Andina", "1101")
    assert response.url == reverse(f"registry:{kind}", args=[RUCS[kind]])
    assert said(response) == sentence(REGISTERED[kind], **{kind: "Papelera Andina"})
    assert told(row) == [(f"{kind}.registered", {})]


@pytest.mark.parametrize(
    ("wrong", "field"), [({"ruc": "1790011675001"}, "ruc"), ({"name": ""}, "name"), ({"canton_code": "9999"}, "canton_code")]
)
def test_what_is_wrong_is_said_at_its_field(screens, kind, wrong, field):
    response = screens(f"{kind}-create", **{"ruc": RUCS[kind], "name": "Papelera Andina", "canton_code": "1101"} | wrong)

    assert list(errors_of(response)) == [field]
    assert not MODELS[kind].objects.exists()
    assert not Event.objects.exists()


def test_a_ruc_is_registered_once(screens, kind, organisation):
    response = screens(f"{kind}-create", ruc=organisation.ruc, name="Otra", canton_code="1101")

    assert list(errors_of(response)) == ["ruc"]
    assert MODELS[kind].objects.get().name == organisation.name


# ---------------------------------------------------------------- invited


@pytest.mark.feature("RU-9")
def test_its_first_person_is_invited_by_letter(screens, told, kind, organisation, officer):
    response = screens(f"{kind}-invite", organisation.ruc, email="Lucia@Ejemplo.ec", role=ROLES[kind])

    invitation = Invitation.objects.get()
    assert (getattr(invitation, kind), invitation.role, invitation.invited_by) == (organisation, ROLES[kind], officer.user)
    assert timedelta(days=13) < invitation.expires_at - now() <= timedelta(days=14)
    assert response.url == reverse(f"registry:{kind}", args=[organisation.ruc])
    assert said(response) == sentence("The invitation is on its way to {email}.", email="lucia@ejemplo.ec")
    assert told(invitation) == [("invitation.sent", {})]
    run_all_due()
    assert [letter.to for letter in mail.outbox] == [["lucia@ejemplo.ec"]]


@pytest.mark.parametrize("role", ["administrator", "requester", ""])
def test_the_authority_invites_into_its_first_role_only(screens, kind, organisation, role):
    response = screens(f"{kind}-invite", organisation.ruc, email="lucia@ejemplo.ec", role=role)

    assert list(errors_of(response)) == ["role"]
    assert not Invitation.objects.exists()
    assert not Event.objects.exists()


def test_the_same_person_is_invited_once(screens, kind, organisation):
    for _ in range(2):
        response = screens(f"{kind}-invite", organisation.ruc, email="lucia@ejemplo.ec", role=ROLES[kind])

    assert errors_of(response) == {"email": [sentence_for("already_invited", email="lucia@ejemplo.ec")]}
    assert Invitation.objects.count() == 1


# ---------------------------------------------------------------- suspended


@pytest.mark.feature("FA-4")
def test_a_suspended_supplier_sells_nothing_until_it_is_resumed(screens, told, listing_factory):
    listing = listing_factory()
    supplier = listing.supplier

    response = screens("supplier-suspend", supplier.ruc, reason="RUC suspendido")
    supplier.refresh_from_db()
    assert (supplier.status, supplier.status_reason, is_on_sale(listing)) == ("suspended", "RUC suspendido", False)
    suspended = "{supplier} is suspended: its offers are off sale, its orders in course go on."
    assert said(response) == sentence(suspended, supplier=supplier.name)

    response = screens("supplier-resume", supplier.ruc, reason="RUC activo")
    supplier.refresh_from_db()
    assert (supplier.status, supplier.status_reason, is_on_sale(listing)) == ("enabled", "RUC activo", True)
    assert said(response)[1:] == sentence("{supplier} sells again.", supplier=supplier.name)
    assert response.url == reverse("registry:supplier", args=[supplier.ruc])
    assert told(supplier) == [
        ("supplier.suspended", {"reason": "RUC suspendido"}),
        ("supplier.resumed", {"reason": "RUC activo"}),
    ]


@pytest.mark.parametrize("reason", ["", "   ", "x" * 301], ids=["none", "blanks", "too long"])
def test_without_a_proper_reason_no_supplier_is_suspended(screens, told, listing_factory, reason):
    listing = listing_factory()

    response = screens("supplier-suspend", listing.supplier.ruc, reason=reason)

    assert (response.status_code, len(said(response))) == (302, 1)
    supplier = Supplier.objects.get()
    assert (supplier.status, supplier.status_reason, is_on_sale(listing)) == ("enabled", "", True)
    assert told(supplier) == []


def test_a_supplier_that_sells_is_not_resumed(screens, told, supplier_factory):
    supplier = supplier_factory()

    response = screens("supplier-resume", supplier.ruc, reason="Por si acaso")

    assert said(response) == [sentence_for("illegal_move", status=supplier.get_status_display())]
    assert told(supplier) == []
