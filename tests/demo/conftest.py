from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from marketplace.demo.services import demo_load
from marketplace.kernel.acting import acting
from tests.databases import cloned, connected_to

AT = datetime(2026, 11, 23, 12, 0, tzinfo=ZoneInfo("America/Guayaquil"))


@pytest.fixture(scope="package")
def loaded(template, django_db_setup, django_db_blocker):
    """The demonstration as `demo_load` leaves it, loaded once for this folder. Answers the instant of the load."""
    with django_db_blocker.unblock(), cloned(template) as name, connected_to(name):
        with acting(reason="test"):
            assert demo_load(listings=2000, seed=1, at=AT, say=lambda line: None)
        yield AT
