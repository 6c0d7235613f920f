"""Work on whole sets of rows: streamed into a table by COPY, or kept in a table that passes with the transaction."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import connection

_NEEDS_ESCAPING = ("\\", "\n", "\r")
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
    """Stream rows into a table, however many: only a piece of them is in memory at a time. How many there were.

    The values are texts as PostgreSQL reads them; none is null.
    """
    lines = _Lines(_line(row) for row in rows)
    with connection.cursor() as cursor:
        with connection.wrap_database_errors:  # Django does not know this method, and leaves the driver's errors as they are
            cursor.copy_expert(f"COPY {table} ({', '.join(columns)}) FROM STDIN", lines)
        return cursor.rowcount


def passing_table(name: str, select: str, params: Any = None, *, joined_by: str = "", key: str = "") -> None:
    """Keep the answer of a query in a temporary table until the transaction ends, with statistics for the planner.

    `joined_by`: the columns that need statistics, if not all. `autovacuum` does not see such tables, hence ANALYZE; on a
    shared table it would hold up other imports. `key`: a column of which each value is there once, indexed, so that a join
    with rows of a shared table that its statistics do not know of yet is no loop over both.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{name}")
        cursor.execute(f"CREATE TEMPORARY TABLE {name} ON COMMIT DROP AS {select}", params)
        if key:
            cursor.execute(f"CREATE UNIQUE INDEX ON {name} ({key})")
        cursor.execute(f"ANALYZE {name} ({joined_by})" if joined_by else f"ANALYZE {name}")


def receiving_table(name: str, columns: dict[str, str], rows: Iterable[Sequence[str]], *, joined_by: str) -> int:
    """Stream rows into a temporary table, as `passing_table`. `columns`: name → type. How many rows."""
    types = ", ".join(f"{column} {kind}" for column, kind in columns.items())
    execute(f"DROP TABLE IF EXISTS pg_temp.{name}")
    execute(f"CREATE TEMPORARY TABLE {name} ({types}) ON COMMIT DROP")
    count = copy_rows(name, list(columns), rows)
    execute(f"ANALYZE {name} ({joined_by})")
    return count


def execute(statement: str, params: Any = None) -> int:
    """Run one statement. How many rows it wrote."""
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.rowcount


def fetch(query: str, params: Any = None) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        return cursor.fetchall()


def next_id(table: str) -> str:
    """SQL: a fresh key of this table, so that rows which refer to each other can be written set by set."""
    return f"nextval(pg_get_serial_sequence('{table}', 'id'))"


def in_thousands(keys: Sequence[int], size: int = 1000) -> Iterator[list[int]]:
    """Keys in portions: one event tells of many rows."""
    return (list(keys[start : start + size]) for start in range(0, len(keys), size))


def _line(values: Sequence[str]) -> str:
    """One line of COPY's text format; values that need no escaping, nearly all, are only joined."""
    line = "\t".join(values)
    if line.count("\t") >= len(values) or any(mark in line for mark in _NEEDS_ESCAPING):
        line = "\t".join(value.translate(_ESCAPES) for value in values)
    return line + "\n"


class _Lines:
    """A generator of lines as the file that COPY reads."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines

    def read(self, size: int) -> str:
        """At least `size` characters, or all that is left."""
        piece, length = [], 0
        while length < size and (line := next(self._lines, None)) is not None:
            piece.append(line)
            length += len(line)
        return "".join(piece)
