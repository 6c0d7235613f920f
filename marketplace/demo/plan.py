"""How many listings each group has, and with how many offers each sheet. Streams: a million are never in memory at once."""

from collections.abc import Iterator
from itertools import count, cycle
from random import Random

from .offers import OFFERS_PER_SHEET, Offer, offers_of
from .sheets import Sheet, sheets_of
from .tables import Group, groups

StockedSheet = tuple[Sheet, list[Offer]]


def quotas(listings: int) -> dict[str, int]:
    """Listings by group, to the groups' shares; what rounding leaves over goes to the first groups."""
    found = {group.code: listings * group.share // 100 for group in groups()}
    for code in list(found)[: listings - sum(found.values())]:
        found[code] += 1
    return found


def planned(listings: int, seed: int) -> Iterator[tuple[Group, Iterator[StockedSheet]]]:
    """The whole catalogue, group by group. A group is to be read to its end before the next."""
    numbers = count(1)
    for group in groups():
        yield group, _stocked(group, quotas(listings)[group.code], Random(f"{seed} {group.code}"), numbers)


def _stocked(group: Group, listings: int, rng: Random, numbers: Iterator[int]) -> Iterator[StockedSheet]:
    levels = {family.name: rng.randrange(101) for family in group.families}
    sheets, left = sheets_of(group, rng, numbers), listings
    for number in cycle(OFFERS_PER_SHEET):
        if not left:
            return
        sheet = next(sheets)
        yield sheet, offers_of(sheet, levels[sheet.family.name], min(number, left), rng)
        left -= min(number, left)
