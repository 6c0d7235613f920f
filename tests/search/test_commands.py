import json
import re
from datetime import date

import pytest
from django.core.management import call_command

from marketplace.kernel.jobs.models import Job
from search.services import Rebuilt

TODAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def today(monkeypatch):
    for module in ("search.jobs", "search.selectors", "search.management.commands.search_rebuild"):
        monkeypatch.setattr(f"{module}.localdate", lambda: TODAY)


def run(capsys, *command):
    """Exit code, what was printed, what was said of trouble."""
    code = 0
    try:
        call_command(*command)
    except SystemExit as end:
        code = end.code
    said = capsys.readouterr()
    return code, said.out.strip(), said.err.strip()


def test_rebuilds_and_finds(tantivy_engine, listing_factory, capsys):
    listing = listing_factory(adjudicated_item__product__title="Resma de papel", partner_sku="RZ-1")
    listing_factory(adjudicated_item__product__title="Papel kraft")

    code, out, err = run(capsys, "search_rebuild")
    assert (code, err) == (0, "")
    assert re.fullmatch(r"Fichas en el índice: 2 \(\d+\.\d s\)\.", out)
    assert Job.objects.count() == 1

    code, out, err = run(capsys, "search_query", "resmas", "--json")
    assert (code, err) == (0, "")
    [found] = json.loads(out)
    assert {name: found[name] for name in ("code", "sku", "title")} == {
        "code": listing.product.code, "sku": "RZ-1", "title": "Resma de papel",
    }  # fmt: skip
    assert found["score"] > 0 and list(found) == ["code", "sku", "title", "score"]


def test_shows_what_was_found_for_people(tantivy_engine, listing_factory, capsys):
    listing_factory(adjudicated_item__product__title="Resma de papel")
    run(capsys, "search_rebuild", "--engine", "tantivy")
    code, out, _ = run(capsys, "search_query", "rezma", "--size", "1")
    assert code == 0
    assert "Resma de papel" in out and "1 sheets for «resma»" in out
    assert run(capsys, "search_query", "nada", "--json")[:2] == (0, "[]")


def test_nothing_done_is_said_in_one_sentence(tantivy_engine, db, settings, capsys):
    settings.ELASTICSEARCH_URL = ""
    assert run(capsys, "search_query", "papel") == (2, "", "There is no search index yet: run manage.py search_rebuild.")
    for command in (("search_rebuild",), ("search_query", "papel")):
        code, out, err = run(capsys, *command, "--engine", "elasticsearch")
        assert (code, out) == (2, "")
        assert err.count("\n") == 0 and "ELASTICSEARCH_URL" in err
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:9"
    code, _, err = run(capsys, "search_rebuild", "--engine", "elasticsearch")
    assert (code, err.count("\n")) == (2, 0) and "Elasticsearch does not answer" in err


@pytest.mark.parametrize("size", ["0", "-1"])
def test_asking_for_nothing_is_refused(capsys, size):
    assert run(capsys, "search_query", "papel", "--size", size) == (2, "", "Ask for one sheet or more.")


def test_done_but_different_is_said(tantivy_engine, db, monkeypatch, capsys):
    monkeypatch.setattr("search.management.commands.search_rebuild.search_rebuild", lambda **_: Rebuilt(3, 4))
    code, out, err = run(capsys, "search_rebuild")
    assert code == 1
    assert (
        out.startswith("Fichas en el índice: 3 ") and err == "Fichas en el índice: 3; en venta: 4. Ejecute search_rebuild otra vez."
    )
