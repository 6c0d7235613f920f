"""P11 and P13: a price list of new sheets beside stock Oscar's importer and beside COPY; the same list with bad rows."""

import json
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from .comparing import LIMIT, OURS, PEER, Ratio, plain, ratio_of, side_by_side
from .lists import ours as our_list
from .lists import theirs as their_list
from .machine import Machine, Side

ROWS, ROWS_OF_PEER = 20_000, 500
BAD_SHARE = 0.1
seeds = count(10)


def imports(machine: Machine, ours: Side, peer: Side, folder: Path, rounds: int) -> Iterator[Ratio]:
    """Rows per second: each run has a list of its own, all of it new. Stock's importer goes row by row: fewer rows tell as much."""
    memories: list[float] = []

    def our_rate(bad_share: float = 0.0) -> float:
        took = run(machine, ours, "ours", our_list(folder / "list.csv", ROWS, next(seeds), bad_share))
        memories.append(took["memory"])
        return ROWS / took["seconds"]

    def limit_rate() -> float:
        return ROWS / run(machine, peer, "copy", our_list(folder / "list.csv", ROWS, next(seeds)))["seconds"]

    def peer_rate() -> float:
        path = their_list(folder / "theirs.csv", ROWS_OF_PEER, next(seeds))
        return ROWS_OF_PEER / run(machine, peer, "stock", path)["seconds"]

    measures = {LIMIT: limit_rate, PEER: peer_rate, OURS: our_rate}
    found = side_by_side(measures, rounds)
    yield ratio_of("P11", f"import of {ROWS} new rows", found[OURS], found[PEER], unit="rows/s", at_least=50)
    yield ratio_of("P11", "import, of COPY and set-based inserts", found[OURS], found[LIMIT], unit="rows/s", at_least=0.35)
    yield plain("P11", "peak memory of the import", memories, unit="MB", at_most=250)
    with_faults = side_by_side({PEER: our_rate, OURS: lambda: our_rate(BAD_SHARE)}, rounds)
    clean, bad = ([[1 / each for each in one] for one in with_faults[side]] for side in (PEER, OURS))
    yield ratio_of("P13", "time with 10 % bad rows, of a clean list's", bad, clean, unit="s/row", at_most=1.3)


def run(machine: Machine, side: Side, how: str, path: Path) -> dict[str, float]:
    told = side.run(machine, "-m", "tests.performance.bench.importing", how, str(path))
    return json.loads(told.strip().splitlines()[-1])
