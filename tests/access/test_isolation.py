"""A supplier sees nothing of another's, whatever identifiers it tries: pages, files and buttons (SF-7)."""

from collections.abc import Iterator
from itertools import islice
from random import Random
from uuid import UUID

import pytest
from django.urls import reverse

from marketplace.kernel.numbers import is_valid_number
from tests.answers import SIGN_IN
from tests.shop.walk.reading import everything

from .matrix import MATRIX
from .world import OTHER, World, build_world

PAGES = [(name, page) for name, page in MATRIX.items() if page.is_foreign_hidden and "supplier_manager" in page.roles]


def identifiers(world: World, rng: Random) -> Iterator[dict[str, object]]:
    """What is the other's, and what is near it: the next numbers with their right check digits, the same UUID but a bit."""
    numbers = [each.number for each in (world.order, world.delivered, world.billed, world.liquidated, world.delivery)]
    uuids = [each.id_public for each in (world.listing, world.run, world.applied, world.invoice)]
    yield from ({"number": number, "id_public": uuid, "n": 1} for number in numbers for uuid in uuids)
    while True:
        near = UUID(int=rng.choice(uuids).int ^ 1 << rng.randrange(128))
        yield {"number": near_number(rng, rng.choice(numbers)), "id_public": near, "n": rng.randrange(3)}


def near_number(rng: Random, number: str) -> str:
    """Another valid one of the same series."""
    series = number.rpartition("-")[0].rpartition("-")[0]
    while True:
        number = f"{series}-{rng.randrange(60):06d}-{rng.randrange(10)}"
        if is_valid_number(number):
            return number


def attempts(world: World, count: int) -> Iterator[tuple[bool, str]]:
    """Whether by POST, and where: every page of suppliers with each identifier in turn."""
    found = identifiers(world, Random(7))
    pairs = ((page, name, values) for values in found for name, page in PAGES)
    for page, name, values in islice(pairs, count):
        wanted = page.kwargs(world)
        yield page.is_act, reverse(name, kwargs={key: values[key] for key in wanted})


@pytest.mark.feature("SF-7")
@pytest.mark.threat("O7")
@pytest.mark.parametrize("count", [500, pytest.param(10_000, marks=pytest.mark.long)])
def test_ten_thousand_identifiers_give_nothing_of_another(db, client, count):
    world = build_world()
    client.force_login(world[OTHER + "supplier_manager"].user, backend=SIGN_IN)
    before = everything()

    answers = {(client.post if is_act else client.get)(path).status_code for is_act, path in attempts(world, count)}

    assert answers == {404}
    assert {table for table, found in everything().items() if found != before[table]} == set()


@pytest.mark.feature("SF-7")
@pytest.mark.parametrize("query", ["", "?formato=csv"])
@pytest.mark.parametrize(
    "name", ["order:supplier-orders", "partner:listings", "catalog_import:runs", "invoicing:supplier-invoices"]
)
def test_a_list_holds_only_ones_own(db, client, name, query):
    world = build_world()
    client.force_login(world[OTHER + "supplier_manager"].user, backend=SIGN_IN)
    theirs = [world.order.number, world.listing.partner_sku, str(world.run.id_public), world.invoice.number]

    response = client.get(reverse(name) + query)

    assert response.status_code == 200
    assert [word for word in theirs if word in response.getvalue().decode()] == []
