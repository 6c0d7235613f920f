import sys

from django.core.management.base import BaseCommand
from django.utils.timezone import now
from django.utils.translation import gettext as _

from marketplace.demo.services import demo_load

NOTHING_DONE = 2


class Command(BaseCommand):
    help = "Load the demonstration catalogue with its people, agreements and first orders. Twice loads once."

    def add_arguments(self, parser):
        parser.add_argument("--listings", type=int, default=2000, help="how many offers of suppliers (2000)")
        parser.add_argument("--seed", type=int, default=1, help="the same catalogue for the same number (1)")

    def handle(self, *, listings: int, seed: int, **options):
        if listings < 1:
            self.stderr.write(_("Ask for one listing or more."))
            sys.exit(NOTHING_DONE)
        is_new = demo_load(listings=listings, seed=seed, at=now(), say=self.stdout.write)
        self.stdout.write(
            _("The demonstration is loaded.") if is_new else _("The demonstration is already there. Nothing has changed.")
        )
