"""What a database holds: whether it agrees with itself, and whether anything in it has changed."""

from collections import Counter
from pathlib import Path

from django.db import connection

RECONCILIATION = Path(__file__).with_name("reconciliation.sql").read_text(encoding="utf-8")
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
CONTENTS = "SELECT '{0}', count(*), coalesce(sum(hashtextextended(t::text, 0)), 0) FROM {0} t"

Picture = dict[str, tuple[int, int]]


def disagreements() -> list[tuple[str, str]]:
    """What does not agree, and which row of it. Empty is good."""
    with connection.cursor() as cursor:
        cursor.execute(RECONCILIATION.replace("%", "%%"), [])
        return cursor.fetchall()


def picture() -> Picture:
    """Of every table, how many rows, and a sum over their contents."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        tables = [name for (name,) in cursor.fetchall()]
        cursor.execute(" UNION ALL ".join(CONTENTS.format(name) for name in tables))
        return {name: (rows, digest) for name, rows, digest in cursor.fetchall()}


def growth(before: Picture, after: Picture) -> Counter:
    """How many rows each table has won."""
    return Counter({name: rows - before[name][0] for name, (rows, _digest) in after.items() if rows != before[name][0]})


def leases_run_out() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE jobs_job SET lease_until = now() - interval '1 second' WHERE lease_until IS NOT NULL")


def are_all_backends_gone() -> bool:
    """Whether nobody else is connected: what a killed process had open is rolled back."""
    with connection.cursor() as cursor:
        others = "datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        cursor.execute(f"SELECT count(*) FROM pg_stat_activity WHERE {others}")
        return cursor.fetchone()[0] == 0
