from django.core.management.base import BaseCommand

from marketplace.demo.preparing import prepare


class Command(BaseCommand):
    help = "Prepare tables, pages, demonstration and search index, each unless it is there. One line for each step."

    def handle(self, **options):
        prepare(self.stdout.write)
