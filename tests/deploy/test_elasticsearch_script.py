"""deploy/elasticsearch.sh: what it says without fetching or starting anything."""

import os
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parent.parent.parent / "deploy" / "elasticsearch.sh"


def run(act, tmp_path, **environment):
    clean = {name: value for name, value in os.environ.items() if name != "ELASTICSEARCH_URL"}
    environment = clean | {"XDG_CACHE_HOME": str(tmp_path)} | environment
    done = subprocess.run([SCRIPT, act], capture_output=True, text=True, env=environment, check=False)
    return done.returncode, done.stdout.strip(), done.stderr.strip()


@pytest.mark.parametrize("act", ["start", "url"])
def test_a_configured_server_is_used_as_it_is(tmp_path, act):
    assert run(act, tmp_path, ELASTICSEARCH_URL="http://search.example:9200") == (0, "http://search.example:9200", "")
    assert list(tmp_path.iterdir()) == []


def test_says_when_none_runs(tmp_path):
    assert run("url", tmp_path) == (2, "", "No Elasticsearch runs here; start one with deploy/elasticsearch.sh start.")


def test_stopping_what_does_not_run_is_done(tmp_path):
    assert run("stop", tmp_path) == (0, "", "")


def test_says_what_it_understands(tmp_path):
    assert run("restart", tmp_path) == (2, "", "Say fetch, start, stop or url.")
