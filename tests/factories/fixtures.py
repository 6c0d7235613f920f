"""Factories as fixtures: each builds the smallest legal object. The test spells out what it is about."""

import pytest

from . import factories


def _name(factory) -> str:
    """ListingFactory → listing_factory."""
    return f"{factory.__name__.removesuffix('Factory').lower()}_factory"


def _fixture(factory):
    @pytest.fixture(name=_name(factory))
    def make(db_or_own):
        return factory

    return make


@pytest.fixture
def db_or_own(request):
    """The rolled-back database, unless the test has one of its own."""
    if "own_database" not in request.fixturenames:
        request.getfixturevalue("db")


for _factory in factories.ALL:
    globals()[_name(_factory)] = _fixture(_factory)


@pytest.fixture
def officer(membership_factory):
    return membership_factory(role="catalogue_officer", entity=None)


@pytest.fixture
def requester(membership_factory):
    return membership_factory(role="requester")


@pytest.fixture
def approver(membership_factory, requester):
    """Another person of the requester's entity."""
    return membership_factory(role="approver", entity=requester.entity)
