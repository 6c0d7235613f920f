"""Every form of ours sent five times, one after another and at once: one effect, and the same answer each time (O3)."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup, Tag
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from marketplace.kernel.acting import acting
from marketplace.kernel.screens.views import ActionView
from tests.answers import SIGN_IN, errors_of, said
from tests.databases import cloned, connected_to

from .matrix import MATRIX
from .presses import PRESSES, PROVED_ELSEWHERE
from .test_matrix import our_views
from .world import World, build_world

TIMES = 5
NOT_AN_EFFECT = {"django_session", "screens_formanswer"}


@pytest.fixture(scope="module")
def world(template, django_db_setup, django_db_blocker) -> Iterator[World]:
    """One that stands, with real commits; a press in turn is undone, a press at once has something of its own."""
    with django_db_blocker.unblock(), cloned(template) as name, connected_to(name), acting(reason="test"):
        yield build_world()


def test_every_form_of_ours_is_pressed():
    takes_forms = {name for name, view in our_views().items() if hasattr(view, "post") and "post" in view.http_method_names}

    assert takes_forms == set(PRESSES) | PROVED_ELSEWHERE


@pytest.mark.threat("O3")
@pytest.mark.parametrize("name", sorted(PRESSES))
def test_five_times_in_turn_is_once(world, name):
    with transaction.atomic():
        button = Button(name, world)
        before = counted()
        answers, effects = [], []
        for _ in range(TIMES):
            answers.append(button.press(button.client))
            effects.append(counted() - before)
        transaction.set_rollback(True)

    assert answers[0][0] == 302, answers[0]
    assert bool(effects[0]) == PRESSES[name].leaves, answers[0]
    assert answers == answers[:1] * TIMES
    assert effects == effects[:1] * TIMES


@pytest.mark.threat("O3")
@pytest.mark.parametrize("name", sorted(name for name, press in PRESSES.items() if press.moves))
def test_five_times_at_once_is_once(world, name):
    button = Button(name, world)
    before = counted()
    with transaction.atomic():
        button.press(button.client)
        once = counted() - before
        transaction.set_rollback(True)
    clients = [button.signed_in() for _ in range(TIMES)]
    before = counted()

    with ThreadPoolExecutor(TIMES) as presses:
        answers = list(presses.map(button.press_and_hang_up, clients))

    assert {status for status, _, _ in answers} == {302}, answers
    assert len(set(answers)) == 1
    assert counted() - before == once


class Button:
    """A form, filled in on its page where it has one, and the key that its page gave it."""

    def __init__(self, name: str, world: World) -> None:
        self.view, self.row, page = our_views()[name], PRESSES[name], MATRIX[name]
        self.who = world[self.row.role]
        own = self.row.begin(world, now()) if self.row.begin else None
        self.url = reverse(name, kwargs=own or page.kwargs(world))
        self.client = self.signed_in()
        values = self.row.values(world)
        self.files = {key: value for key, value in values.items() if isinstance(value, SimpleUploadedFile)}
        self.values = {"form_key": str(uuid4())} | self.begun() | {k: v for k, v in values.items() if k not in self.files}

    def signed_in(self) -> Client:
        client = Client(raise_request_exception=False)
        client.force_login(self.who.user, backend=SIGN_IN)
        return client

    def begun(self) -> dict[str, list[str]]:
        """What the page's own form sends as it stands."""
        if issubclass(self.view, ActionView):
            return {}
        page = BeautifulSoup(self.client.get(self.url).content, "html.parser")
        posts = [form for form in page.find_all("form", method="post") if (form.get("action") or self.url) == self.url]
        ours = [form for form in posts if form.find("input", {"name": "form_key"})]
        return sent_by(ours[-1]) if ours else {}

    def press(self, client: Client) -> tuple[int, str, str]:
        """The status, where it leads, and what it says."""
        again = {key: SimpleUploadedFile(file.name, _bytes_of(file)) for key, file in self.files.items()}
        answer = client.post(self.url, self.values | again)
        words = errors_of(answer) if answer.status_code == 200 else said(answer)[-1:]
        return answer.status_code, answer.headers.get("Location", ""), str(words)

    def press_and_hang_up(self, client: Client) -> tuple[int, str, str]:
        try:
            return self.press(client)
        finally:
            connection.close()


def sent_by(form: Tag) -> dict[str, list[str]]:
    """What a browser would send of a form that nobody has touched."""
    found: dict[str, list[str]] = {}
    for field in form.select("input[name], textarea[name], select[name]"):
        if field.name == "select":
            values = [option.get("value", "") for option in field.select("option[selected]")]
        elif field.get("type") in {"checkbox", "radio"}:
            values = [field.get("value", "on")] if field.has_attr("checked") else []
        else:
            values = [field.text.strip() if field.name == "textarea" else field.get("value", "")]
        if field.get("type") not in {"submit", "file"}:
            found.setdefault(field["name"], []).extend(values)
    return found


def _bytes_of(file: SimpleUploadedFile) -> bytes:
    file.seek(0)
    return file.read()


def counted() -> Counter:
    """How many rows each table has; every change of a row is one more in the history."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [table for (table,) in cursor.fetchall() if table not in NOT_AN_EFFECT]
        cursor.execute(" UNION ALL ".join(f"SELECT '{table}', count(*) FROM \"{table}\"" for table in tables))
        return Counter(dict(cursor.fetchall()))
