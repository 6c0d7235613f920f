"""P9 and P10: whole purchases beside stock Oscar's adding to the basket, and 64 buyers on the last units of one listing."""

import json
from collections.abc import Iterator
from functools import partial

from .comparing import OURS, PEER, Ratio, plain, ratio_of
from .loading import WrongAnswer
from .pages import SMALL_CART, Served, add_to_theirs, compared, rate, strangers

UNITS, ATTEMPTS = 300, 500


def whole_orders(it: Served) -> Iterator[Ratio]:
    asks = [add_to_theirs(key) for key in it.of_peer["lines"][:SMALL_CART]]
    theirs = strangers(it)
    measures = {PEER: partial(rate, it, theirs, asks), OURS: lambda: ordering(it, "whole", seconds=it.seconds)["rate"]}
    found = compared(it, measures)
    yield ratio_of("P9", "whole order through the services, of stock's HTTP add", found[OURS], found[PEER], unit="/s", at_least=0.9)


def hot_line(it: Served) -> Iterator[Ratio]:
    runs = [ordering(it, "hot", units=UNITS, attempts=ATTEMPTS) for _ in range(it.rounds)]
    if {(run["sold"], run["refused"]) for run in runs} != {(UNITS, ATTEMPTS - UNITS)}:
        raise WrongAnswer(f"Of {ATTEMPTS} attempts on {UNITS} units: {runs}")
    yield plain("P10", f"sold of {UNITS} units, {ATTEMPTS} attempts", [run["sold"] for run in runs], unit="", at_most=UNITS)
    yield plain("P10", "orders per second on that line", [run["rate"] for run in runs], unit="/s", at_least=100)
    yield plain("P10", "seconds of an order, p95", [run["p95"] for run in runs], unit="s", at_most=1)
    slower = [run["refused_p50"] / run["p50"] for run in runs]
    yield plain("P10", "time of a refusal, of an order's", slower, unit="", at_most=1)


def ordering(it: Served, what: str, **options: float) -> dict[str, float]:
    words = [f"--{name}={value}" for name, value in options.items()]
    return json.loads(it.side.run(it.machine, "-m", "tests.performance.bench.ordering", what, *words))
