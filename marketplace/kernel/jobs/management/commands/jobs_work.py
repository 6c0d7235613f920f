import signal
import time

from django.core.management.base import BaseCommand
from django.db import Error, close_old_connections

from marketplace.kernel.jobs.running import run_all_due


class Command(BaseCommand):
    help = "Run background jobs as they fall due, until stopped. Needs no broker."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="run what is due now, then stop")
        parser.add_argument("--pause", type=float, default=0.25, help="seconds between looks at the table (0.25)")

    def handle(self, *, once: bool, pause: float, **options):
        self.is_stopping = False
        signal.signal(signal.SIGTERM, self.stop)
        signal.signal(signal.SIGINT, self.stop)
        while not self.is_stopping:
            try:
                run_all_due(until=lambda: self.is_stopping)
            except Error as error:  # the database is away; look again when it is back
                self.stderr.write(f"database: {error}")
                close_old_connections()
            if once:
                return
            time.sleep(pause)

    def stop(self, *_signal):
        self.is_stopping = True
