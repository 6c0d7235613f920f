import errno
import logging

import pytest
import rules
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import IntegrityError, InterfaceError, OperationalError, connection
from django.test import Client, RequestFactory
from django.utils.translation import override

from marketplace.failures import bad_request, out_of_order, server_error
from marketplace.kernel.trouble import Trouble, trouble_of
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


TROUBLE = [
    (OperationalError("server closed the connection unexpectedly"), "We will be back in a moment", "5"),
    (InterfaceError("connection already closed"), "We will be back in a moment", "5"),
    (OSError(errno.ENOSPC, "No space left on device"), "There is no room left to save anything", "600"),
    (OSError(errno.EROFS, "Read-only file system"), "There is no room left to save anything", "600"),
]


@pytest.mark.threat("F1")
@pytest.mark.threat("F5")
@pytest.mark.parametrize(("problem", "title", "retry"), TROUBLE, ids=[str(problem) for problem, _, _ in TROUBLE])
def test_trouble_of_the_machine_says_what_to_do(quiet_client, db, failing, caplog, problem, title, retry):
    failing(problem)
    with caplog.at_level(logging.ERROR):
        answer = quiet_client.get("/en/apariencia/?q=1")
    page = answer.content.decode()

    assert (answer.status_code, answer["Retry-After"]) == (503, retry)
    assert f"<h1>{title}</h1>" in page
    assert 'href="/en/apariencia/?q=1"' in page
    assert str(problem) not in page
    assert any(line.startswith("trouble ") for line in caplog.messages)


def test_a_form_that_met_trouble_is_sent_again_from_where_it_was(quiet_client, db, monkeypatch):
    """A way that opens the page anew would lose what was written."""

    def post(*args, **kwargs):
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(AppearanceView, "post", post)
    answer = quiet_client.post("/en/apariencia/", {})

    assert answer.status_code == 503
    assert b"Try again" not in answer.content
    assert b"what was already done is not done twice" in answer.content


@pytest.mark.parametrize(
    ("failure", "trouble"),
    [
        (None, None), (ValueError(), None), (FileNotFoundError(errno.ENOENT, "gone"), None), (IntegrityError(), None),
        (OSError(errno.EDQUOT, "quota"), Trouble.FULL), (OperationalError(), Trouble.AWAY), (InterfaceError(), Trouble.AWAY),
    ],
)  # fmt: skip
def test_what_is_trouble_of_the_machine(failure, trouble):
    assert trouble_of(failure) is trouble


def away(request):
    return out_of_order(request, Trouble.AWAY)


@pytest.mark.parametrize("answer", [server_error, bad_request, away])
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
