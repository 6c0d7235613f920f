"""P11 and P13: a price list of new sheets beside stock Oscar's importer and beside COPY; the same list with bad rows."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from .comparing import LIMIT, OURS, PEER, Ratio, plain, ratio_of, side_by_side
from .lists import next_seed
from .lists import ours as our_list
from .lists import theirs as their_list
from .loading import WrongAnswer
from .machine import Machine, Side

ROWS, ROWS_OF_PEER = 20_000, 500
BAD_SHARE = 0.1


def imports(machine: Machine, ours: Side, peer: Side, folder: Path, rounds: int) -> Iterator[Ratio]:
    """Rows per second: each run has a list of its own, all of it new. Stock's importer goes row by row: fewer rows tell as much."""
    memories: list[float] = []
    limit = replace(peer, database=f"copy_of_{peer.database}")
    machine.drop(limit.database)
    machine.create(limit.database, template=peer.database)

    def our_rate(bad_share: float = 0.0) -> float:
        path = our_list(folder / "list.csv", ROWS, next_seed(folder), bad_share)
        took = run(machine, ours, "ours", path, new=round(ROWS * (1 - bad_share)))
        memories.append(took["memory"])
        return ROWS / took["seconds"]

    def limit_rate() -> float:
        path = our_list(folder / "list.csv", ROWS, next_seed(folder))
        return ROWS / run(machine, limit, "copy", path, new=ROWS)["seconds"]

    def peer_rate() -> float:
        path = their_list(folder / "theirs.csv", ROWS_OF_PEER, next_seed(folder))
        return ROWS_OF_PEER / run(machine, peer, "stock", path, new=ROWS_OF_PEER)["seconds"]

    measures = {LIMIT: limit_rate, PEER: peer_rate, OURS: our_rate}
    found = side_by_side(measures, rounds)
    yield ratio_of("P11", f"import of {ROWS} new rows", found[OURS], found[PEER], unit="rows/s", at_least=50)
    yield ratio_of("P11", "import, of COPY and set-based inserts", found[OURS], found[LIMIT], unit="rows/s", at_least=0.35)
    yield plain("P11", "peak memory of the import", memories, unit="MB", at_most=250)
    with_faults = side_by_side({PEER: our_rate, OURS: lambda: our_rate(BAD_SHARE)}, rounds)
    clean, bad = ([[1 / each for each in one] for one in with_faults[side]] for side in (PEER, OURS))
    yield ratio_of("P13", "time with 10 % bad rows, of a clean list's", bad, clean, unit="s/row", at_most=1.3)
    machine.drop(limit.database)


def run(machine: Machine, side: Side, how: str, path: Path, *, new: int) -> dict[str, float]:
    """`new`: how many offers there must be more afterwards."""
    before = offers_of(machine, side)
    told = side.run(machine, "-m", "tests.performance.bench.importing", how, str(path))
    came = offers_of(machine, side) - before
    if came != new:
        raise WrongAnswer(f"{how}: {came} offers came of {path.name} instead of {new}.")
    return json.loads(told.strip().splitlines()[-1])


def offers_of(machine: Machine, side: Side) -> int:
    [(count,)] = machine.ask("SELECT count(*) FROM partner_stockrecord", database=side.database)
    return count
