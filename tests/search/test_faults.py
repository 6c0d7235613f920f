"""The engine is dead, slow or not to be written: pages answer from PostgreSQL and say so, the index catches up by itself (F3)."""

import hashlib
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from urllib.parse import urlsplit

import pytest
from django.utils.timezone import now

from marketplace.kernel.jobs.models import Job
from marketplace.kernel.jobs.running import run_all_due
from marketplace.shop.catalogue.models import Product
from marketplace.shop.partner.services import listing_reprice, listing_withdraw
from search import engines, selectors, services
from search.documents import entries_of
from search.engines.elasticsearch import ElasticsearchEngine
from search.engines.tantivy import WritingIndex
from search.jobs import sheets_sync
from search.patience import patience, time_left
from search.port import ANYWHERE, EngineUnavailable, Query, SearchEngine, Sort, micro
from search.selectors import breaker_of, search
from search.services import search_rebuild
from tests.processes import HOST, until

from .test_pages import RESULTS, TODAY, page, shelf, titles, today  # noqa: F401  the shelf «papel» and the day of its offers

pytestmark = pytest.mark.threat("F3")

METHODS = (b"GET ", b"HEAD ", b"POST ", b"PUT ", b"DELETE ")
BANNER = "The search engine does not answer."


class Wire:
    """A way to a server, which can be made slow, or cut. `exchanges`: how often something was asked over it.

    `delay`: seconds until a question goes on. Without a server whoever asks is heard, and never answered.
    """

    def __init__(self, server: str = "") -> None:
        self.to = urlsplit(server)
        self.delay, self.exchanges, self.is_cut = 0.0, 0, False
        self.door = socket.create_server((HOST, 0))
        self.url = f"http://{HOST}:{self.door.getsockname()[1]}"
        self.pause = threading.Event()
        self.ends: list[socket.socket] = []
        threading.Thread(target=self._let_in, daemon=True).start()

    def cut(self) -> None:
        """Nobody is let in, and whoever was is thrown out."""
        self.is_cut = True
        for end in self.ends:
            end.close()

    def mend(self) -> None:
        self.is_cut = False

    def close(self) -> None:
        self.pause.set()
        self.door.close()
        self.cut()

    def _let_in(self) -> None:
        while True:
            try:
                asking, _ = self.door.accept()
            except OSError:
                return
            if self.is_cut:
                asking.close()
                continue
            self.ends.append(asking)
            threading.Thread(target=self._serve, args=[asking], daemon=True).start()

    def _serve(self, asking: socket.socket) -> None:
        answering = socket.create_connection((self.to.hostname, self.to.port)) if self.to.port else None
        if answering:
            self.ends.append(answering)
            threading.Thread(target=self._carry, args=[answering, asking, lambda _: None], daemon=True).start()
        self._carry(asking, answering, self._asked)

    def _asked(self, piece: bytes) -> None:
        if piece.startswith(METHODS):  # else it is the rest of one
            self.exchanges += 1
            self.pause.wait(self.delay)

    @staticmethod
    def _carry(one: socket.socket, other: socket.socket | None, passing: Callable[[bytes], None]) -> None:
        try:
            while piece := one.recv(1_000_000):
                passing(piece)
                if other:
                    other.sendall(piece)
        except OSError:
            return


@pytest.fixture
def engine_at(monkeypatch, settings, request):
    """The Elasticsearch at this address is the one that the marketplace asks."""

    def engine_at(url: str, prefix: str = "faults") -> ElasticsearchEngine:
        settings.SEARCH_ENGINE, settings.ELASTICSEARCH_URL, settings.SEARCH_INDEX_PREFIX = "elasticsearch", url, prefix
        return engines.engine()

    return engine_at


@pytest.fixture
def wired(elasticsearch_url, elasticsearch_prefix, engine_at) -> Iterator[tuple[Wire, ElasticsearchEngine]]:
    """The real server, over a wire, with an empty index."""
    wire = Wire(elasticsearch_url)
    engine = engine_at(wire.url, f"{elasticsearch_prefix}-{wire.door.getsockname()[1]}")
    yield wire, engine
    wire.close()


@pytest.fixture
def listings(listing_factory, shelf):  # noqa: F811
    return [
        listing_factory(adjudicated_item__product__title=f"Papel {letter}", adjudicated_item__product__categories=[shelf])
        for letter in "ABCDE"
    ]


@pytest.fixture
def pause_over(monkeypatch) -> Callable[[], None]:
    """Let the time pass for which an engine is left alone."""
    later = [0.0]
    real = selectors.time.monotonic
    monkeypatch.setattr(selectors, "time", type("Clock", (), {"monotonic": staticmethod(lambda: real() + later[0])}))

    def pause_over() -> None:
        later[0] += selectors.PAUSE + 1

    return pause_over


# ---------------------------------------------------------------- slow


def test_an_engine_that_is_silent_is_asked_once_and_left_alone(client, listings, engine_at, settings, pause_over):
    settings.SEARCH_PATIENCE = 50
    wire = Wire()
    engine_at(wire.url)

    for path in (RESULTS, "/en/catalogo/c/papel/", RESULTS):
        text = page(client, path)
        assert BANNER in text
        assert titles(text) == [f"Papel {letter}" for letter in "ABCDE"]
    assert wire.exchanges == 1

    pause_over()
    page(client)
    assert wire.exchanges == 2
    wire.close()


@pytest.mark.search
def test_what_a_slow_engine_is_asked_by_one_page_shares_its_time(client, listings, wired, settings, pause_over):
    """Each answer by itself would be in time; four of them would not."""
    wire, engine = wired
    search_rebuild(engine=engine, on=TODAY)
    asked = {"q": "papel", "precio": "1-5", "marca": "Uno"}
    wire.exchanges = 0
    page(client, **asked)
    undisturbed = wire.exchanges

    settings.SEARCH_PATIENCE, wire.delay, wire.exchanges = 1000, 0.6, 0
    text = page(client, **asked)

    assert undisturbed >= 4
    assert wire.exchanges <= 2  # the second was begun in time
    assert BANNER in text

    settings.SEARCH_PATIENCE, wire.delay = 10_000, 0.0
    pause_over()
    assert BANNER not in page(client, q="papel")


def test_the_time_of_a_page_is_configured_and_runs_out(settings, monkeypatch):
    clock = [100.0]
    monkeypatch.setattr("search.patience.time.monotonic", lambda: clock[0])
    settings.SEARCH_PATIENCE = 600

    with patience():
        clock[0] += 0.5
        with patience():
            assert time_left() == pytest.approx(0.1)
            clock[0] += 0.1
            with pytest.raises(EngineUnavailable, match="600 ms"):
                time_left()
    assert time_left() == pytest.approx(0.6)


# ---------------------------------------------------------------- dead, or read-only; and back


def in_the_index(engine: SearchEngine) -> tuple[int, str]:
    return summed((hit.product_id, hit.code, hit.sku, hit.title, hit.price) for hit in engine.search(Query(sort=Sort.NAME)).hits)


def in_the_database() -> tuple[int, str]:
    made = entries_of(list(Product.objects.values_list("pk", flat=True)), on=TODAY)
    entries = [entry for entry in made if ANYWHERE in entry.places]
    return summed((e.sheet.product_id, e.sheet.code, e.sku, e.sheet.name, micro(e.price)) for e in entries)


def summed(rows) -> tuple[int, str]:
    """How many, and a checksum over what they say."""
    rows = sorted(rows)
    return len(rows), hashlib.sha256(repr(rows).encode()).hexdigest()


@contextmanager
def dead(wire: Wire, engine: ElasticsearchEngine) -> Iterator[None]:
    wire.cut()
    yield
    wire.mend()


@contextmanager
def read_only(wire: Wire, engine: ElasticsearchEngine) -> Iterator[None]:
    """As the server makes its indexes when its disk is nearly full; that block it would lift by itself, for there is room."""
    block = "index.blocks.write"
    engine.client.indices.put_settings(index=engine.alias, settings={block: True})
    yield
    engine.client.indices.put_settings(index=engine.alias, settings={block: None})


def change(listings, officer, noon) -> None:
    listing_withdraw(listing_id=listings[0].pk, actor=officer, at=noon)
    listing_reprice(listing_id=listings[1].pk, price=Decimal("1.25"), actor=officer, at=noon)
    run_all_due()


def time_passes() -> None:
    """Until what waits for the engine is due, and no longer left alone."""
    breaker_of.cache_clear()
    Job.objects.update(run_at=now())
    run_all_due()


@pytest.fixture
def on_the_day(monkeypatch):
    monkeypatch.setattr("search.jobs.localdate", lambda: TODAY)


@pytest.mark.search
@pytest.mark.parametrize(("trouble", "answers"), [(dead, False), (read_only, True)], ids=["dead", "read-only"])
def test_a_server_catches_up_by_itself(client, listings, wired, officer, noon, on_the_day, trouble, answers):
    wire, engine = wired
    search_rebuild(engine=engine, on=TODAY)
    before = in_the_index(engine)
    assert before == in_the_database()

    with trouble(wire, engine):
        change(listings, officer, noon)
        assert (BANNER in page(client, q="papel")) is not answers
        time_passes()
        assert Job.objects.filter(task=sheets_sync.name).count() == 2
    assert in_the_index(engine) == before != in_the_database()

    time_passes()
    until(lambda: in_the_index(engine) == in_the_database())  # the server shows what was written a second later
    assert in_the_index(engine)[0] == 4
    assert BANNER not in page(client, q="papel")
    assert Job.objects.filter(task=sheets_sync.name).count() == 0


def test_the_embedded_index_catches_up_by_itself(client, listings, tantivy_engine, officer, noon, on_the_day):
    """Its folder cannot be written: here another program writes there."""
    search_rebuild(engine=tantivy_engine, on=TODAY)
    before = in_the_index(tantivy_engine)
    other = WritingIndex(tantivy_engine._current())

    change(listings, officer, noon)
    time_passes()
    assert in_the_index(tantivy_engine) == before != in_the_database()
    assert Job.objects.filter(task=sheets_sync.name).count() == 2
    assert BANNER not in page(client, q="papel")  # what is there is read

    other.writer.wait_merging_threads()
    del other
    time_passes()
    assert in_the_index(tantivy_engine) == in_the_database()
    assert Job.objects.filter(task=sheets_sync.name).count() == 0


def test_a_full_disk_of_the_embedded_index_is_an_engine_that_waits(listings, tantivy_engine, monkeypatch):
    search_rebuild(engine=tantivy_engine, on=TODAY)

    def full(self):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(WritingIndex, "commit", full)
    with pytest.raises(EngineUnavailable, match="No space left on device"):
        services.sheets_sync(product_ids=[listings[0].product_id], on=TODAY)

    assert not search(Query("papel")).is_degraded
