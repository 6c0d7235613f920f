"""Whole purchases through the services, on our side: `python -m tests.performance.bench.ordering whole|hot …` prints JSON.

`whole`: two processes of two threads, as the web server has; each fills a cart, sends it against a certificate and has it
approved into an order. `hot`: 64 buyers at once on one listing's last units, each with a requisition that waits.
"""

import json
import multiprocessing
import sys
import threading
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import django
from django.utils.timezone import localdate, now

from .filling_ours import BUYERS, email_of

SHORT = {"stock_short", "not_enough_stock"}  # codes
ADDRESS = ("Papel para oficina", "Consumo del mes", "Bodega general", "Extensión 214")


def main(options: Namespace) -> None:
    from marketplace.kernel.acting import acting

    with acting(reason="bench"):
        answer = whole(options.seconds) if options.what == "whole" else hot(options.units, options.attempts, options.connections)
    print(json.dumps(answer))  # noqa: T201


def whole(seconds: float) -> dict[str, float]:
    """Purchases per second, each one with its own commits."""
    listing = listing_on_sale()
    certificate = certificate_of_much()

    def buy(number: int, times: list[tuple[float, float]]) -> None:
        buyer, boss = membership(email_of(number)), approver()
        until = time.monotonic() + seconds
        while (start := time.monotonic()) < until:
            put(listing, buyer)
            approve(submit(buyer, certificate, listing), boss)
            times.append((start, time.monotonic()))

    times = side_by_side_in_processes(BUYERS, 2, buy)
    took = max(end for _, end in times) - min(start for start, _ in times)
    return {"rate": len(times) / took, "orders": len(times)}


def hot(units: int, attempts: int, connections: int) -> dict[str, float]:
    """Approvals at once of one unit each: how many were sold, how fast, and how long refusals took."""
    from marketplace.kernel.errors import RuleBroken
    from marketplace.kernel.limits.services import set_limit

    listing, boss, certificate = listing_on_sale(), approver(), certificate_of_much()
    waiting = []
    buyer = membership(email_of(0))
    for _ in range(attempts):
        put(listing, buyer)
        waiting.append(submit(buyer, certificate, listing))
    listing.stock.refresh_from_db()
    set_limit(listing.stock, listing.stock.taken + units)

    def approve_share(number: int, times: list[tuple[bool, float, float]]) -> None:
        for requisition in waiting[number::connections]:
            start = time.perf_counter()
            try:
                approve(requisition, boss)
                times.append((True, time.perf_counter() - start, time.monotonic()))
            except RuleBroken as refusal:
                if not SHORT.issuperset(refusal.codes):
                    raise
                times.append((False, time.perf_counter() - start, time.monotonic()))

    began = time.monotonic()
    told = side_by_side_in_processes(connections, 4, approve_share)
    sold, refused = ([took for good, took, _ in told if good is kind] for kind in (True, False))
    last = max((at for good, _, at in told if good), default=began)
    listing.stock.refresh_from_db()
    set_limit(listing.stock, listing.stock.taken + 1_000_000_000)
    return {
        "sold": len(sold),
        "refused": len(refused),
        "rate": len(sold) / (last - began),
        "p50": middle(sold),
        "p95": sorted(sold)[int(len(sold) * 0.95)] if sold else 0.0,
        "refused_p50": middle(refused),
    }


def middle(times: list[float]) -> float:
    return sorted(times)[len(times) // 2] if times else 0.0


def side_by_side_in_processes(buyers: int, processes: int, act: Callable[[int, list], None]) -> list[Any]:
    """`act(number, times)` for each buyer, in threads of so many processes, all at once: what they noted."""
    from django.db import connection

    connection.close()
    forked = multiprocessing.get_context("fork")
    results = forked.SimpleQueue()
    children = [
        forked.Process(target=_in_threads, args=(range(place, buyers, processes), act, results)) for place in range(processes)
    ]
    for child in children:
        child.start()
    told = [each for _ in children for each in results.get()]
    for child in children:
        child.join()
    return told


def _in_threads(numbers: range, act: Callable[[int, list], None], results: Any) -> None:
    from django.db import connection

    from marketplace.kernel.acting import acting

    noted: list[Any] = []

    def one(number: int) -> None:
        with acting(reason="bench"):
            act(number, noted)
        connection.close()

    threads = [threading.Thread(target=one, args=(number,)) for number in numbers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    results.put(noted)


def listing_on_sale():
    from marketplace.shop.partner.models import StockRecord

    offers = StockRecord.objects.with_terms().on_sale(localdate()).filter(minimum_quantity=1, delivery_cantons=None)
    return offers.select_related("stock").order_by("-pk").first()


def membership(email: str):
    from marketplace.registry.models import Membership

    return Membership.objects.select_related("entity", "unit", "user").get(user__email=email)


def approver():
    from marketplace.demo.accounts import ENTITY_RUC
    from marketplace.registry.models import Membership
    from marketplace.registry.roles import Role

    return Membership.objects.filter(entity__ruc=ENTITY_RUC, role=Role.APPROVER).order_by("pk").first()


def certificate_of_much():
    from marketplace.demo.accounts import ENTITY_RUC
    from marketplace.registry.models import Membership
    from marketplace.registry.roles import Role
    from marketplace.shop.requisition.services import certificate_register

    officer = Membership.objects.get(entity__ruc=ENTITY_RUC, role=Role.BUDGET_OFFICER)
    return certificate_register(
        number=f"B-{time.time_ns()}",
        budget_line="53.08.04",
        purpose="",
        issued_on=localdate(),
        amount=Decimal(10**9),
        actor=officer,
    )


def put(listing, buyer) -> None:
    from marketplace.shop.basket.services import basket_add
    from marketplace.shop.partner.selectors import listing_named

    basket_add(listing=listing_named(listing.id_public, on=localdate()), quantity=1, actor=buyer, at=now())


def submit(buyer, certificate, listing):
    from marketplace.shop.requisition.services import Need, requisition_submit

    need, justification, address, contact = ADDRESS
    canton = buyer.entity.canton_code
    wanted = Need(need, justification, canton, address, contact, certificate)
    return requisition_submit(need=wanted, actor=buyer, at=now() - timedelta(seconds=1))


def approve(requisition, boss) -> None:
    from marketplace.shop.requisition.approval import requisition_approve

    requisition_approve(requisition_id=requisition.pk, gross_seen=requisition.gross.amount, actor=boss, at=now())


if __name__ == "__main__":
    parser = ArgumentParser()
    parser.add_argument("what", choices=["whole", "hot"])
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--units", type=int, default=300)
    parser.add_argument("--attempts", type=int, default=500)
    parser.add_argument("--connections", type=int, default=64)
    django.setup()
    sys.exit(main(parser.parse_args()))
