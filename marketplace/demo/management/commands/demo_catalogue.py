from django.core.management import call_command
from django.core.management.base import BaseCommand

from marketplace.demo.accounts import AGREEMENT_CODE, SUPPLIER_RUC
from marketplace.kernel.jobs.running import run_all_due


class Command(BaseCommand):
    help = "Import a price list, adjudicate and publish it, and wait until it is found. Exit codes as of import_catalogue."

    def add_arguments(self, parser):
        parser.add_argument("file")
        parser.add_argument(
            "--supplier", default=SUPPLIER_RUC, metavar="RUC", help="whose it is (the demonstration's own supplier)"
        )
        parser.add_argument("--agreement", default=AGREEMENT_CODE, metavar="CODE", help=f"offered under it ({AGREEMENT_CODE})")

    def handle(self, *, file: str, supplier: str, agreement: str, **options):
        try:
            call_command("import_catalogue", file, supplier=supplier, agreement=agreement, publish=True, stdout=self.stdout)
        finally:
            run_all_due()
