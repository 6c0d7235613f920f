"""Django's PostgreSQL backend, which also tells each transaction who is acting (see `marketplace.kernel.acting`).

Local to the transaction (`set_config(…, true)`), so that a pooled connection never carries one person's name into
another's work. A write outside any transaction gets a short one of its own.
"""

from django.db import transaction
from django.db.backends.postgresql.base import DatabaseWrapper as PostgreSQLWrapper
from psycopg2.extensions import TRANSACTION_STATUS_INERROR

from marketplace.kernel.acting import now_acting

STAMP = "SELECT set_config('soce.reason', %s, true), set_config('soce.actor', %s, true), set_config('soce.membership', %s, true)"
WRITES = ("INSERT", "UPDATE", "DELETE", "MERGE", "TRUNCATE")


class DatabaseWrapper(PostgreSQLWrapper):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.execute_wrappers.append(_write_in_a_transaction)

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
