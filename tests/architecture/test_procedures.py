"""A procedure type is one line in `INSTALLED_APPS`: with it, its pages and menu entries; without it, nothing of it."""

import json
import os
import subprocess
import sys

from django.conf import settings

from tests.databases import address_of

PATHS = ["/procedimientos/muestra/", "/en/procedimientos/muestra/"]
ASK = f"""
import django, json; django.setup()
from django.test import Client
from marketplace.kernel.plugins import navigation_entries
visitor = Client(SERVER_NAME="localhost")
entries = [entry.url_name for entry in navigation_entries("purchases") if "sample" in entry.url_name]
print(json.dumps([[visitor.get(path).status_code for path in {PATHS}], entries]))
"""


def asked(settings_module: str, database: str):
    """Of a process of its own, since pages are mounted once: how the type's pages answer, and its menu entries."""
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": settings_module, "DATABASE_URL": address_of(database)}
    command = [sys.executable, "-c", ASK]
    done = subprocess.run(command, cwd=settings.ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_is_there_with_its_line(own_database):
    assert asked("tests.sample_procedure.settings", own_database) == [[200, 200], ["sample_procedure:procedures"]]


def test_is_gone_without_its_line(own_database):
    assert asked("marketplace.settings.test", own_database) == [[404, 404], []]
