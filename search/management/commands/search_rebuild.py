import sys
import time

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from search.engines import engine
from search.jobs import terms_watch
from search.port import EngineUnavailable
from search.services import RebuildUnderWay, Rebuilt, search_rebuild

DONE_BUT, NOTHING_DONE = 1, 2


class Command(BaseCommand):
    help = (
        "Make a new search index of everything that is on sale and put it in the place of the old one, which answers until then. "
        "Exit code 1: done, but the index and the database differ. 2: nothing done."
    )

    def add_arguments(self, parser):
        parser.add_argument("--engine", choices=["elasticsearch", "tantivy"], default="", help="instead of the configured one")

    def handle(self, **options):
        began = time.perf_counter()
        rebuilt = self.rebuild(options["engine"])
        with transaction.atomic():
            terms_watch()
        took = f"{time.perf_counter() - began:.1f}"
        self.stdout.write(_("%(sheets)s sheets indexed in %(seconds)s s.") % {"sheets": rebuilt.indexed, "seconds": took})
        if rebuilt.indexed != rebuilt.on_sale:
            differ = _("%(indexed)s sheets are indexed and %(on_sale)s are on sale: run search_rebuild again.")
            self.stderr.write(differ % {"indexed": rebuilt.indexed, "on_sale": rebuilt.on_sale})
            sys.exit(DONE_BUT)

    def rebuild(self, name: str) -> Rebuilt:
        try:
            return search_rebuild(engine=engine(name), on=localdate())
        except (EngineUnavailable, RebuildUnderWay, ImproperlyConfigured) as refusal:
            self.stderr.write(str(refusal))
            sys.exit(NOTHING_DONE)
