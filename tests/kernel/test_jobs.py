from datetime import timedelta

import pytest
from django.db import transaction
from django.utils.timezone import now

from marketplace.kernel.events import record, subscribe
from marketplace.kernel.events.models import Event
from marketplace.kernel.jobs import job
from marketplace.kernel.jobs.models import Job
from marketplace.kernel.jobs.running import claim, run, run_all_due, run_next
from marketplace.registry.models import EntityUnit

ran = []


@job(retries=2)
def unit_rename(unit_id: int, name: str) -> None:
    EntityUnit.objects.filter(pk=unit_id).update(name=name)
    if name == "fails":
        raise ValueError("no such luck")


@job(is_single=True)
def only_once(what: str) -> None:
    ran.append(what)


@subscribe("test.happened")
@job()
def heard(event: Event) -> None:
    ran.append((event.kind, event.payload["size"]))


@pytest.fixture(autouse=True)
def nothing_ran():
    ran.clear()


def test_runs_and_is_gone(unit_factory):
    unit = unit_factory()
    unit_rename.enqueue(unit_id=unit.pk, name="Farmacia")

    assert run_all_due() == 1

    unit.refresh_from_db()
    assert unit.name == "Farmacia"
    assert not Job.objects.exists()


def test_is_rolled_back_with_its_transaction(unit_factory):
    with transaction.atomic():
        unit_rename.enqueue(unit_id=1, name="x")
        transaction.set_rollback(True)

    assert not Job.objects.exists()


def test_a_failure_undoes_its_effects_and_comes_back_later(unit_factory):
    unit = unit_factory(name="Bodega")
    unit_rename.enqueue(unit_id=unit.pk, name="fails")

    run_next()

    unit.refresh_from_db()
    assert unit.name == "Bodega"
    waiting = Job.objects.get()
    assert waiting.attempts == 1
    assert waiting.run_at > now()
    assert "no such luck" in waiting.last_error
    assert claim() is None


def test_dies_after_its_last_retry_and_keeps_the_error(unit_factory):
    unit_rename.enqueue(unit_id=unit_factory().pk, name="fails")
    for _ in range(3):
        Job.objects.update(run_at=now() - timedelta(seconds=1))
        run_next()

    dead = Job.objects.get()
    assert (dead.attempts, dead.dead_at is not None) == (3, True)
    assert claim(dead.pk) is None


def test_a_job_that_is_no_longer_in_the_code_dies(db):
    Job.objects.create(task="gone.away", run_at=now())

    run_next()

    assert Job.objects.get().dead_at is not None


def test_waits_for_its_hour(db):
    only_once.enqueue(what="later", run_at=now() + timedelta(hours=1))

    assert run_all_due() == 0
    assert Job.objects.count() == 1


def test_equal_jobs_that_wait_count_as_one(db):
    only_once.enqueue(what="a")
    only_once.enqueue(what="a")
    only_once.enqueue(what="b")

    run_all_due()

    assert sorted(ran) == ["a", "b"]


def test_a_lease_lost_to_another_worker_undoes_the_effects(unit_factory):
    unit = unit_factory(name="Bodega")
    unit_rename.enqueue(unit_id=unit.pk, name="Farmacia")
    slow = claim()
    Job.objects.filter(pk=slow.pk).update(attempts=slow.attempts + 1)

    run(slow)

    unit.refresh_from_db()
    assert unit.name == "Bodega"
    assert Job.objects.count() == 1


def test_a_lease_that_ran_out_is_taken_over(db):
    only_once.enqueue(what="a")
    claim()
    assert claim() is None
    Job.objects.update(lease_until=now() - timedelta(seconds=1))

    assert claim() is not None


def test_an_event_brings_its_subscribers_jobs(entity_factory):
    entity = entity_factory()

    event = record("test.happened", entity, size=3)
    run_all_due()

    assert ran == [("test.happened", 3)]
    event.refresh_from_db()
    assert (event.subject_type, event.subject_id) == ("registry.entity", entity.pk)
    assert event.transaction_id > 0


def test_two_workers_never_run_the_same_job(own_database, unit_factory):
    import threading

    from django.db import connection

    for number in range(60):
        only_once.enqueue(what=f"job {number}")

    def work():
        run_all_due()
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(ran) == sorted(f"job {number}" for number in range(60))
    assert not Job.objects.exists()


@pytest.mark.trap
def test_wagtails_tasks_become_jobs_and_equal_ones_count_once(db):
    from django_tasks import task_backends

    from tests.kernel.tasks_of_others import note

    note.enqueue("saved")
    note.enqueue("saved")

    assert task_backends["default"].__class__.__name__ == "JobBackend"
    assert Job.objects.count() == 1
    assert run_all_due() == 1
