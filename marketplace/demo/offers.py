"""From a sheet to its offers: who sells it, in which pack, at what price, where to. The same for a seed."""

from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from functools import cache
from itertools import cycle, islice
from random import Random

from marketplace.registry.places import cantons, cantons_of

from .sheets import Sheet
from .tables import Lot, Pack, Shelf, SupplierRow, groups, lots, winners_of

GALAPAGOS = "20"
REGIONS = (
    ("08", "23", "13", "12", "09", "24", "07"),  # the coast, from north to south
    ("04", "10", "17", "05", "18", "02", "06", "03", "01", "11"),  # the highlands
    ("21", "22", "15", "16", "14", "19"),  # Amazonia
)
COVERS = ("canton", "province", "provinces")
OFFERS_PER_SHEET = (3, 3, 5, 3, 1, 3, 4, 3, 3, 2)  # eight of ten sheets have three offers or more
MARKET_STEPS = range(840, 1000, 8)  # per mille of the market price: where offers lie, each on a step of its own
PACK_DISCOUNT = Decimal("0.015")
CEILING_ROOM = (102, 112)  # percent of the market price
MINIMUMS = (1, 1, 1, 1, 2, 5)
STOCKS = (40, 80, 120, 200, 350, 500, 1200)
TWO_PLACES_FROM = 10  # dollars; below, prices have four decimals


@dataclass(frozen=True, slots=True)
class Offer:
    """A listing to be written. `price`: USD per sales unit, `ceiling`: USD per base unit, both net.

    `cantons`: where to; None for those of the lot.
    """

    supplier: SupplierRow
    pack: Pack
    price: Decimal
    ceiling: Decimal
    cantons: list[str] | None
    minimum: int
    lead_days: int
    stock: int


def offers_of(sheet: Sheet, level: int, number: int, rng: Random) -> list[Offer]:
    """`number` of offers by as many suppliers, all at different prices; three or more are of three packs and three coverages.

    `level`: where the family's market price lies between its lowest and its highest, in percent.
    """
    lot, (low, high) = lot_of(sheet.shelf), sheet.family.price
    market = (low + (high - low) * level / 100) * sheet.factor
    covers = _covers(number, rng)
    sellers = rng.sample(bidders(lot), number)
    steps = rng.sample(MARKET_STEPS, number)
    packs = list(islice(cycle(rng.sample(sheet.family.packs, len(sheet.family.packs))), number))
    return [
        Offer(
            supplier=seller,
            pack=pack,
            price=_price(market * step / 1000, pack, rank=_rank(pack, sheet.family.packs)),
            ceiling=(market * rng.randint(*CEILING_ROOM) / 100).quantize(Decimal("0.000001")),
            cantons=coverage(cover, seller.canton),
            minimum=rng.choice(MINIMUMS) if pack.factor == 1 else 1,
            lead_days=rng.randint(*sheet.shelf.lead_days),
            stock=rng.choice(STOCKS),
        )
        for seller, step, pack, cover in zip(sellers, steps, packs, covers, strict=True)
    ]


@cache
def lot_of(shelf: Shelf) -> Lot:
    agreement = next(group.agreement for group in groups() if group.code == shelf.group)
    return lots()[agreement, shelf.lot]


@cache
def bidders(lot: Lot) -> list[SupplierRow]:
    return winners_of(lot)


@cache
def coverage(cover: str, canton: str) -> list[str] | None:
    """The cantons of a cover, for a supplier at home in `canton`. None: those of the lot."""
    if cover == "lot":
        return None
    if cover == "canton":
        return [canton]
    home = canton[:2]
    covered = [home] if cover == "province" else _neighbours(home)
    return [code for province in covered for code in cantons_of(province)]


def lot_cantons(lot: Lot) -> list[str]:
    return [code for code in cantons() if lot.cover == "ec" or not code.startswith(GALAPAGOS)]


def _covers(number: int, rng: Random) -> list[str]:
    """One offer at least goes wherever the lot does, so that every sheet can be bought everywhere in it."""
    chosen = ["lot", *rng.sample(COVERS, min(number - 1, len(COVERS)))]
    chosen += ["lot"] * (number - len(chosen))
    rng.shuffle(chosen)
    return chosen


def _neighbours(province: str) -> tuple[str, ...]:
    """A province with the one before and the one after it in its region."""
    region = next(region for region in REGIONS if province in region)
    place = region.index(province)
    return region[max(place - 1, 0) : place + 2]


def _rank(pack: Pack, packs: tuple[Pack, ...]) -> int:
    """0 for the smallest pack of the family."""
    return sorted(each.factor for each in packs).index(pack.factor)


def _price(base: Decimal, pack: Pack, *, rank: int) -> Decimal:
    """A price list's figure for the pack, the larger one a little cheaper. Rounded down: it stays below the ceiling."""
    price = base * pack.factor * (1 - PACK_DISCOUNT * rank)
    return price.quantize(Decimal("0.01") if price >= TWO_PLACES_FROM else Decimal("0.0001"), ROUND_DOWN)
