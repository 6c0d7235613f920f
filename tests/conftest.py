import os
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import activate

from marketplace.kernel.acting import acting
from tests.databases import address_of, cloned, connected_to, ensure_template

pytest_plugins = ["tests.factories.fixtures", "tests.answers", "tests.browser", "tests.tiers"]

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("SHARED", ROOT.parent / "shared"))


def pytest_addoption(parser):
    parser.addoption("--long", action="store_true", help="run the full bars as well")


def pytest_collection_modifyitems(config, items):
    if config.getoption("--long"):
        return
    full_bars = [item for item in items if item.get_closest_marker("long")]
    config.hook.pytest_deselected(items=full_bars)
    items[:] = [item for item in items if item not in full_bars]


@pytest.fixture(scope="session")
def template(django_db_blocker) -> str:
    """The migrated database from which all others are cloned."""
    with django_db_blocker.unblock():
        return ensure_template()


@pytest.fixture(scope="session")
def django_db_setup(template, django_db_blocker) -> Iterator[None]:
    """Each worker has a clone; tests in it are rolled back."""
    with django_db_blocker.unblock(), cloned(template) as name, connected_to(name):
        yield


@pytest.fixture
def own_database(template, django_db_setup, django_db_blocker) -> Iterator[str]:
    """A clone for this test alone, with real commits: for races, killed processes and whole journeys."""
    with django_db_blocker.unblock(), cloned(template) as name, connected_to(name):
        yield name


@pytest.fixture
def empty_database(django_db_setup, django_db_blocker) -> Iterator[str]:
    """The address of a database without a table, for another program."""
    with django_db_blocker.unblock(), cloned("template1") as name:
        yield address_of(name)


@pytest.fixture(autouse=True)
def acting_as_test() -> Iterator[None]:
    """What a test writes is written by the test."""
    with acting(reason="test"):
        yield


@pytest.fixture(autouse=True)
def in_spanish() -> None:
    """A test begins in the default language, whatever the one before it asked for."""
    activate(settings.LANGUAGE_CODE)


@pytest.fixture
def noon() -> datetime:
    return datetime(2026, 11, 23, 12, 0, tzinfo=ZoneInfo("America/Guayaquil"))


@pytest.fixture
def count_queries() -> Callable[[Callable[[], object]], int]:
    def count(call: Callable[[], object]) -> int:
        with CaptureQueriesContext(connection) as captured:
            call()
        return len(captured)

    return count


@pytest.fixture(scope="session")
def shared() -> Path:
    """Real data from elsewhere, read in place. On a build machine it must be there."""
    if not SHARED.exists():
        if os.environ.get("CI") == "true":
            pytest.fail(f"The shared data are not at {SHARED}. Set SHARED to their folder.")
        pytest.skip(f"no shared data at {SHARED}; set SHARED to their folder")
    return SHARED


@pytest.fixture(scope="session")
def supplier_catalogues(shared) -> Path:
    return shared / "data" / "supplier_catalogues"


@pytest.fixture
def hp(supplier_catalogues) -> Path:
    return supplier_catalogues / "hp_400.csv"


@pytest.fixture
def epson(supplier_catalogues) -> Path:
    return supplier_catalogues / "epson_300_es_semicolon_cp1252.csv"
