from django.core.management.base import BaseCommand

from cms.services import portal_load


class Command(BaseCommand):
    help = "Make the portal's first pages, in Spanish and English, unless they are there."

    def handle(self, **options):
        self.stdout.write("Portal pages made." if portal_load() else "The portal has its pages already; nothing changed.")
