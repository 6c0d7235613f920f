"""The job row is the truth: killed in the middle, a worker loses no job and leaves none done twice, with a broker and without."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import connection
from redis import Redis

from marketplace.kernel.events.models import Event
from marketplace.kernel.jobs.models import Job
from tests.databases import address_of
from tests.processes import HOST, free_port, is_listened_to, until
from tests.sample_jobs.jobs import NOTED, number_note

NUMBERS = range(1, 41)
GATES = (10, 25)  # the jobs in the middle of which the workers die
JOBS_WORK = [sys.executable, "manage.py", "jobs_work"]
CELERY = [sys.executable, "-m", "celery", "-A", "marketplace.celery", "worker", "-B", "--concurrency", "2", "--loglevel", "WARNING"]


class Worker:
    """A worker as `deploy/run.sh` starts it, in a process group of its own. `dies`: what is lost besides when it is killed."""

    def __init__(self, command: list[str], environment: dict[str, str], dies: Callable[[], object] = lambda: None) -> None:
        self.command, self.environment, self.dies = command, os.environ | environment, dies
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        self.process = subprocess.Popen(self.command, cwd=settings.ROOT, env=self.environment, start_new_session=True)

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None
        self.dies()


@pytest.fixture(scope="module")
def redis_url(tmp_path_factory) -> Iterator[str]:
    """A broker of this module's own. On a build machine it must be there."""
    program = shutil.which("redis-server")
    if program is None:
        if os.environ.get("CI") == "true":
            pytest.fail("Redis is missing: apt-get install redis-server")
        pytest.skip("no Redis on this machine: apt-get install redis-server")
    port, folder = free_port(), tmp_path_factory.mktemp("redis")
    options = ["--port", str(port), "--bind", HOST, "--save", "", "--appendonly", "no", "--loglevel", "warning"]
    server = subprocess.Popen([program, *options], cwd=folder)
    until(lambda: is_listened_to(port))
    yield f"redis://{HOST}:{port}/0"
    server.terminate()
    server.wait()


@pytest.fixture(params=["jobs_work", "celery", "celery whose broker forgets"])
def worker(request, own_database, tmp_path) -> Iterator[Worker]:
    environment = {"DJANGO_SETTINGS_MODULE": "tests.sample_jobs.settings", "DATABASE_URL": address_of(own_database)}
    if request.param == "jobs_work":
        worker = Worker(JOBS_WORK, environment)
    else:
        url = request.getfixturevalue("redis_url")
        broker = Redis.from_url(url)
        broker.flushall()
        command = [*CELERY, "--schedule", str(tmp_path / "beat")]
        worker = Worker(command, environment | {"REDIS_URL": url})
        if request.param == "celery whose broker forgets":
            worker.dies = broker.flushall
    yield worker
    if worker.process is not None:
        worker.kill()


@contextmanager
def gate_closed(number: int) -> Iterator[None]:
    """The job of this number stands still between its row and its end."""
    ask("SELECT pg_advisory_lock(%s)", number)
    yield
    ask("SELECT pg_advisory_unlock(%s)", number)


def stands_at_gate(number: int) -> bool:
    return ask("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND NOT granted", number) == 1


def nobody_else_is_connected() -> bool:
    others = "datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    return ask(f"SELECT count(*) FROM pg_stat_activity WHERE {others}") == 0


def leases_run_out() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE jobs_job SET lease_until = now() - interval '1 second' WHERE lease_until IS NOT NULL")


def ask(query: str, *values):
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchone()[0]


def noted() -> list[int]:
    return list(Event.objects.filter(kind=NOTED).order_by("subject_id").values_list("subject_id", flat=True))


@pytest.mark.chaos
@pytest.mark.trap
@pytest.mark.threat("F2")
def test_killed_in_the_middle_each_job_is_done_once(worker):
    for number in NUMBERS:
        number_note.enqueue(number=number)

    for gate in GATES:
        with gate_closed(gate):
            worker.start()
            until(lambda gate=gate: stands_at_gate(gate))
            worker.kill()
        until(nobody_else_is_connected)
        assert gate not in noted()
        assert len(noted()) + Job.objects.count() == len(NUMBERS)
        leases_run_out()
    worker.start()
    until(lambda: not Job.objects.exists())

    assert noted() == list(NUMBERS)
