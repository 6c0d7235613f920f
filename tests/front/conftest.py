from collections.abc import Iterator

import pytest
from django.conf import settings
from django.utils.translation import override

from tests.browser import served
from tests.databases import cloned, connected_to


@pytest.fixture(autouse=True)
def spanish() -> Iterator[None]:
    """Each test begins in the site's language; a request may leave another one behind."""
    with override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture(scope="module")
def own_database(template, django_db_setup, django_db_blocker) -> Iterator[str]:
    """One for all tests of a module: pages are looked at here, and each has people of its own."""
    with django_db_blocker.unblock(), cloned(template) as name, connected_to(name):
        yield name


@pytest.fixture(scope="module")
def live_site(own_database, frontend) -> Iterator[str]:
    with served() as address:
        yield address
