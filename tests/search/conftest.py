"""Search engines for tests: Tantivy in a folder of the test's own, and a real Elasticsearch that all workers share."""

import fcntl
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from elasticsearch import Elasticsearch

from search.engines.elasticsearch import ElasticsearchEngine
from search.engines.tantivy import TantivyEngine

SCRIPT = Path(__file__).resolve().parent.parent.parent / "deploy" / "elasticsearch.sh"


@pytest.fixture(scope="session")
def elasticsearch_url(tmp_path_factory) -> Iterator[str]:
    """Started by the first worker that asks, stopped by the last one that leaves; one that ran before goes on running."""
    common = tmp_path_factory.getbasetemp() if "PYTEST_XDIST_WORKER" not in os.environ else tmp_path_factory.getbasetemp().parent
    ours = common / "elasticsearch-is-ours"
    with (common / "elasticsearch-users").open("w") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        url = _script("url", check=False)
        if not url:
            url = _script("start")
            ours.touch()
        yield url
        fcntl.flock(users, fcntl.LOCK_UN)
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        if ours.exists():
            _script("stop")
            ours.unlink()


def _script(act: str, *, check: bool = True) -> str:
    done = subprocess.run(
        [SCRIPT, act], stdout=subprocess.PIPE, stderr=None if check else subprocess.DEVNULL, text=True, check=check
    )
    return done.stdout.strip()


@pytest.fixture(scope="session")
def elasticsearch_prefix(elasticsearch_url) -> Iterator[str]:
    """Begins the names of this worker's indexes; they are gone when it leaves."""
    prefix = f"test-{uuid4().hex[:12]}"
    yield prefix
    client = Elasticsearch(elasticsearch_url)
    for index in client.indices.get(index=f"{prefix}*"):
        client.indices.delete(index=index)


ENGINES = ["tantivy", pytest.param("elasticsearch", marks=pytest.mark.search)]


def new_engine(name: str, request, folder: Path):
    """An engine with no index."""
    if name == "tantivy":
        return TantivyEngine(str(folder))
    url, prefix = request.getfixturevalue("elasticsearch_url"), request.getfixturevalue("elasticsearch_prefix")
    return ElasticsearchEngine(url, f"{prefix}-{uuid4().hex[:8]}")


@pytest.fixture(params=ENGINES)
def any_engine(request, tmp_path, monkeypatch):
    """Each engine in turn, without an index."""
    monkeypatch.setattr("search.engines.elasticsearch.GRACE", 0.3)
    return new_engine(request.param, request, tmp_path)


@pytest.fixture
def tantivy_engine(settings, tmp_path) -> TantivyEngine:
    """The embedded engine, as the one that the settings name."""
    from search.engines import engine

    settings.SEARCH_ENGINE, settings.SEARCH_FOLDER = "tantivy", tmp_path
    return engine()
