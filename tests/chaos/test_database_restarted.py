"""The database is killed while people work, or has no connection left: nobody loses what was acknowledged, nobody sees a failure.

Web and worker are the programs of `deploy/run.sh`; neither is started anew.
"""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import psycopg2
import pytest
from django.db.backends.postgresql.base import DatabaseWrapper as PostgreSQLWrapper
from django.test import Client
from django.urls import reverse

from marketplace.kernel.acting import acting
from marketplace.kernel.history.postgresql.base import NONE_LEFT, DatabaseWrapper
from tests.answers import SIGN_IN
from tests.databases import cloned, connected_to
from tests.factories import factories as make
from tests.processes import until

from .serving import CONNECTIONS, WORKER, Postgres, Visitor, postgres_with, running, web

AT_ONCE = [100, pytest.param(500, marks=pytest.mark.long)]
NOTE = """
INSERT INTO jobs_job (task, arguments, run_at, attempts, last_error, created_at)
VALUES ('tests.sample_jobs.jobs.number_note', jsonb_build_object('number', %s), now(), 0, '', now())
"""
NOTED = "SELECT subject_id FROM events_event WHERE kind = 'test.noted' ORDER BY subject_id"


@pytest.fixture(scope="module")
def session(template, django_db_setup, django_db_blocker) -> Iterator[tuple[str, str]]:
    """A database in which a budget officer has signed in, and their session's key."""
    with django_db_blocker.unblock(), cloned(template) as name:
        with connected_to(name), acting(reason="test"):
            client = Client()
            client.force_login(make.MembershipFactory(role="budget_officer").user, backend=SIGN_IN)
        yield name, client.cookies["sessionid"].value


@pytest.fixture(scope="module")
def postgres(session) -> Iterator[Postgres]:
    with postgres_with(session[0]) as server:
        yield server


class Officer(threading.Thread):
    """Enters one budget certificate after the other. `acknowledged`: the numbers that the page said were entered."""

    def __init__(self, address: str, session: str) -> None:
        super().__init__(daemon=True)
        self.visitor, self.is_done = Visitor(address, session), False
        self.acknowledged: list[str] = []
        self.others: list = []
        self.visitor.get(reverse("requisition:certificates"))
        self.visitor.get(reverse("requisition:certificate-create"))

    def run(self) -> None:
        while not self.is_done:
            number = uuid4().hex
            answer = self.visitor.post(
                reverse("requisition:certificate-create"), number=number, budget_line="53.08.05", purpose="Papel",
                issued_on="02/01/2026", amount="100,00", form_key=str(uuid4()),
            )  # fmt: skip
            if answer.status_code == 302:
                self.acknowledged.append(number)
            else:
                self.others.append(answer)


def work_on(officer: Officer, commits: int) -> None:
    """Until so many more are acknowledged."""
    wanted = len(officer.acknowledged) + commits
    until(lambda: len(officer.acknowledged) >= wanted, seconds=120)


@pytest.mark.chaos
@pytest.mark.threat("F1")
@pytest.mark.parametrize(("kills", "commits"), [(1, 20), pytest.param(5, 1000, marks=pytest.mark.long)])
def test_a_killed_database_is_found_again_and_nothing_acknowledged_is_missing(postgres, session, record_property, kills, commits):
    url = postgres.url()
    with web(url, workers=2, threads=2) as (address, server), running(*WORKER, DATABASE_URL=url) as worker:
        officer, away = Officer(address, session[1]), []
        officer.start()
        for number in range(kills):
            work_on(officer, commits)
            refused = len(officer.others)
            postgres.kill()
            until(lambda refused=refused: len(officer.others) > refused)
            postgres.start()
            back = time.monotonic()
            work_on(officer, 1)
            away.append(time.monotonic() - back)
            postgres.ask(NOTE, number)
        officer.is_done = True
        officer.join()
        until(lambda: postgres.ask(NOTED) == [(number,) for number in range(kills)])
        assert (server.poll(), worker.poll()) == (None, None)

    assert {answer.status_code for answer in officer.others} == {503}
    assert all("<h1>Volvemos en un momento</h1>" in answer.text for answer in officer.others)
    assert not any("Traceback" in answer.text for answer in officer.others)
    kept = [number for (number,) in postgres.ask("SELECT number FROM requisition_budgetcertificate")]
    assert len(kept) == len(set(kept))
    assert set(officer.acknowledged) - set(kept) == set()
    record_property("acknowledged commits", len(officer.acknowledged))
    record_property("kills", kills)
    record_property("most seconds until it answered again", round(max(away), 1))


@pytest.mark.chaos
@pytest.mark.threat("F7")
@pytest.mark.parametrize("visitors", AT_ONCE)
def test_more_people_than_connections_stand_in_line(postgres, session, visitors):
    """Twenty threads share the five connections that somebody else leaves them."""
    with web(postgres.url(), workers=1, threads=20, CONN_MAX_AGE="0", CONN_WAIT="60") as (address, server):
        others = [psycopg2.connect(postgres.url()) for _ in range(CONNECTIONS - 5)]
        with ThreadPoolExecutor(visitors) as people:
            pages = list(people.map(lambda _: Visitor(address, session[1]).get("/compras/presupuesto/"), range(visitors)))
        for link in others:
            link.close()

        assert {page.status_code for page in pages} == {200}
        assert server.poll() is None


@pytest.fixture
def full(postgres) -> Iterator[psycopg2.OperationalError]:
    """What a server says that has no connection left."""
    taken = []
    with pytest.raises(psycopg2.OperationalError) as refusal:
        while True:
            taken.append(psycopg2.connect(postgres.url()))
    yield refusal.value
    for link in taken:
        link.close()


@pytest.mark.threat("F7")
def test_the_server_says_that_it_has_none_left_in_words_that_are_known(full):
    assert NONE_LEFT.search(str(full))


SPANISH = "FATAL:  lo siento, ya tenemos demasiados clientes"


@pytest.mark.threat("F7")
@pytest.mark.parametrize(
    ("words", "wait", "tries"),
    [("FATAL:  sorry, too many clients already", 60, 3), (SPANISH, 60, 3), (SPANISH, 0, 1), ("Connection refused", 60, 1)],
)
def test_a_connection_is_waited_for_if_there_will_be_one(monkeypatch, settings, words, wait, tries):
    """The third try succeeds. A server that is away is not waited for, nor one that is full for longer than `CONN_WAIT`."""
    settings.CONN_WAIT, tried = wait, []
    clock = iter(range(1, 10))

    def connect(*_):
        tried.append(1)
        if len(tried) < 3:
            raise psycopg2.OperationalError(words)
        return "a connection"

    monkeypatch.setattr(PostgreSQLWrapper, "get_new_connection", connect)
    monkeypatch.setattr("marketplace.kernel.history.postgresql.base.time.sleep", lambda _: None)
    monkeypatch.setattr("marketplace.kernel.history.postgresql.base.time.monotonic", lambda: next(clock))
    if tries == 3:
        assert DatabaseWrapper({}).get_new_connection({}) == "a connection"
    else:
        with pytest.raises(psycopg2.OperationalError):
            DatabaseWrapper({}).get_new_connection({})
    assert len(tried) == tries
