import json
import sys
from dataclasses import asdict

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand

from search.engines import engine
from search.port import EngineUnavailable, Query, Result
from search.selectors import ask

NOTHING_DONE = 2
SHOWN = ("code", "sku", "title", "score")


class Command(BaseCommand):
    help = "Search the catalogue as the result page does, as in: search_query 'resma a4' --size 5. Exit code 2: no engine answers."

    def add_arguments(self, parser):
        parser.add_argument("text", help="what to look for")
        parser.add_argument("--engine", choices=["elasticsearch", "tantivy"], default="", help="instead of the configured one")
        parser.add_argument("--size", type=int, default=10, help="how many sheets (10)")
        parser.add_argument("--json", action="store_true", help="a list of code, sku (of the first offer), title and score")

    def handle(self, *, text: str, size: int, **options):
        if size < 1:
            self.stderr.write("Ask for one sheet or more.")
            sys.exit(NOTHING_DONE)
        result = self.result(options["engine"], Query(text, size=size))
        rows = [{name: asdict(hit)[name] for name in SHOWN} for hit in result.hits]
        if options["json"]:
            self.stdout.write(json.dumps(rows, ensure_ascii=False))
            return
        for row in rows:
            self.stdout.write(f"{row['code']}  {row['sku']}  {row['title']}  ({row['score']:.2f})")
        meant = f" for «{result.corrected}»" if result.corrected else ""
        self.stdout.write(f"{result.total} sheets{meant}, {result.took_ms:.1f} ms.")

    def result(self, name: str, query: Query) -> Result:
        try:
            return ask(engine(name), query)
        except (EngineUnavailable, ImproperlyConfigured) as refusal:
            self.stderr.write(str(refusal))
            sys.exit(NOTHING_DONE)
