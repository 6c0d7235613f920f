"""The one search of all pages: slips corrected, and PostgreSQL's answer while the engine is away."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection

from search import selectors
from search.engines.elasticsearch import ElasticsearchEngine
from search.port import EngineUnavailable, Query, Sort
from search.selectors import breaker_of, search
from search.services import search_rebuild

TODAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr(selectors, "localdate", lambda: TODAY)


@pytest.fixture
def titled(listing_factory):
    def make(title, *, supplier=None, **values):
        product = {f"adjudicated_item__product__{name}": value for name, value in values.pop("product", {}).items()}
        if supplier is not None:
            values["adjudicated_item__adjudication__supplier"] = supplier
        return listing_factory(adjudicated_item__product__title=title, **product, **values)

    return make


@pytest.fixture
def indexed(tantivy_engine):
    def rebuild():
        search_rebuild(engine=tantivy_engine, on=TODAY)

    return rebuild


def titles(**query):
    return [hit.title for hit in search(Query(**query)).hits]


# ---------------------------------------------------------------- corrections


def test_what_nobody_has_is_corrected_and_said(titled, indexed):
    titled("Resma de papel A4")
    indexed()
    result = search(Query("rezma A4"))
    assert (result.corrected, result.total, result.is_degraded) == ("resma A4", 1, False)
    exact = search(Query("rezma A4", is_exact=True))
    assert (exact.corrected, exact.total) == ("", 0)


def test_the_most_usual_word_that_gives_something_is_taken(titled, indexed):
    for title in ("Rema uno", "Rema dos", "Resma de papel"):
        titled(title)
    indexed()
    assert search(Query("rezma")).corrected == "rema"
    assert search(Query("rezma papel")).corrected == "resma papel"
    assert search(Query("rezma inexistente")).corrected == ""


def test_filters_hold_for_what_was_corrected(titled, indexed):
    titled("Resma de papel A4", product={"brand": "Xerox"})
    indexed()
    result = search(Query("rezma", brands=("HP",)))
    assert (result.corrected, result.total) == ("resma", 0)


# ---------------------------------------------------------------- neutral order


@pytest.mark.feature("SE-6")
def test_equals_stand_by_name_whoever_sells_them(titled, indexed, supplier_factory):
    """Same words, suppliers in every order of name and of coming: only the sheet's name counts."""
    for name, supplier in (("c", "Zeta Papel"), ("a", "Mega"), ("b", "Alfa Papel Papel")):
        titled(f"Papel bond tipo {name}", supplier=supplier_factory(name=supplier))
    indexed()
    assert titles(words="papel bond") == ["Papel bond tipo a", "Papel bond tipo b", "Papel bond tipo c"]


def test_equal_names_stand_by_key_on_every_page(titled, indexed):
    keys = [titled("Papel bond").product_id for _ in range(7)]
    indexed()
    for sort in Sort:
        pages = [search(Query("papel", sort=sort, offset=offset, size=3)).product_ids for offset in (0, 3, 6)]
        assert pages == [keys[:3], keys[3:6], keys[6:]]


# ---------------------------------------------------------------- the engine is away


@pytest.fixture
def away(monkeypatch, settings):
    """An Elasticsearch that nobody listens for."""
    engine = ElasticsearchEngine("http://127.0.0.1:9", "away")
    monkeypatch.setattr(selectors, "engine", lambda: engine)
    return engine


@pytest.mark.threat("F3")
def test_postgresql_answers_by_words_and_codes(titled, away, category_factory):
    paper = category_factory()
    titled(
        "Resma de papel bond", product={"code": "FN-000001-1", "gtin": "07861234567895", "categories": [paper]}, partner_sku="RZ"
    )
    titled("Ábaco de madera")
    titled("Papel kraft", status="withdrawn")

    result = search(Query("resmas papel"))
    assert result.is_degraded
    assert [(hit.code, hit.sku, hit.title) for hit in result.hits] == [("FN-000001-1", "RZ", "Resma de papel bond")]
    assert (result.total, result.facets) == (1, {})
    assert titles() == ["Ábaco de madera", "Resma de papel bond"]
    for words in ("RESMA", "rés pap", "fn-000001-1", "7861234567895", "de la"):
        assert titles(words=words)[-1:] == (["Resma de papel bond"] if words != "de la" else [])
    assert titles(words="kraft") == titles(words="resma kraft") == []
    assert titles(within=paper.pk) == titles(categories=(paper.pk,)) == ["Resma de papel bond"]


def test_postgresql_keeps_to_the_filters(titled, away, supplier_factory):
    seller = supplier_factory()
    titled("Papel A", supplier=seller, price=Decimal("2.00"), delivery_cantons=["1101"], product={"brand": "X"})
    titled("Papel B", price=Decimal("9.00"))
    assert titles(words="papel", suppliers=(seller.ruc,)) == ["Papel A"]
    assert titles(words="papel", suppliers=(seller.ruc,), canton="0101") == []
    assert titles(words="papel", canton="0101") == ["Papel B"]
    assert titles(words="papel", price_ranges=("1-5",)) == titles(words="papel", price_until=Decimal(2)) == ["Papel A"]
    assert titles(words="papel", price_ranges=("1-5", "5-20")) == ["Papel A", "Papel B"]
    assert titles(words="papel", price_ranges=("5-20",), price_from=Decimal("9.01")) == []
    assert titles(words="papel", brands=("X",)) == ["Papel A"]
    assert titles(words="papel", sort=Sort.PRICE, size=1, offset=1) == ["Papel B"]


def test_without_an_index_postgresql_answers(titled, tantivy_engine):
    titled("Papel A")
    assert search(Query("papel")).is_degraded


@pytest.mark.threat("F3")
def test_an_engine_that_was_away_is_asked_again_after_a_pause(titled, indexed, tantivy_engine, monkeypatch):
    titled("Papel A")
    indexed()
    clock, asked = [1000.0], []
    monkeypatch.setattr(selectors.time, "monotonic", lambda: clock[0])
    answer = tantivy_engine.search

    def fails(query):
        asked.append(clock[0])
        raise EngineUnavailable("away")

    monkeypatch.setattr(tantivy_engine, "search", fails)
    assert [search(Query("papel")).is_degraded for _ in range(3)] == [True, True, True]
    assert asked == [1000.0]

    clock[0] += selectors.PAUSE
    assert search(Query("papel")).is_degraded
    assert len(asked) == 2

    monkeypatch.setattr(tantivy_engine, "search", answer)
    clock[0] += selectors.PAUSE - 0.1
    assert search(Query("papel")).is_degraded
    clock[0] += 0.1
    assert not search(Query("papel")).is_degraded
    assert not search(Query("papel")).is_degraded


def test_while_one_tries_the_others_do_not_wait(tantivy_engine):
    breaker = breaker_of(tantivy_engine)
    with pytest.raises(EngineUnavailable, match="away"), breaker.guarding():
        raise EngineUnavailable("away")
    breaker._closed_until = 1e-9
    with breaker.guarding(), pytest.raises(EngineUnavailable, match="a moment ago"), breaker.guarding():
        pass


@pytest.mark.budget("P4")
def test_words_of_a_name_are_found_by_index(db, product_factory):
    """With few rows PostgreSQL would rather read them all, so it is told not to."""
    from search.fallback import _sheets

    product_factory()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_indexscan = off")
    assert "catalogue_name_words" in _sheets(Query("resma papel")).order_by().explain()
