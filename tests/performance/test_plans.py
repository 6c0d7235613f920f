"""The indexes serve what they were made for: the planner chooses, over two thousand listings and their statistics."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from catalog_import.judging import judge_file
from catalog_import.models import ImportRun
from catalog_import.services import run_create, run_read, world_of
from catalog_import.staging import rows_correct, rows_take_up
from framework_agreements.models import FrameworkAgreement
from marketplace.demo.services import demo_load
from marketplace.kernel.acting import acting
from marketplace.kernel.sets import execute, fetch
from marketplace.registry.models import Supplier
from marketplace.shop.catalogue.models import Product
from marketplace.shop.partner.offers import best_offers
from marketplace.shop.partner.quotes import offers_for_product
from marketplace.shop.partner.selectors import offers_of
from search import fallback
from search.port import Query
from tests.catalog_import.conftest import text_of
from tests.databases import cloned, connected_to

AT = datetime(2026, 11, 23, 12, 0, tzinfo=ZoneInfo("America/Guayaquil"))
ON = AT.date()


@pytest.fixture(scope="module", autouse=True)
def market(template, django_db_setup, django_db_blocker) -> Iterator[None]:
    with django_db_blocker.unblock(), cloned(template) as name, connected_to(name):
        with acting(reason="test"):
            assert demo_load(listings=2000, seed=1, at=AT, say=lambda line: None)
        execute("ANALYZE")
        yield


def scans_of(call: Callable[[], object]) -> dict[str, list[dict]]:
    """Table → how the last query of a call reads it, as EXPLAIN says it."""
    with CaptureQueriesContext(connection) as captured:
        call()
    [(answer,)] = fetch(f"EXPLAIN (FORMAT JSON) {captured[-1]['sql']}")
    scans = defaultdict(list)
    for node in nodes_of(answer[0]["Plan"]):
        scans[node.get("Relation Name")].append(node)
    return scans


def nodes_of(plan: dict) -> Iterator[dict]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from nodes_of(part)


@pytest.mark.budget("P3")
def test_the_offers_of_a_sheet_are_looked_up_by_their_sheet():
    sheet = Product.objects.first()

    for ask in (lambda: list(offers_of(sheet.pk, on=ON)), lambda: offers_for_product(sheet, on=ON, canton="1101")):
        [scan] = scans_of(ask)["partner_stockrecord"]
        assert scan["Index Cond"] in (f"(product_id = {sheet.pk})", f"(product_id = ANY ('{{{sheet.pk}}}'::bigint[]))")


@pytest.mark.budget("P1")
@pytest.mark.parametrize("canton", ["", "1101"], ids=["anywhere", "in a canton"])
def test_the_first_offers_of_a_page_are_looked_up_by_their_sheets(canton):
    page = list(Product.objects.values_list("pk", flat=True)[:24])

    [scan] = scans_of(lambda: best_offers(page, on=ON, canton=canton))["partner_stockrecord"]

    assert scan.get("Index Cond", scan.get("Recheck Cond")).startswith("(product_id = ANY")


@pytest.mark.budget("P1")
def test_a_list_by_name_follows_the_index_of_names_and_takes_first_offers_from_theirs():
    scans = scans_of(lambda: fallback.search(Query(size=24), on=ON))

    assert "catalogue_by_name" in {scan.get("Index Name") for scan in scans["catalogue_product"]}
    assert "partner_best_offer" in {scan.get("Index Name") for scan in scans["partner_stockrecord"]}


@pytest.mark.budget("P11")
def test_what_a_file_comes_to_is_joined_with_its_rows_without_a_loop_over_both():
    """Statistics know of earlier imports only: the planner believes that the new one has no rows."""
    read_a_list()
    execute("ANALYZE catalog_import_stagedrow")
    run = read_a_list()

    with transaction.atomic():
        rows_take_up(run)
        judge_file(run, world_of(run, AT))
        [scan] = scans_of(lambda: rows_correct(run))["import_facts"]

    assert scan["Index Cond"] == "(key = s.line)"


def read_a_list() -> ImportRun:
    text = text_of(*({"sku": f"RZ-{number}", "gtin": ""} for number in range(3000)))
    supplier, agreement = Supplier.objects.earliest("pk"), FrameworkAgreement.objects.earliest("pk")
    run = run_create(
        supplier=supplier, agreement=agreement, file=ContentFile(text.encode()), file_name="lista.csv", actor=None, at=AT
    )  # fmt: skip
    return run_read(run_id=run.pk, at=AT)
