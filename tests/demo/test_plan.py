"""The catalogue before it is written: any size, the same for a seed."""

from itertools import islice

import pytest

from marketplace.demo.plan import planned, quotas
from marketplace.demo.tables import entities, suppliers

FORTY_PERCENT = ("medicamentos", "limpieza", "prendas", "oficina")


def sheets(listings: int, seed: int = 1) -> list:
    return [stocked for _, group in planned(listings, seed) for stocked in group]


def essence(listings: int, seed: int) -> list:
    return [(sheet.title, sheet.brand, sheet.gtin, offers) for sheet, offers in sheets(listings, seed)]


@pytest.mark.parametrize("listings", [1, 37, 100, 999, 2000, 12_345])
def test_gives_exactly_as_many_listings_as_asked(listings):
    assert sum(len(offers) for _, offers in sheets(listings)) == listings


def test_forty_percent_are_what_the_state_buys_most():
    assert sum(quotas(2000)[code] for code in FORTY_PERCENT) == 800
    assert sum(quotas(100_000)[code] for code in FORTY_PERCENT) == 40_000


@pytest.mark.parametrize("seed", [1, 2, 26])
def test_offers_of_a_sheet_differ_for_every_seed(seed):
    """As in the loaded catalogue, but for many draws: no two equal prices per base unit, and none over its ceiling."""
    for sheet, offers in sheets(6000, seed):
        assert len({offer.price / offer.pack.factor for offer in offers}) == len(offers), sheet.title
        assert len({offer.supplier for offer in offers}) == len(offers)
        assert all(offer.price / offer.pack.factor <= offer.ceiling for offer in offers)


def test_names_are_never_used_twice():
    titles = [sheet.title for sheet, _ in sheets(30_000)]

    assert len(set(titles)) == len(titles)
    assert max(map(len, titles)) <= 150


def test_a_bigger_catalogue_begins_with_brands():
    titles = [sheet.title for sheet, _ in sheets(30_000)]

    assert "Resma de papel bond A4 de 75 g, blanco" in titles
    assert "Resma de papel bond A4 de 75 g, blanco, marca Papelandina" in titles
    assert "Limpieza de vidrios interiores, por m², cantón Cuenca (Azuay)" in titles


def test_is_the_same_for_a_seed():
    assert essence(500, 3) == essence(500, 3)
    assert essence(500, 3) != essence(500, 4)


def test_a_million_begin_at_once():
    _, stocked = next(planned(1_000_000, 1))

    assert [len(offers) for _, offers in islice(stocked, 5)] == [3, 3, 5, 3, 1]


def test_forty_suppliers_and_twenty_five_entities():
    assert (len(suppliers()), len(entities())) == (40, 25)
