"""One durable PostgreSQL, a database for each side, and the same web server before both."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg2

from marketplace.settings.embedded import EmbeddedPostgres
from tests.processes import HOST, free_port, is_listened_to, until

ROOT = Path(__file__).resolve().parent.parent.parent.parent
MORE_CONNECTIONS = "max_connections = 200\n"
START_SECONDS = 60


class Machine:
    """What is measured on: an embedded PostgreSQL as `deploy/run.sh` starts it, in a folder of the bench's own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.server = EmbeddedPostgres(folder, MORE_CONNECTIONS)

    @contextmanager
    def running(self) -> Iterator["Machine"]:
        self.server.start()
        try:
            yield self
        finally:
            self.server.stop()

    def has(self, database: str) -> bool:
        return bool(self.ask("SELECT 1 FROM pg_database WHERE datname = %s", [database]))

    def create(self, database: str, template: str = "template1") -> None:
        self.ask(f'CREATE DATABASE "{database}" TEMPLATE "{template}"')

    def drop(self, database: str) -> None:
        self.ask(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    def ask(self, query: str, values: list | None = None, database: str = "postgres") -> list[tuple]:
        link = psycopg2.connect(self.server.url(database))
        link.autocommit = True
        try:
            with link.cursor() as cursor:
                cursor.execute(query, values)
                return cursor.fetchall() if cursor.description else []
        finally:
            link.close()


@dataclass(frozen=True)
class Side:
    """Ours, or the peer: its settings, its database, and what the server runs."""

    name: str
    settings: str
    database: str
    application: str
    data: Path

    def environment(self, machine: Machine) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name not in {"ELASTICSEARCH_URL", "REDIS_URL"}}
        return kept | {
            "DJANGO_SETTINGS_MODULE": self.settings,
            "DATABASE_URL": machine.server.url(self.database),
            "SOCE_DATA": str(self.data),
            "BASE_URL": f"http://{HOST}",
            "PYTHONPATH": str(ROOT),
        }

    def run(self, machine: Machine, *arguments: str) -> str:
        """Run a program of this side to its end: what it printed. Raises with its error output when it fails."""
        command = [sys.executable, *arguments]
        options = {"cwd": ROOT, "env": self.environment(machine), "capture_output": True, "text": True}
        done = subprocess.run(command, check=False, **options)
        if done.returncode:
            raise RuntimeError(f"{' '.join(arguments)}\n{done.stderr[-4000:]}")
        return done.stdout


@dataclass(frozen=True)
class Site:
    """A running web server. `pid`: of its first process."""

    host: str
    port: int
    pid: int


@contextmanager
def serving(side: Side, machine: Machine, workers: int = 2) -> Iterator[Site]:
    """The side's pages, served as `deploy/run.sh` serves ours."""
    port = free_port()
    options = ["--host", HOST, "--port", str(port), "--workers", str(workers), "--blocking-threads", "2"]
    quiet = ["--no-ws", "--log-level", "error", "--workers-kill-timeout", "5"]
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", *options, *quiet, side.application]
    with (machine.folder / f"{side.database}.log").open("a") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=side.environment(machine), stdout=log, stderr=log)
    try:
        until(lambda: process.poll() is not None or is_listened_to(port), seconds=START_SECONDS)
        if process.poll() is not None:
            raise RuntimeError(f"The web server ended with {process.returncode}.")
        yield Site(HOST, port, process.pid)
    finally:
        process.terminate()
        process.wait(timeout=20)


@contextmanager
def working(side: Side, machine: Machine) -> Iterator[int]:
    """The worker of the job table; its process id."""
    process = subprocess.Popen([sys.executable, "manage.py", "jobs_work"], cwd=ROOT, env=side.environment(machine))
    try:
        yield process.pid
    finally:
        process.terminate()
        process.wait(timeout=20)
