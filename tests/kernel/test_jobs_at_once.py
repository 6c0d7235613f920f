"""What happens to jobs when workers die, and when what they follow is not there yet."""

import threading
from datetime import timedelta

import pytest
from django.db import OperationalError, connection, transaction
from django.utils.timezone import now

from marketplace.kernel.acting import acting
from marketplace.kernel.jobs import job
from marketplace.kernel.jobs.models import Job
from marketplace.kernel.jobs.running import claim, run, run_all_due, run_next

given_up, ran = [], []


@job(retries=2, when_dead=lambda what: given_up.append(what))
def takes_its_worker_along(what: str) -> None:
    ran.append(what)


@job(retries=0, is_atomic=False, when_dead=lambda what: given_up.append(what))
def fails(what: str) -> None:
    raise ValueError("no such luck")


@job(is_single=True)
def follow(what: str) -> None:
    ran.append(what)


@pytest.fixture(autouse=True)
def nothing_yet():
    given_up.clear()
    ran.clear()


def test_a_job_whose_workers_all_die_is_given_up(db):
    takes_its_worker_along.enqueue(what="a")
    for _ in range(3):  # the first try and two more, none of which comes to an end
        assert claim() is not None
        Job.objects.update(lease_until=now() - timedelta(seconds=1))

    run(claim())

    dead = Job.objects.get()
    assert dead.dead_at is not None
    assert "none came to an end" in dead.last_error
    assert (ran, given_up) == ([], ["a"])


def test_what_waits_for_a_job_hears_that_it_will_not_come(db):
    fails.enqueue(what="b")

    run_all_due()

    assert Job.objects.get().dead_at is not None
    assert given_up == ["b"]


def test_nobody_runs_a_job_before_what_it_follows_is_there(own_database):
    """An equal job waits already: joining it holds it until the change that joined is committed."""
    follow.enqueue(what="c")
    seen = []

    def worker() -> None:
        with acting(reason="test"):
            seen.append(run_next())
        connection.close()

    with transaction.atomic():
        follow.enqueue(what="c")
        other = threading.Thread(target=worker)
        other.start()
        other.join()

    assert seen == [False]
    assert run_all_due() == 1
    assert ran == ["c"]


def test_an_equal_job_that_is_to_run_sooner_brings_the_other_forward(db):
    follow.enqueue(what="d", run_at=now() + timedelta(hours=1))
    follow.enqueue(what="d")

    assert run_all_due() == 1


def test_stops_between_two_jobs_when_asked(db):
    for what in "efg":
        follow.enqueue(what=what)

    assert run_all_due(until=lambda: len(ran) == 2) == 2
    assert Job.objects.count() == 1


def test_a_connection_that_was_cut_is_an_error_of_the_database(own_database):
    """So that the worker looks again when the database is back, rather than ending."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]

    def cut() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        connection.close()

    other = threading.Thread(target=cut)
    other.start()
    other.join()

    with pytest.raises(OperationalError):
        run_next()
    connection.close()
    assert run_next() is False
