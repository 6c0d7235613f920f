"""How far a run is, told to whoever looks while it is read, applied or undone; and the wish that its reading stop.

The work is one transaction, of which nobody sees anything before its end. So it is told beside the database, in the cache that
all processes share: one that forgets costs a figure on a page, never a row.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import inf
from time import monotonic
from typing import Any

from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from .readers import Row

KEPT_FOR = 15 * 60  # seconds; as long as a worker may take
TOLD_EVERY = 0.5  # seconds
LOOKED_AT_EVERY = 500  # rows


@dataclass(frozen=True)
class Stage:
    """A part of the work. `begins`, `ends`: percent of the whole, about as long as it takes with twenty thousand rows."""

    words: Any
    begins: int
    ends: int


STAGES = {
    "reading": Stage(_("Reading the rows of the file"), 0, 40),
    "judging": Stage(_("Checking the rows against the catalogue"), 40, 85),
    "keeping": Stage(_("Keeping the simulation"), 85, 100),
    "taking-up": Stage(_("Taking up the simulation"), 0, 5),
    "judging-again": Stage(_("Checking the rows once more"), 5, 45),
    "selling": Stage(_("Writing offers, prices and stock"), 45, 90),
    "proposing": Stage(_("Sending the proposals"), 90, 100),
    "looking-back": Stage(_("Checking which rows were used since"), 0, 20),
    "restoring": Stage(_("Setting the offers back"), 20, 100),
}


@dataclass(frozen=True)
class Told:
    """`share`: percent of the whole. `rows`: read so far; 0 when none are counted."""

    stage: str
    share: int
    rows: int = 0

    @property
    def words(self) -> Any:
        return STAGES[self.stage].words


class Stopped(Exception):
    """Somebody wishes that the reading stop. `membership_id`: who."""

    def __init__(self, membership_id: int) -> None:
        super().__init__(membership_id)
        self.membership_id = membership_id


class Progress:
    """What a run tells of its work. Where it `can_stop`, each step raises `Stopped` once somebody wishes it."""

    def __init__(self, run_id: int, *, can_stop: bool = False) -> None:
        self.run_id, self.can_stop = run_id, can_stop
        self.stage, self.told_at = "", -inf

    def reach(self, stage: str) -> None:
        """The next part of the work begins."""
        self.stage, self.told_at = stage, -inf
        self._tell(0, 0)

    def counting(self, rows: Iterable[Row], share: Callable[[], float]) -> Iterator[Row]:
        """The rows as they pass. `share`: how much of them has passed, 0 to 1."""
        for number, row in enumerate(rows, 1):
            if number % LOOKED_AT_EVERY == 0:
                self._tell(share(), number)
            yield row

    def _tell(self, share: float, rows: int) -> None:
        if monotonic() - self.told_at < TOLD_EVERY:
            return
        self.told_at = monotonic()
        if self.can_stop and (who := cache.get(_wish(self.run_id))):
            raise Stopped(who)
        stage = STAGES[self.stage]
        percent = stage.begins + round((stage.ends - stage.begins) * min(share, 1))
        cache.set(_told(self.run_id), Told(self.stage, percent, rows), KEPT_FOR)


@contextmanager
def telling(run_id: int, *, can_stop: bool = False) -> Iterator[Progress]:
    """What it has told is forgotten at its end, and with it a wish that came too late."""
    try:
        yield Progress(run_id, can_stop=can_stop)
    finally:
        cache.delete_many([_told(run_id), _wish(run_id)])


def told_of(run_id: int) -> Told | None:
    """How far it is; None while nobody works on it."""
    return cache.get(_told(run_id))


def wish_to_stop(run_id: int, membership_id: int) -> None:
    cache.set(_wish(run_id), membership_id, KEPT_FOR)


def _told(run_id: int) -> str:
    return f"import-progress-{run_id}"


def _wish(run_id: int) -> str:
    return f"import-stop-{run_id}"
