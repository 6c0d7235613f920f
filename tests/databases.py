"""Test databases: one template, migrated once for these migration files, cloned per worker and for tests that need their own."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import psycopg2
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader
from psycopg2 import sql

from cms.help_texts import FIRST_HELP
from marketplace.kernel.acting import acting

BUILDING = 7_310_001  # the advisory lock under which one worker builds the template


def template_name() -> str:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    files = sorted({import_module(migration.__module__).__file__ for migration in loader.disk_migrations.values()})
    triggers = import_module("marketplace.kernel.history.triggers").__file__
    tables = import_module("marketplace.kernel.history.tables").recorded_tables()
    digest = hashlib.sha256(repr(tables).encode())
    texts = sorted(FIRST_HELP.iterdir())  # each migration brings them in
    for file in [*files, triggers, *texts]:
        digest.update(Path(file).read_bytes())
    return f"soce_template_{digest.hexdigest()[:16]}"


@contextmanager
def _maintenance():
    """A connection beside all test databases, outside any transaction."""
    standing = settings.DATABASES["default"]
    address = {"dbname": "postgres", "user": standing["USER"], "password": standing["PASSWORD"], "host": standing["HOST"]}
    link = psycopg2.connect(**address, port=standing["PORT"] or None)
    link.autocommit = True
    try:
        with link.cursor() as cursor:
            yield cursor
    finally:
        link.close()


def _exists(cursor, name: str) -> bool:
    cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
    return cursor.fetchone() is not None


def ensure_template() -> str:
    name = template_name()
    with _maintenance() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [BUILDING])
        if not _exists(cursor, name):
            building = f"{name}_building"
            cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(building)))
            cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(building)))
            with connected_to(building), acting(reason="migrate"):
                call_command("migrate", verbosity=0)
            cursor.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(building), sql.Identifier(name)))
    return name


@contextmanager
def connected_to(name: str) -> Iterator[None]:
    """Django's default connection points at this database for the length of the block."""
    before = connection.settings_dict["NAME"]
    connections.close_all()
    connection.settings_dict["NAME"] = settings.DATABASES["default"]["NAME"] = name
    try:
        yield
    finally:
        connections.close_all()
        connection.settings_dict["NAME"] = settings.DATABASES["default"]["NAME"] = before


def address_of(name: str) -> str:
    """The URL of a database, for a process of its own."""
    standing = settings.DATABASES["default"]
    return f"postgresql://{standing['USER']}:{standing['PASSWORD']}@{quote(standing['HOST'], safe='')}/{name}"


@contextmanager
def cloned(template: str) -> Iterator[str]:
    """A database of one's own for the length of the block; `template1` makes an empty one."""
    name = f"test_{uuid4().hex[:12]}"
    with _maintenance() as cursor:
        cursor.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))
    try:
        yield name
    finally:
        with _maintenance() as cursor:
            cursor.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
