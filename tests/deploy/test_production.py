"""The settings for a server: hardened as Django asks, and complete or not at all."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

SAID = {
    "SECRET_KEY": "a-key-that-is-long-enough-and-has-many-different-letters-0123456789",
    "DATABASE_URL": "postgresql://compras@database.example/compras",
    "BASE_URL": "https://compras.example",
    "ALLOWED_HOSTS": "compras.example",
}


def check(said: dict[str, str]) -> subprocess.CompletedProcess:
    clean = {name: value for name, value in os.environ.items() if name not in {*SAID, "DJANGO_ALLOW_ASYNC_UNSAFE"}}
    environment = clean | said | {"DJANGO_SETTINGS_MODULE": "marketplace.settings.production"}
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    return subprocess.run(command, cwd=settings.ROOT, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.feature("AU-7")
def test_django_finds_nothing_to_harden():
    done = check(SAID)

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", SAID)
def test_what_is_missing_is_named(name):
    done = check({each: value for each, value in SAID.items() if each != name})

    assert done.returncode != 0
    assert f'"{name}" not set' in done.stderr


def test_the_demonstration_is_not_installed():
    """Its people have one known password."""
    source = (settings.ROOT / "marketplace/settings/production.py").read_text(encoding="utf-8")

    assert "demo" not in source.replace("without demonstration", "")
