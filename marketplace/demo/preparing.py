"""From an empty database to a marketplace ready for its first visitor. What stands already is left as it is."""

from collections.abc import Callable, Iterator
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor
from django.utils.timezone import now
from django.utils.translation import gettext as _

from cms.services import portal_load
from search.engines import engine

from .services import demo_load

Say = Callable[[str], None]
LISTINGS, SEED = 2000, 1


def prepare(say: Say) -> None:
    """`say`: is told each step before it begins."""
    tables_bring_up_to_date(say)
    static_files_collect(say)
    if portal_load():
        say(_("The portal has its first pages."))
    demo_load(listings=LISTINGS, seed=SEED, at=now(), say=say)
    if not engine().exists():
        say(_("Search index"))
        call_command("search_rebuild", verbosity=0)


def tables_bring_up_to_date(say: Say) -> None:
    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        say(_("Tables"))
        call_command("migrate", verbosity=0, interactive=False)


def static_files_collect(say: Say) -> None:
    """Only when one of them is younger than what was collected: it takes as long as all the rest of a later start."""
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if not manifest.exists() or manifest.stat().st_mtime < max(static_file_times()):
        say(_("Style sheets, scripts and pictures"))
        call_command("collectstatic", verbosity=0, interactive=False, clear=True)


def static_file_times() -> Iterator[float]:
    """Of what is collected; the build's own lock and stamp are not."""
    passed_over = apps.get_app_config("staticfiles").ignore_patterns
    for finder in get_finders():
        for name, storage in finder.list(passed_over):
            yield Path(storage.path(name)).stat().st_mtime
