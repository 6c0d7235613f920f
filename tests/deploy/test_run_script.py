"""deploy/run.sh: what it refuses before it does anything; and that Ctrl-C stops all that it started."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.processes import HOST, free_port, is_listened_to, until

SCRIPT = Path(__file__).resolve().parent.parent.parent / "deploy" / "run.sh"
OF_TESTS = ("DATABASE_URL", "ELASTICSEARCH_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "HOST", "PORT", "BASE_URL")


@pytest.fixture
def busy_port() -> Iterator[int]:
    with socket.create_server((HOST, 0)) as listening:
        yield listening.getsockname()[1]


@pytest.fixture
def data() -> Iterator[Path]:
    """A folder that any user may pass through, as /var/lib is. At the end nothing runs that knows it."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder) / "soce"
        for process in processes_with(folder):
            os.kill(process, signal.SIGKILL)


@pytest.fixture
def venv(tmp_path) -> Path:
    """The packages that these tests run with; what the script notes beside them stays here."""
    folder = tmp_path / "venv"
    folder.mkdir()
    for name in ("bin", "lib", "pyvenv.cfg"):
        (folder / name).symlink_to(Path(sys.prefix) / name)
    return folder


def environment(**variables) -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in OF_TESTS} | variables


def refusal(*options: str) -> tuple[int, str, str]:
    """With no place for an environment, so that a script which refuses nothing goes no further."""
    variables = environment(VENV=os.devnull)
    done = subprocess.run(["bash", SCRIPT, *options], capture_output=True, text=True, env=variables, check=False)
    return done.returncode, done.stdout, done.stderr.strip()


def processes_with(folder: str | Path) -> list[int]:
    """Whose command line or environment names it."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            told = (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
        except OSError:  # it ended meanwhile
            continue
        if str(folder).encode() in told:
            found.append(int(process.name))
    return found


def test_a_busy_port_is_refused(busy_port):
    assert refusal("--port", str(busy_port)) == (
        2,
        "",
        f"El puerto {busy_port} está ocupado en {HOST}. Detenga lo que escucha allí o elija otro: bash deploy/run.sh --port 8001",
    )


def test_an_unknown_option_is_refused():
    assert refusal("--puerto", "8001") == (2, "", "«--puerto» no es una opción. Pruebe --help.")


@pytest.mark.parametrize("option", ["--catalogue", "--supplier", "--agreement", "--port"])
def test_an_option_without_its_value_is_refused(option):
    assert refusal(option) == (2, "", f"{option} pide un valor. Pruebe --help.")


def test_a_port_that_is_no_number_is_refused():
    assert refusal("--port", "web") == (2, "", "El puerto «web» no es un número.")


def test_a_catalogue_that_is_no_file_is_refused(tmp_path):
    missing = tmp_path / "lista.csv"

    assert refusal("--catalogue", str(missing)) == (2, "", f"No existe el archivo {missing}.")


@pytest.mark.long
@pytest.mark.chaos
@pytest.mark.trap
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGHUP], ids=["Ctrl-C", "window closed"])
def test_its_end_stops_all_that_it_started(data, venv, tmp_path, sent):
    port, output = free_port(), tmp_path / "output"
    address = f"http://{HOST}:{port}"
    variables = environment(VENV=str(venv), SOCE_DATA=str(data))
    command = ["env", "--default-signal=INT", "bash", SCRIPT, "--port", str(port)]  # tests in the background ignore SIGINT
    with output.open("w") as file:
        script = subprocess.Popen(command, stdout=file, stderr=subprocess.STDOUT, env=variables, start_new_session=True)
    until(lambda: f"\n{address}\n" in output.read_text() or script.poll() is not None, seconds=600)
    assert script.poll() is None, output.read_text()
    with urlopen(address) as answer:
        assert answer.status == 200
    assert len(processes_with(data)) > 3

    script.send_signal(sent)

    assert script.wait(timeout=20) == 0
    assert not is_listened_to(port)
    assert processes_with(data) == []
