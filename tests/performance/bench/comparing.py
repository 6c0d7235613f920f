"""Limit, peer, ours, peer, ours, limit; three rounds or more; the median of their ratios with its span."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any

LIMIT, PEER, OURS = "limit", "peer", "ours"
ORDER = (LIMIT, PEER, OURS, PEER, OURS, LIMIT)
Measure = Callable[[], float]


@dataclass
class Ratio:
    """One goal as measured. `ratio`: the median of the rounds', `low` and `high`: the least and the greatest.

    `at_least` or `at_most`: the floor that must hold, None when the figure is only told.
    """

    goal: str
    what: str
    ratio: float
    low: float
    high: float
    ours: float
    other: float
    unit: str
    at_least: float | None = None
    at_most: float | None = None
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        return (self.at_least is None or self.ratio >= self.at_least) and (self.at_most is None or self.ratio <= self.at_most)

    @property
    def floor(self) -> str:
        if self.at_least is not None:
            return f"≥ {self.at_least:g}"
        return f"≤ {self.at_most:g}" if self.at_most is not None else "–"

    def as_row(self) -> dict[str, Any]:
        return asdict(self) | {"holds": self.holds}


def side_by_side(measures: dict[str, Measure], rounds: int) -> dict[str, list[list[float]]]:
    """Name → for each round, the figures taken in it. A side without a measure is passed over."""
    found: dict[str, list[list[float]]] = {name: [] for name in measures}
    for _ in range(rounds):
        for name in found:
            found[name].append([])
        for name in ORDER:
            if name in measures:
                found[name][-1].append(measures[name]())
    return found


def ratio_of(goal: str, what: str, ours: list[list[float]], other: list[list[float]], *, unit: str, **floor: Any) -> Ratio:
    """Ours divided by the other."""
    by_round = [median(mine) / median(theirs) for mine, theirs in zip(ours, other, strict=True)]
    mine, theirs = (median(each for one in side for each in one) for side in (ours, other))
    return Ratio(goal, what, median(by_round), min(by_round), max(by_round), mine, theirs, unit, **floor)


def plain(goal: str, what: str, values: list[float], *, unit: str, **floor: Any) -> Ratio:
    """A figure that has no peer: its own median, as itself."""
    middle = median(values)
    return Ratio(goal, what, middle, min(values), max(values), middle, 1.0, unit, **floor)
