"""The triggers that write row history, and those that keep growing tables from being rewritten.

One statement-level function serves every table. It reads one transition table at a time: joining old and new rows turns
quadratic once the plan is cached. TRUNCATE has a trigger of its own. A row-level twin serves the tables whose updates are
recorded only when a watched column changes, so that all other updates of them cost nothing.
"""

from collections.abc import Iterable

from django.db import connection
from psycopg2 import sql

from .tables import RecordedTable, growing_tables, recorded_tables

_WHO_ACTS = """\
    key text := TG_ARGV[0];
    unseen text[] := string_to_array(TG_ARGV[1], ',');
    why text := coalesce(nullif(current_setting('soce.reason', true), ''), '');
    who bigint := nullif(current_setting('soce.actor', true), '')::bigint;
    whose bigint := nullif(current_setting('soce.membership', true), '')::bigint;
    now_in bigint := pg_current_xact_id()::text::bigint;"""
_SOMEBODY_ACTS = """\
    IF why = '' THEN
        RAISE EXCEPTION 'Nobody is acting: a % of % must run inside a transaction within acting(...)', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;"""
FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION history_record() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
{_WHO_ACTS}
BEGIN
{_SOMEBODY_ACTS}
    IF TG_OP = 'INSERT' THEN
        INSERT INTO history_rowversion (transaction_id, table_name, row_key, operation, digest, actor_id, membership_id, reason)
        SELECT now_in, TG_TABLE_NAME, row_data ->> key, 'I', sha256(convert_to((row_data - unseen)::text, 'UTF8')), who, whose, why
        FROM (SELECT to_jsonb(n) AS row_data FROM new_rows n) AS changed;
    ELSIF TG_OP = 'UPDATE' THEN
        INSERT INTO history_rowversion (transaction_id, table_name, row_key, operation, old, actor_id, membership_id, reason)
        SELECT now_in, TG_TABLE_NAME, row_data ->> key, 'O', row_data - unseen, who, whose, why
        FROM (SELECT to_jsonb(o) AS row_data FROM old_rows o) AS changed;
        INSERT INTO history_rowversion (transaction_id, table_name, row_key, operation, digest, actor_id, membership_id, reason)
        SELECT now_in, TG_TABLE_NAME, row_data ->> key, 'U', sha256(convert_to((row_data - unseen)::text, 'UTF8')), who, whose, why
        FROM (SELECT to_jsonb(n) AS row_data FROM new_rows n) AS changed;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO history_rowversion (transaction_id, table_name, row_key, operation, old, actor_id, membership_id, reason)
        SELECT now_in, TG_TABLE_NAME, row_data ->> key, 'D', row_data - unseen, who, whose, why
        FROM (SELECT to_jsonb(o) AS row_data FROM old_rows o) AS changed;
    ELSE
        INSERT INTO history_rowversion (transaction_id, table_name, row_key, operation, actor_id, membership_id, reason)
        VALUES (now_in, TG_TABLE_NAME, '', 'T', who, whose, why);
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION history_record_row() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
{_WHO_ACTS}
    before jsonb := to_jsonb(OLD) - unseen;
    after jsonb := to_jsonb(NEW) - unseen;
BEGIN
{_SOMEBODY_ACTS}
    INSERT INTO history_rowversion (transaction_id, table_name, row_key, operation, old, digest, actor_id, membership_id, reason)
    VALUES (now_in, TG_TABLE_NAME, before ->> key, 'O', before, NULL, who, whose, why),
        (now_in, TG_TABLE_NAME, after ->> key, 'U', NULL, sha256(convert_to(after::text, 'UTF8')), who, whose, why);
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION history_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% only grows: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
"""

_RECORD = {
    "history_insert": "AFTER INSERT ON {table} REFERENCING NEW TABLE AS new_rows",
    "history_update": "AFTER UPDATE ON {table} REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "history_delete": "AFTER DELETE ON {table} REFERENCING OLD TABLE AS old_rows",
    "history_truncate": "AFTER TRUNCATE ON {table}",
}
_RECORD_WATCHED = """
CREATE OR REPLACE TRIGGER history_update AFTER UPDATE ON {table}
FOR EACH ROW WHEN ({changes}) EXECUTE FUNCTION history_record_row({key}, {unseen})
"""
_REFUSE = """
CREATE OR REPLACE TRIGGER history_refuse BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION history_refuse()
"""


def attach_triggers(**_signal) -> None:
    """Bring the triggers to what the models ask for: after every migration, in one transaction, twice without harm."""
    standing = _standing()
    with connection.cursor() as cursor:
        cursor.execute(FUNCTIONS)
        for table in recorded_tables():
            arguments = f"{table.key}|{','.join(table.unseen)}"
            if standing.get(table.name) != arguments:
                _attach(cursor, table)
        for name in growing_tables():
            if name not in standing:
                cursor.execute(sql.SQL(_REFUSE).format(table=sql.Identifier(name)))


def _attach(cursor, table: RecordedTable) -> None:
    names = {"table": sql.Identifier(table.name), "key": sql.Literal(table.key), "unseen": sql.Literal(",".join(table.unseen))}
    for trigger, event in _RECORD.items():
        statement = (
            f"CREATE OR REPLACE TRIGGER {trigger} {event} FOR EACH STATEMENT EXECUTE FUNCTION history_record({{key}}, {{unseen}})"
        )
        if trigger == "history_update" and table.watched:
            names["changes"] = sql.SQL(" OR ").join(_changes(column) for column in table.watched)
            statement = _RECORD_WATCHED
        cursor.execute(sql.SQL(statement).format(**names))


def _changes(column: str) -> sql.Composable:
    return sql.SQL("OLD.{0} IS DISTINCT FROM NEW.{0}").format(sql.Identifier(column))


def _standing() -> dict[str, str]:
    """The tables that have their triggers, with the arguments these were made with."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.relname, replace(rtrim(encode(t.tgargs, 'escape'), '\\000'), '\\000', '|')
            FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
            WHERE t.tgname IN ('history_truncate', 'history_refuse')
            """
        )
        return dict(cursor.fetchall())


def untracked(tables: Iterable[str]) -> set[str]:
    """Those of these tables that bear no trigger of ours."""
    return set(tables) - set(_standing())
