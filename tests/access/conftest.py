from collections.abc import Iterator

import pytest
from django.db import transaction

from marketplace.kernel.acting import acting
from tests.databases import cloned, connected_to

from .world import World, build_world


@pytest.fixture(scope="module")
def world(template, django_db_setup, django_db_blocker) -> Iterator[World]:
    """One world for all pages of a module: nothing that a page does stays."""
    with django_db_blocker.unblock(), cloned(template) as name, connected_to(name), acting(reason="test"), transaction.atomic():
        yield build_world()
