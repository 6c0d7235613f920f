import logging

import pytest
import rules
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError, connection
from django.test import Client, RequestFactory
from django.utils.translation import override

from marketplace.failures import bad_request, server_error
from marketplace.registry.predicates import roles_with
from marketplace.registry.roles import ENTITY_ROLES, Role
from marketplace.shop.dashboard.views import AppearanceView


@pytest.fixture
def failing(monkeypatch):
    """The page «Appearance» raises this."""

    def fail(problem: Exception) -> None:
        def get(*args, **kwargs):
            raise problem

        monkeypatch.setattr(AppearanceView, "get", get)

    return fail


@pytest.fixture
def quiet_client():
    return Client(raise_request_exception=False)


def test_unknown_address(client, db):
    answer = client.get("/en/no/existe/")

    assert answer.status_code == 404
    assert b"We did not find this page" in answer.content


def test_wrong_role_hears_in_which_it_acts_and_who_can(client, officer):
    client.force_login(officer.user)
    answer = client.get("/en/compras/")
    page = answer.content.decode()

    assert answer.status_code == 403
    assert "Your role cannot do this" in page
    assert "<strong>Catalogue authority</strong> as <strong>Catalogue officer</strong>" in page
    assert 'href="/en/cuenta/rol/"' in page
    assert all(str(role.label) in page for role in ENTITY_ROLES)


def test_a_refusal_without_a_permission_lists_no_roles(quiet_client, db, failing):
    failing(PermissionDenied())
    answer = quiet_client.get("/en/apariencia/")

    assert answer.status_code == 403
    assert b"Who can do it" not in answer.content


def test_unreadable_request(quiet_client, db, failing):
    failing(SuspiciousOperation("odd"))
    answer = quiet_client.get("/en/apariencia/")

    assert answer.status_code == 400
    assert b"We could not read the request" in answer.content


@pytest.mark.parametrize("language", ["es", "en"])
def test_too_much_at_once_is_told_as_such(quiet_client, db, settings, language):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    answer = quiet_client.post("/en/verificar/" if language == "en" else "/verificar/", {"code": "A" * 2000})

    assert answer.status_code == 413
    assert {"es": "Lo enviado es demasiado grande", "en": "What was sent is too large"}[language] in answer.text


def test_a_database_that_is_away_is_told_as_what_it_is(quiet_client, db, failing, caplog):
    failing(OperationalError("the server closed the connection"))
    answer = quiet_client.get("/en/apariencia/")

    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    assert "The system is not available at the moment" in answer.text


def test_form_without_its_token(db):
    answer = Client(enforce_csrf_checks=True).post("/en/apariencia/", {"theme": "dark"})

    assert answer.status_code == 403
    assert b"This form is no longer valid" in answer.content
    assert "theme" not in answer.cookies


def test_failure_of_ours_gives_a_number_that_stands_in_the_log(quiet_client, db, failing, caplog):
    failing(RuntimeError("broken"))
    with caplog.at_level(logging.ERROR):
        answer = quiet_client.get("/en/apariencia/")
    number = answer.content.decode().split("<code>", 1)[1].split("</code>", 1)[0]

    assert answer.status_code == 500
    assert b"We could not do this" in answer.content
    assert f"failure {number}: GET /en/apariencia/" in caplog.messages


@pytest.mark.parametrize("answer", [server_error, bad_request])
def test_works_when_the_database_is_away(answer, django_db_blocker):
    """No database fixture: a query would raise."""
    connection.close()
    with override("es"):
        page = answer(RequestFactory().get("/compras/")).content.decode()

    assert '<html lang="es-EC"' in page
    assert 'id="content"' in page


def test_every_permission_can_be_asked_for_its_roles():
    roles = {permission: roles_with(permission) for permission in rules.permissions.permissions}

    assert roles["dashboard.enter_supplier"] == [Role.SUPPLIER_MANAGER]
    assert all(roles.values())


def test_nobody_has_a_permission_that_nobody_named():
    assert roles_with("no.such_thing") == []
