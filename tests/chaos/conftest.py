"""One clone of the database for each file: what a test leaves there is under the eyes of the reconciliation of the next one."""

from collections.abc import Iterator

import pytest
from django.utils.timezone import now

from marketplace.shop.payment.gateway import breaker
from tests.databases import cloned, connected_to
from tests.shop.conftest import *  # noqa: F403

from .buying import Buying


@pytest.fixture(scope="module")
def clone(template, django_db_setup, django_db_blocker) -> Iterator[str]:
    with django_db_blocker.unblock(), cloned(template) as name:
        yield name


@pytest.fixture
def own_database(clone, django_db_blocker) -> Iterator[str]:
    with django_db_blocker.unblock(), connected_to(clone):
        yield clone


@pytest.fixture
def buying(db_or_own) -> Buying:
    """A need, an entity's people and two suppliers, at this very moment: the pages that are pressed know no other."""
    return Buying(at=now())


@pytest.fixture(autouse=True)
def gateway_is_asked_anew() -> Iterator[None]:
    breaker.close()
    yield
    breaker.close()
