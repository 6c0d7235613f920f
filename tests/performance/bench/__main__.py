"""`python -m tests.performance.bench [GOAL …] [--products 20000] [--seconds 4] [--rounds 3] [--out FILE.json] [--keep]`

Makes its own durable PostgreSQL and data in `bench` below FOLDER (kept with `--keep`, and used again), measures the goals
that are named (all without a name), prints a table, and writes what was measured to FILE. Ends with 1 when a floor is missed.
"""

import json
import os
import shutil
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from marketplace.settings.embedded import data_folder

from .cold import cold
from .comparing import Ratio
from .freshness import freshness
from .imports import imports
from .machine import ROOT, Machine, Side
from .orders import hot_line, whole_orders
from .pages import adding, cart, category, served, sheet

PAGES = {"P1": category, "P3": sheet, "P7": adding, "P8": cart, "P9": whole_orders, "P10": hot_line}
GOALS = (*PAGES, "P11", "P13", "P15", "P29")
OFFERS_PER_SHEET = 3


def arguments_of(argv: list[str]) -> Namespace:
    parser = ArgumentParser(prog="python -m tests.performance.bench", description=__doc__.partition("\n\n")[2])
    parser.add_argument("goals", nargs="*", metavar="GOAL", choices=[[], *GOALS], help=", ".join(GOALS))
    parser.add_argument("--products", type=int, default=20_000)
    parser.add_argument("--categories", type=int, default=267)
    parser.add_argument("--seconds", type=float, default=4, help="how long each figure is taken")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path, default=data_folder(ROOT, os.environ.get("SOCE_DATA", "")))
    parser.add_argument("--out", type=Path, help="a JSON file")
    parser.add_argument("--keep", action="store_true", help="use and keep the data of this size")
    return parser.parse_args(argv)


class Bench:
    """The two sides and their data, of the size that was asked for."""

    def __init__(self, options: Namespace) -> None:
        self.options = options
        self.folder: Path = options.folder / "bench"
        size = f"{options.products}_{options.categories}"
        self.given = self.folder / f"given_{size}"
        self.machine = Machine(self.folder)
        data = self.folder / f"data_{size}"
        self.ours = Side("ours", "marketplace.settings.development", f"ours_{size}", "marketplace.wsgi:application", data)
        self.peer = Side("stock Oscar", "tests.stock_oscar.site", f"stock_{size}", "tests.stock_oscar.wsgi:application", data)
        self.bare = Side("limit", "", f"ours_{size}", "tests.performance.bench.bare:application", data)

    def fill(self) -> None:
        if (self.given / "asked_stock.json").exists() and self.machine.has(self.ours.database):
            return
        self.given.mkdir(parents=True, exist_ok=True)
        for side in (self.ours, self.peer):
            self.machine.drop(side.database)
            self.machine.create(side.database)
            tell(f"{side.name}: tables")
            side.run(self.machine, "-m", "django", "migrate", "--verbosity", "0")
        tell(f"ours: {self.options.products} sheets")
        size = ["--listings", str(self.options.products * OFFERS_PER_SHEET), "--categories", str(self.options.categories)]
        self.ours.run(self.machine, "-m", "tests.performance.bench.filling_ours", str(self.given), *size)
        tell("stock Oscar: the same")
        self.peer.run(self.machine, "-m", "tests.performance.bench.filling_stock", str(self.given))

    def measure(self) -> Iterator[Ratio]:
        wanted = set(self.options.goals or GOALS)
        chosen = [measure for goal, measure in PAGES.items() if goal in wanted]
        if chosen:
            how_long = self.options.seconds, self.options.rounds
            with served(self.machine, self.ours, self.peer, self.bare, self.given, *how_long) as it:
                for measure in chosen:
                    yield from measure(it)
        if wanted & {"P11", "P13"}:
            yield from imports(self.machine, self.ours, self.peer, self.given, self.options.rounds)
        if "P15" in wanted:
            yield from freshness(self.machine, self.ours, self.given)
        if "P29" in wanted:
            page = json.loads((self.given / "asked.json").read_text(encoding="utf-8"))["category"]["path"]
            yield from cold(self.machine, self.ours, self.peer, self.options.rounds, page)


def tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)  # noqa: T201


def row_of(one: Ratio) -> str:
    told = f"{one.ratio:10.2f}  ({one.low:.2f}–{one.high:.2f})".ljust(30)
    mark = "" if one.floor == "–" else "yes" if one.holds else "NO"
    return f"{one.goal:4} {one.what:50} {told} {one.floor:>9} {mark:4} {one.ours:10.4g} / {one.other:.4g} {one.unit}"


def main(argv: list[str]) -> int:
    options = arguments_of(argv)
    bench, found = Bench(options), []
    try:
        with bench.machine.running():
            bench.fill()
            for one in bench.measure():
                found.append(one)
                tell(row_of(one))
    finally:
        if not options.keep:
            shutil.rmtree(bench.folder, ignore_errors=True)
    if options.out:
        head = {"day": str(date.today()), "products": options.products, "categories": options.categories, "rounds": options.rounds}
        options.out.write_text(json.dumps(head | {"figures": [one.as_row() for one in found]}, indent=1), encoding="utf-8")
    return int(not all(one.holds for one in found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
