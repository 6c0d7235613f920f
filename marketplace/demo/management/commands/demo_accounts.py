from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from marketplace.demo.accounts import PASSWORD, sign_ins


class Command(BaseCommand):
    help = "Say where the demonstration is and who can sign in to it."

    def add_arguments(self, parser):
        parser.add_argument("--address", default=settings.BASE_URL)

    def handle(self, *, address: str, **options):
        rows = [(each.email, each.roles, each.organisation) for each in sign_ins()]
        width = max(len(email) for email, *_ in rows)
        self.stdout.write(f"\n{address}\n\n" + _("Everybody's password: {password}").format(password=PASSWORD) + "\n")
        for email, roles, organisation in rows:
            self.stdout.write(f"  {email:<{width}}  " + " · ".join(filter(None, (roles, organisation))))
        self.stdout.write("\n" + _("Ctrl-C stops everything."))
