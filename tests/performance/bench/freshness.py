"""P15: how long after a price is lowered the category page and a search show it, while imports run."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .comparing import Ratio, plain
from .lists import next_seed
from .lists import ours as our_list
from .loading import Visitor
from .machine import ROOT, Machine, Side, serving, working

SAMPLES, PATIENCE, ROWS, LISTS = 20, 15.0, 20_000, 20


def freshness(machine: Machine, ours: Side, folder: Path) -> Iterator[Ratio]:
    """95 of 100 changes are seen within so many seconds. Raises RuntimeError when the imports ended before the last change."""
    paths = [our_list(folder / f"meanwhile_{number}.csv", ROWS, next_seed(folder)) for number in range(LISTS)]
    on_page, found = [], []
    with serving(ours, machine) as site, working(ours, machine), program(machine, ours, "importing", "ours", *paths) as importing:
        visitor = Visitor(site)
        with program(machine, ours, "repricing") as repricing:
            for number in range(SAMPLES):
                change = told(repricing, number)
                on_page.append(seen(visitor, change["category"], change["price"]) - change["at"])
                found.append(seen(visitor, change["search"], change["price"]) - change["at"])
        if importing.poll() is not None:
            raise RuntimeError("The imports ended before the last change was seen.")
    yield plain("P15", "a lower price on the category page while an import runs, p95", [p95(on_page)], unit="s", at_most=1)
    yield plain("P15", "and in the search, p95", [p95(found)], unit="s", at_most=3)


@contextmanager
def program(machine: Machine, ours: Side, name: str, *arguments: object) -> Iterator[subprocess.Popen]:
    """One of the bench's, beside it, until the block ends."""
    command = [sys.executable, "-m", f"tests.performance.bench.{name}", *map(str, arguments)]
    streams = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, cwd=ROOT, env=ours.environment(machine), text=True, **streams)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def told(repricing: subprocess.Popen, number: int) -> dict:
    repricing.stdin.write(f"{number}\n")
    repricing.stdin.flush()
    return json.loads(repricing.stdout.readline())


def seen(visitor: Visitor, path: str, price: str) -> float:
    """When the page shows it."""
    until = time.time() + PATIENCE
    while time.time() < until:
        if price in visitor.send("GET", path).body.decode():
            return time.time()
        time.sleep(0.02)
    return float("inf")


def p95(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.95)]
