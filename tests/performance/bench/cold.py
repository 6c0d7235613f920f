"""P29: what a start costs: all migrations, the checks, a worker until it works, and a web worker's memory after 10,000 pages."""

import subprocess
import sys
import time
from collections.abc import Iterator
from statistics import median

import psutil

from .comparing import OURS, PEER, Ratio, plain, ratio_of, side_by_side
from .loading import CLIENTS, Ask, Visitor, in_turn, load
from .machine import ROOT, Machine, Side, serving

REQUESTS = 10_000
MIGRATED = "bench_migrated"


def cold(machine: Machine, ours: Side, peer: Side, rounds: int, path: str) -> Iterator[Ratio]:
    found = side_by_side({PEER: lambda: migration(machine, peer), OURS: lambda: migration(machine, ours)}, max(rounds // 2, 1))
    yield ratio_of("P29", "full migration, of stock Oscar's", found[OURS], found[PEER], unit="s", at_most=3)
    bare = [timed(lambda: ours.run(machine, "-c", "import django; django.setup()")) for _ in range(rounds)]
    checks = [timed(lambda: ours.run(machine, "manage.py", "check")) for _ in range(rounds)]
    yield plain("P29", "manage.py check", checks, unit="s", at_most=3, more={"of it loading the apps": median(bare)})
    yield plain("P29", "a worker until it works", [worker_ready(machine, ours) for _ in range(rounds)], unit="s", at_most=4)
    yield plain(
        "P29", f"memory of a web worker after {REQUESTS} pages", [memory_after(machine, ours, path)], unit="MB", at_most=180
    )


def migration(machine: Machine, side: Side) -> float:
    """Seconds of `migrate` on an empty database."""
    fresh = Side(side.name, side.settings, MIGRATED, side.application, side.data)
    machine.drop(MIGRATED)
    machine.create(MIGRATED)
    try:
        return timed(lambda: fresh.run(machine, "-m", "django", "migrate", "--verbosity", "0"))
    finally:
        machine.drop(MIGRATED)


def timed(call) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def worker_ready(machine: Machine, ours: Side) -> float:
    """From its start until it has asked for work: the first statement of its own that the database sees."""
    began = time.perf_counter()
    process = subprocess.Popen([sys.executable, "manage.py", "jobs_work"], cwd=ROOT, env=ours.environment(machine))
    asked = "SELECT 1 FROM pg_stat_activity WHERE datname = %s AND query ILIKE '%%jobs_job%%' AND pid <> pg_backend_pid()"
    try:
        while not machine.ask(asked, [ours.database]):
            time.sleep(0.02)
            if process.poll() is not None:
                raise RuntimeError("The worker ended.")
        return time.perf_counter() - began
    finally:
        process.terminate()
        process.wait(timeout=20)


def memory_after(machine: Machine, ours: Side, path: str) -> float:
    """The most that the one web worker that answers them all has had meanwhile, in MB of resident memory."""
    with serving(ours, machine, workers=1) as site:
        visitors = [Visitor(site) for _ in range(CLIENTS)]
        answered, most = 0, 0
        while answered < REQUESTS:
            answered += load(visitors, in_turn([Ask(path)]), seconds=10).answers
            workers = psutil.Process(site.pid).children(recursive=True)
            most = max(most, *(process.memory_info().rss for process in workers))
        return most / 2**20
