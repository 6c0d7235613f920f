"""A marketplace as `deploy/run.sh` starts it, on a database server of its own that a test may kill."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg2
import requests
from django.conf import settings

from marketplace.settings.embedded import EmbeddedPostgres
from tests.databases import address_of
from tests.processes import HOST, free_port, is_listened_to, until

CONNECTIONS = 20
# a process that is killed loses nothing that the machine has not yet written to its disk
SERVER = f"max_connections = {CONNECTIONS}\nsuperuser_reserved_connections = 0\nfsync = off\n"
WEB = ("--interface", "wsgi", "--workers-kill-timeout", "5", "--no-ws", "--log-level", "critical")
WORKER = (sys.executable, "manage.py", "jobs_work")


class Postgres(EmbeddedPostgres):
    """A server that keeps what it has acknowledged, and can be killed."""

    def fill(self, name: str) -> None:
        """With what a database of the tests' server holds."""
        dump = subprocess.run([self.programs / "pg_dump", "--no-owner", address_of(name)], capture_output=True, check=True)
        into = [self.programs / "psql", "-q", "-v", "ON_ERROR_STOP=1", "--single-transaction", self.url()]
        subprocess.run(into, input=dump.stdout, stdout=subprocess.DEVNULL, check=True)

    def kill(self) -> None:
        """As a power cut does: all of its processes at once."""
        postmaster = psutil.Process(int((self.cluster / "postmaster.pid").read_text().split()[0]))
        dying = [postmaster, *postmaster.children(recursive=True)]
        for process in dying:
            process.kill()
        psutil.wait_procs(dying)

    def ask(self, query: str, *values) -> list[tuple]:
        with psycopg2.connect(self.url()) as link, link.cursor() as cursor:
            cursor.execute(query, values or None)
            rows = cursor.fetchall() if cursor.description else []
        link.close()
        return rows


@contextmanager
def postgres_with(name: str) -> Iterator[Postgres]:
    """`name`: a database of the tests' server, which it begins with."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        Path(folder).chmod(0o755)
        server = Postgres(Path(folder) / "soce", SERVER)
        server.start()
        try:
            server.fill(name)
            yield server
        finally:
            server.stop()


@contextmanager
def running(*command: str, **environment: str) -> Iterator[subprocess.Popen]:
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.chaos.settings"} | environment
    process = subprocess.Popen(command, cwd=settings.ROOT, env=environment)
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


@contextmanager
def web(database: str, *, workers: int, threads: int, **environment: str) -> Iterator[tuple[str, subprocess.Popen]]:
    """Its address and its process. `threads`: of each of its workers."""
    port = free_port()
    program = str(Path(sys.executable).with_name("granian"))
    size = ("--workers", str(workers), "--blocking-threads", str(threads))
    listening = ("--host", HOST, "--port", str(port), "marketplace.wsgi:application")
    with running(program, *WEB, *size, *listening, DATABASE_URL=database, **environment) as process:
        until(lambda: is_listened_to(port))
        yield f"http://{HOST}:{port}", process


class Visitor:
    """Somebody's browser."""

    def __init__(self, address: str, session: str = "") -> None:
        self.address, self.browser = address, requests.Session()
        self.browser.cookies.set("sessionid", session)

    def get(self, page: str) -> requests.Response:
        return self.browser.get(self.address + page, timeout=60)

    def post(self, page: str, **said: str) -> requests.Response:
        said |= {"csrfmiddlewaretoken": self.browser.cookies["csrftoken"]}
        return self.browser.post(self.address + page, said, timeout=60, allow_redirects=False)
