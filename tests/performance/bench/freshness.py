"""P15: how long after a price is lowered the category page and a search show it, while an import runs."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from .comparing import Ratio, plain
from .lists import ours as our_list
from .loading import Visitor
from .machine import ROOT, Machine, Side, serving, working

SAMPLES, PATIENCE, ROWS = 12, 15.0, 20_000


def freshness(machine: Machine, ours: Side, folder: Path) -> Iterator[Ratio]:
    """95 of 100 changes are seen within so many seconds."""
    path = our_list(folder / "meanwhile.csv", ROWS, 77)
    on_page, found = [], []
    with serving(ours, machine) as site, working(ours, machine), importing_meanwhile(machine, ours, path):
        visitor = Visitor(site)
        for number in range(SAMPLES):
            change = json.loads(ours.run(machine, "-m", "tests.performance.bench.repricing", str(number)))
            began = change["at"]
            on_page.append(seen(visitor, change["category"], change["price"]) - began)
            found.append(seen(visitor, change["search"], change["price"]) - began)
    yield plain("P15", "a lower price on the category page while an import runs, p95", [p95(on_page)], unit="s", at_most=1)
    yield plain("P15", "and in the search, p95", [p95(found)], unit="s", at_most=3)


def importing_meanwhile(machine: Machine, ours: Side, path: Path):
    command = [sys.executable, "-m", "tests.performance.bench.importing", "ours", str(path)]
    return subprocess.Popen(command, cwd=ROOT, env=ours.environment(machine), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


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
