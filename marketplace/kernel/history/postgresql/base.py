"""Django's PostgreSQL backend, which also tells each transaction who is acting (see `marketplace.kernel.acting`), and waits in
line when the server has no connection left.

Local to the transaction (`set_config(…, true)`), so that a pooled connection never carries one person's name into
another's work. A write outside any transaction gets a short one of its own.
"""

import re
import time
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.backends.postgresql.base import DatabaseWrapper as PostgreSQLWrapper
from psycopg2 import OperationalError
from psycopg2.extensions import TRANSACTION_STATUS_INERROR

from marketplace.kernel.acting import now_acting

STAMP = "SELECT set_config('soce.reason', %s, true), set_config('soce.actor', %s, true), set_config('soce.membership', %s, true)"
WRITES = ("INSERT", "UPDATE", "DELETE", "MERGE", "TRUNCATE")

# a refused connection has no code, only words; ours and Spanish, as `lc_messages` of a server may say
NONE_LEFT = re.compile(r"too many c|remaining connection slots|demasiad[ao]s c|conexiones restantes")
PAUSE = 0.1  # seconds


class DatabaseWrapper(PostgreSQLWrapper):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.execute_wrappers.append(_write_in_a_transaction)

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """While the server has none left, wait for one, `CONN_WAIT` seconds at most. A server that is away is not waited for."""
        deadline = time.monotonic() + settings.CONN_WAIT
        while True:
            try:
                return super().get_new_connection(conn_params)
            except OperationalError as refused:
                if not NONE_LEFT.search(str(refused)) or time.monotonic() > deadline:
                    raise
                time.sleep(PAUSE)

    def set_autocommit(self, autocommit, force_begin_transaction_with_broken_autocommit=False):
        super().set_autocommit(autocommit, force_begin_transaction_with_broken_autocommit)
        if not autocommit:
            self.stamp()

    def stamp(self) -> None:
        """Say who is acting. It uses the driver's own cursor: the statement is no query of the page's."""
        if self.connection.get_transaction_status() == TRANSACTION_STATUS_INERROR:
            return  # nothing more is written in it
        who = now_acting()
        values = (who.reason, who.actor_id, who.membership_id) if who else ("", None, None)
        with self.wrap_database_errors, self.connection.cursor() as cursor:
            cursor.execute(STAMP, ["" if value is None else str(value) for value in values])


def _write_in_a_transaction(execute, statement, params, many, context):
    connection = context["connection"]
    if connection.in_atomic_block or not connection.autocommit or not str(statement).lstrip().upper().startswith(WRITES):
        return execute(statement, params, many, context)
    with transaction.atomic(using=connection.alias):
        return execute(statement, params, many, context)
