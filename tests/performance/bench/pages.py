"""P1, P3, P7, P8: a category, a sheet with 200 offers, adding to the cart, the cart of 50 lines; stock Oscar's and ours."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from html import escape
from pathlib import Path
from typing import Any

from marketplace.demo.accounts import PASSWORD

from .comparing import LIMIT, OURS, PEER, Ratio, ratio_of, side_by_side
from .filling_ours import email_of
from .loading import CLIENTS, Ask, Load, Visitor, in_turn, load
from .machine import Machine, Side, Site, serving

SMALL_CART = 10
CARDS = 24


@dataclass
class Served:
    """Both sides and the limits, serving, with what is asked of them."""

    machine: Machine
    side: Side
    ours: Site
    peer: Site
    bare: Site
    of_ours: dict[str, Any]
    of_peer: dict[str, Any]
    seconds: float
    rounds: int


@contextmanager
def served(machine: Machine, ours: Side, peer: Side, bare: Side, folder: Path, seconds: float, rounds: int) -> Iterator[Served]:
    told = [json.loads((folder / name).read_text(encoding="utf-8")) for name in ("asked.json", "asked_stock.json")]
    with serving(ours, machine) as mine, serving(peer, machine) as theirs, serving(bare, machine) as limit:
        yield Served(machine, ours, mine, theirs, limit, *told, seconds, rounds)


def category(it: Served) -> Iterator[Ratio]:
    """Our 24 sheets against the peer's page of the same shelf, which with Haystack's `simple` backend lists none of them."""
    mine, theirs = it.of_ours["category"], it.of_peer["category"]
    asks = [Ask(mine["path"], "<article", times=CARDS)], [Ask(theirs["path"], escape(theirs["name"]))]
    found = compared(it, rates(it, *asks))
    yield rate_ratio("P1", "category page", found, at_least=10)
    yield ratio_of("P1", "category page, of a bare Django page of 24 rows", found[OURS], found[LIMIT], unit="/s", at_least=0.2)


def sheet(it: Served) -> Iterator[Ratio]:
    mine, theirs = it.of_ours["product"], it.of_peer["product"]
    asks = [Ask(mine["path"], f"<h2>{mine['offers']} ")], [Ask(theirs["path"], escape(theirs["title"]))]
    found = compared(it, rates(it, *asks))
    yield rate_ratio("P3", "sheet with 200 offers", found, at_least=4)


def adding(it: Served) -> Iterator[Ratio]:
    """Into carts of ten lines: each client has its own, and goes round the same ten things."""
    mine, theirs = signed_in(it), strangers(it)
    asks = [add_to_ours(line) for line in it.of_ours["lines"][:SMALL_CART]]
    found = compared(
        it,
        {
            PEER: partial(rate, it, theirs, [add_to_theirs(key) for key in it.of_peer["lines"][:SMALL_CART]]),
            OURS: partial(rate, it, mine, asks),
        },
    )
    mine[0].ask(Ask("/compras/carrito/", it.of_ours["lines"][SMALL_CART - 1]["listing"]))
    theirs[0].ask(Ask("/basket/", f"form-{SMALL_CART - 1}-quantity"))
    yield rate_ratio("P7", "add to the cart", found, at_least=3)


def cart(it: Served) -> Iterator[Ratio]:
    mine, theirs = signed_in(it), strangers(it)
    for visitor in mine:
        fill(visitor, [add_to_ours(line) for line in it.of_ours["lines"]])
    for visitor in theirs:
        fill(visitor, [add_to_theirs(key) for key in it.of_peer["lines"]])
    last = it.of_ours["lines"][-1]["listing"]
    measures = {
        PEER: lambda: median_time(it, theirs, Ask("/basket/", "form-49-quantity")),
        OURS: lambda: median_time(it, mine, Ask("/compras/carrito/", last)),
    }
    found = compared(it, measures)
    yield ratio_of("P8", "time of the cart with 50 lines", found[OURS], found[PEER], unit="s", at_most=1 / 8)


def compared(it: Served, measures: dict) -> dict[str, list[list[float]]]:
    for measure in measures.values():
        measure()  # caches of the process are filled
    return side_by_side(measures, it.rounds)


def rates(it: Served, mine: list[Ask], theirs: list[Ask]) -> dict:
    """Pages for anybody: requests per second of both, and of the bare page."""
    return {
        LIMIT: partial(rate, it, visitors(it.bare), [Ask("/24/", "<title>24</title>")]),
        PEER: partial(rate, it, visitors(it.peer), theirs),
        OURS: partial(rate, it, visitors(it.ours), mine),
    }


def rate(it: Served, who: list[Visitor], asks: list[Ask]) -> float:
    return measured(it, who, asks).rate


def median_time(it: Served, who: list[Visitor], ask: Ask) -> float:
    return measured(it, who, [ask]).p50


def measured(it: Served, who: list[Visitor], asks: list[Ask]) -> Load:
    return load(who, in_turn(asks), seconds=it.seconds)


def rate_ratio(goal: str, what: str, found: dict, **floor: float) -> Ratio:
    return ratio_of(goal, what, found[OURS], found[PEER], unit="/s", **floor)


def visitors(site: Site) -> list[Visitor]:
    return [Visitor(site) for _ in range(CLIENTS)]


def strangers(it: Served) -> list[Visitor]:
    """The peer sells to whoever comes; each has a session of their own."""
    return visitors(it.peer)


def signed_in(it: Served) -> list[Visitor]:
    found = [Visitor(it.ours).sign_in(email_of(number), PASSWORD) for number in range(CLIENTS)]
    for visitor in found:
        visitor.read_token(it.of_ours["product"]["path"])
    return found


def add_to_ours(line: dict[str, str]) -> Ask:
    return Ask("/compras/carrito/agregar/", "/compras/carrito/", {"listing": line["listing"], "quantity": "1"}, status=302)


def add_to_theirs(key: int) -> Ask:
    return Ask(f"/basket/add/{key}/", "/basket/", {"quantity": "1"}, status=302)


def fill(visitor: Visitor, asks: list[Ask]) -> None:
    for ask in asks:
        visitor.ask(ask)
