"""A new index takes the place of the old one while people search and while things happen."""

import os
import subprocess
import sys
import threading
from datetime import date
from decimal import Decimal

import pytest

from marketplace.registry.services import supplier_resume, supplier_suspend
from marketplace.shop.partner.services import listing_create, listing_withdraw
from search import services
from search.port import EngineUnavailable, IndexMissing, Query
from search.services import RebuildUnderWay, search_rebuild, sheets_sync

TODAY = date(2026, 11, 23)


def titles(engine, words=""):
    return sorted(hit.title for hit in engine.search(Query(words, size=100)).hits)


def test_fills_an_index_and_answers(any_engine, listing_factory):
    papers = [listing_factory(adjudicated_item__product__title=f"Papel {name}") for name in ("bond", "kraft")]

    rebuilt = search_rebuild(engine=any_engine, on=TODAY)

    assert (rebuilt.indexed, rebuilt.on_sale) == (2, 2)
    assert titles(any_engine) == ["Papel bond", "Papel kraft"]
    assert any_engine.product_ids() == {paper.product_id for paper in papers}
    assert any_engine.exists()


def test_without_an_index_it_says_so(any_engine, db):
    assert not any_engine.exists()
    with pytest.raises(IndexMissing, match="search_rebuild"):
        any_engine.search(Query("papel"))
    with pytest.raises(IndexMissing):
        any_engine.replace([1], [])


def test_an_index_with_other_fields_counts_as_none(tantivy_engine, listing_factory, monkeypatch):
    """One that an earlier version made: pages are answered by PostgreSQL until it is rebuilt."""
    from search.engines import tantivy

    listing_factory(adjudicated_item__product__title="Papel bond")
    monkeypatch.setattr(tantivy, "TEXTS", tantivy.TEXTS[:-1])
    with tantivy_engine.new_index() as new:
        new.publish()
    monkeypatch.undo()

    for use in (lambda: tantivy_engine.search(Query("papel")), lambda: tantivy_engine.replace([1], [])):
        with pytest.raises(IndexMissing):
            use()

    search_rebuild(engine=tantivy_engine, on=TODAY)
    assert titles(tantivy_engine) == ["Papel bond"]


def test_a_rebuild_that_fails_leaves_the_old_index(any_engine, listing_factory, monkeypatch):
    listing_factory(adjudicated_item__product__title="Papel bond")
    search_rebuild(engine=any_engine, on=TODAY)
    monkeypatch.setattr(services, "product_batches", lambda: iter([[1], None]))

    with pytest.raises(TypeError):
        search_rebuild(engine=any_engine, on=TODAY)

    assert titles(any_engine) == ["Papel bond"]


def test_what_happens_during_a_rebuild_is_in_it(
    any_engine, own_database, listing_factory, item_factory, officer, noon, monkeypatch
):
    """After the sheets were read: one is withdrawn, one comes to be, one changes hands to and fro. No job has run."""
    gone, stays = (listing_factory(adjudicated_item__product__title=f"Papel {name}") for name in ("viejo", "de siempre"))
    batches = services.product_batches

    def batches_and_then():
        yield from batches()
        listing_withdraw(listing_id=gone.pk, actor=officer, at=noon)
        listing_create(
            item=item_factory(product__title="Papel nuevo"), partner_sku="N", price=Decimal(1), stock=1, at=noon, sales_unit="RM",
            vat_category="S", lead_time_days=1,
        )  # fmt: skip
        supplier_suspend(supplier_id=stays.supplier.pk, reason="r", actor=officer, at=noon)
        supplier_resume(supplier_id=stays.supplier.pk, reason="r", actor=officer, at=noon)

    monkeypatch.setattr(services, "product_batches", batches_and_then)
    rebuilt = search_rebuild(engine=any_engine, on=TODAY)

    assert titles(any_engine) == ["Papel de siempre", "Papel nuevo"]
    assert (rebuilt.indexed, rebuilt.on_sale) == (2, 2)


@pytest.mark.feature("SE-8")
def test_no_search_fails_while_indexes_are_swapped(any_engine, listing_factory):
    listing_factory(adjudicated_item__product__title="Papel bond")
    search_rebuild(engine=any_engine, on=TODAY)
    answers, is_over = [], threading.Event()

    def keep_searching():
        while not is_over.is_set():
            try:
                answers.append(any_engine.search(Query("papel")).total)
            except Exception as error:
                answers.append(error)

    readers = [threading.Thread(target=keep_searching) for _ in range(3)]
    for reader in readers:
        reader.start()
    for _ in range(3):
        search_rebuild(engine=any_engine, on=TODAY)
    is_over.set()
    for reader in readers:
        reader.join()

    assert len(answers) > 5
    assert set(answers) == {1}


def test_only_one_rebuild_at_a_time(any_engine, own_database, listing_factory, monkeypatch):
    listing_factory()
    refused = []

    def another():
        from django.db import connection

        try:
            search_rebuild(engine=any_engine, on=TODAY)
        except RebuildUnderWay as refusal:
            refused.append(refusal)
        finally:
            connection.close()

    batches = services.product_batches

    def batches_meanwhile():
        other = threading.Thread(target=another)
        other.start()
        other.join()
        yield from batches()

    monkeypatch.setattr(services, "product_batches", batches_meanwhile)
    assert search_rebuild(engine=any_engine, on=TODAY).indexed == 1
    assert len(refused) == 1


def test_folders_of_killed_rebuilds_go(tantivy_engine, listing_factory):
    listing_factory()
    killed = tantivy_engine.folder / "index-killed"
    killed.mkdir(parents=True)
    search_rebuild(engine=tantivy_engine, on=TODAY)
    search_rebuild(engine=tantivy_engine, on=TODAY)
    assert len(list(tantivy_engine.folder.glob("index-*"))) == 1


@pytest.mark.feature("SE-8")
def test_sync_brings_single_sheets_up_to_date(any_engine, listing_factory, item_factory, monkeypatch):
    """New, changed, gone, unknown; twice gives the same."""
    monkeypatch.setattr(services, "engine", lambda: any_engine)
    changed, gone, same = (listing_factory(adjudicated_item__product__title=f"Papel {name}") for name in ("uno", "dos", "tres"))
    search_rebuild(engine=any_engine, on=TODAY)
    changed.product.title = "Cartulina"
    changed.product.save()
    changed.delivery_cantons = ["1101"]
    changed.save()
    gone.status = "withdrawn"
    gone.save()
    new = listing_factory(adjudicated_item__product__title="Papel cuatro")
    for _ in range(2):
        sheets_sync(product_ids=[changed.product_id, gone.product_id, new.product_id, 10**12], on=TODAY)

    assert titles(any_engine) == ["Cartulina", "Papel cuatro", "Papel tres"]
    assert titles(any_engine, "papel") == ["Papel cuatro", "Papel tres"]
    assert any_engine.search(Query("cartulina", canton="1101")).total == 1
    assert any_engine.search(Query("cartulina", canton="0101")).total == 0
    assert any_engine.product_ids() == {changed.product_id, new.product_id, same.product_id}
    assert any_engine.count() == 3


def test_entries_of_places_that_are_no_more_go(any_engine, listing_factory, item_factory, product_factory, monkeypatch):
    monkeypatch.setattr(services, "engine", lambda: any_engine)
    product = product_factory(title="Papel bond")
    listing_factory(adjudicated_item=item_factory(product=product))
    near = listing_factory(adjudicated_item=item_factory(product=product), price=Decimal(1), delivery_cantons=["1101"])
    search_rebuild(engine=any_engine, on=TODAY)
    assert any_engine.search(Query(canton="1101", price_until=Decimal(1))).total == 1

    near.status = "withdrawn"
    near.save()
    sheets_sync(product_ids=[product.pk], on=TODAY)

    assert any_engine.search(Query(canton="1101", price_until=Decimal(1))).total == 0
    assert any_engine.search(Query(canton="1101")).total == any_engine.search(Query(canton="0101")).total == 1


def test_a_server_that_is_not_there_is_said():
    from search.engines.elasticsearch import ElasticsearchEngine

    away = ElasticsearchEngine("http://127.0.0.1:9", "x")
    with pytest.raises(EngineUnavailable, match="does not answer as it should \\(Connection error"):
        away.search(Query("papel"))


WRITER = """
import sys
from pathlib import Path
from search.engines.tantivy import TantivyEngine, WritingIndex

engine = TantivyEngine(sys.argv[1])
with engine._alone():
    index = WritingIndex(engine._current())
    index.writer.delete_all_documents()
    print("writing", flush=True)
    sys.stdin.read()
"""


@pytest.mark.threat("F3")
def test_survives_a_writer_that_is_killed(tantivy_engine, listing_factory):
    """It held the lock and had emptied the index, uncommitted."""
    listing = listing_factory(adjudicated_item__product__title="Papel bond")
    search_rebuild(engine=tantivy_engine, on=TODAY)
    command = [sys.executable, "-c", WRITER, str(tantivy_engine.folder)]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment) as writer:
        assert writer.stdout.readline() == "writing\n"
        writer.kill()

    assert titles(tantivy_engine) == ["Papel bond"]
    listing.product.title = "Papel kraft"
    listing.product.save()
    sheets_sync(product_ids=[listing.product_id], on=TODAY)
    assert titles(tantivy_engine) == ["Papel kraft"]
