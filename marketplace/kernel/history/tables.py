"""Which tables are recorded row by row, which only grow, and which are left out, each with its reason.

Every table is recorded unless it is named here: a new model cannot be forgotten. A room adds its own with `only_grows`
and `left_out` in its models module.
"""

from dataclasses import dataclass
from operator import itemgetter

from django.apps import apps


@dataclass(frozen=True)
class RecordedTable:
    """`unseen`: columns that never enter the history (secrets, what changes without meaning, what a ledger records).

    `watched`: if named, an update of a row is recorded only when one of these columns changes.
    """

    name: str
    key: str
    unseen: tuple[str, ...] = ()
    watched: tuple[str, ...] = ()


_LEFT_OUT = {
    "django_migrations": "the framework's own list of migrations",
    "django_content_type": "derived from the code",
    "django_site": "one row of configuration",
    "auth_permission": "derived from the code",
    "django_session": "sessions end; sign-ins are logged apart",
    "wagtailcore_referenceindex": "derived from the pages",
    "wagtailcore_editingsession": "who has an editor open this minute",
    "wagtailsearch_indexentry": "derived from the pages",
    "modelsearch_indexentry": "derived from the pages",
    "wagtailimages_rendition": "derived from the images",
}
_ONLY_GROW: set[str] = {"history_rowversion"}
_UNSEEN: dict[str, tuple[str, ...]] = {}
_WATCHED: dict[str, tuple[str, ...]] = {}


def left_out(table: str, *, reason: str) -> None:
    _LEFT_OUT[table] = reason


def only_grows(table: str) -> None:
    """Rows of this table are written once; the database refuses to update, delete or truncate them."""
    _ONLY_GROW.add(table)


def unseen(table: str, *columns: str) -> None:
    _UNSEEN[table] = columns


def watched(table: str, *columns: str) -> None:
    """For a table that is updated all the time in a column with a ledger of its own: that update costs nothing here."""
    _WATCHED[table] = columns


def recorded_tables() -> list[RecordedTable]:
    models = (model for model in apps.get_models(include_auto_created=True) if model._meta.managed and not model._meta.proxy)
    return [
        RecordedTable(name, str(model._meta.pk.column), _UNSEEN.get(name, ()), _WATCHED.get(name, ()))
        for name, model in sorted(((model._meta.db_table, model) for model in models), key=itemgetter(0))
        if name not in _LEFT_OUT and name not in _ONLY_GROW
    ]


def growing_tables() -> list[str]:
    return sorted(_ONLY_GROW)


def left_out_tables() -> dict[str, str]:
    return dict(_LEFT_OUT)
