"""What happens in the marketplace is in the index after the jobs have run."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils.timezone import now

from framework_agreements import services as agreements
from marketplace.kernel.events import record
from marketplace.kernel.jobs.models import Job
from marketplace.kernel.jobs.running import run_all_due
from marketplace.registry.services import supplier_resume, supplier_suspend
from marketplace.shop.partner.services import listing_publish, listing_reprice, listing_withdraw
from search import services
from search.jobs import sheets_sync, terms_turn, terms_watch
from search.port import EngineUnavailable, Query
from search.services import search_rebuild

GUAYAQUIL = ZoneInfo("America/Guayaquil")


@pytest.fixture
def today(monkeypatch):
    """A day in the middle of the factories' terms, whatever day it is."""
    day = date(2026, 11, 23)
    for module in ("search.jobs", "search.selectors", "search.management.commands.search_rebuild"):
        monkeypatch.setattr(f"{module}.localdate", lambda: day)
    return day


@pytest.fixture
def index(tantivy_engine, db, today):
    search_rebuild(engine=tantivy_engine, on=today)
    return tantivy_engine


@pytest.fixture
def listing(listing_factory, index, today):
    listing = listing_factory(adjudicated_item__product__title="Papel bond")
    services.sheets_sync(product_ids=[listing.product_id], on=today)
    return listing


def is_found(index, **query):
    return index.search(Query("papel", **query)).total == 1


def test_a_suspended_supplier_is_gone_and_comes_back(index, listing, officer, noon):
    supplier_suspend(supplier_id=listing.supplier.pk, reason="r", actor=officer, at=noon)
    assert is_found(index)
    run_all_due()
    assert not is_found(index)

    supplier_resume(supplier_id=listing.supplier.pk, reason="r", actor=officer, at=noon)
    run_all_due()
    assert is_found(index)


@pytest.mark.parametrize(
    ("suspend", "resume", "subject"),
    [
        (agreements.lot_suspend, agreements.lot_resume, "lot"),
        (agreements.adjudication_suspend, agreements.adjudication_resume, "adjudication"),
    ],
)
def test_a_suspended_lot_or_adjudication_is_gone_and_comes_back(index, listing, officer, noon, suspend, resume, subject):
    found = {"lot": listing.lot, "adjudication": listing.adjudicated_item.adjudication}[subject]
    suspend(**{f"{subject}_id": found.pk}, reason="r", actor=officer, at=noon)
    run_all_due()
    assert not is_found(index)

    resume(**{f"{subject}_id": found.pk}, reason="r", actor=officer, at=noon)
    run_all_due()
    assert is_found(index)


def test_a_listing_is_withdrawn_published_and_repriced(index, listing, officer, noon):
    listing_withdraw(listing_id=listing.pk, actor=officer, at=noon)
    run_all_due()
    assert not is_found(index)

    listing_publish(listing_id=listing.pk, actor=officer, at=noon)
    listing_reprice(listing_id=listing.pk, price=Decimal("1.50"), actor=officer, at=noon)
    run_all_due()
    assert is_found(index, price_until=Decimal("1.50"))


def test_a_closed_agreement_is_gone(index, listing, officer, noon):
    agreements.agreement_close(agreement_id=listing.agreement.pk, actor=officer, at=noon)
    run_all_due()
    assert not is_found(index)


def test_another_coverage_of_the_lot_counts(index, listing, officer):
    assert is_found(index, canton="0101")
    lot = listing.lot
    agreements.lot_edit(
        lot_id=lot.pk, ceiling=lot.ceiling.limit, actor=officer, number=lot.number, name=lot.name, delivery_cantons=["1101"]
    )
    run_all_due()
    assert not is_found(index, canton="0101")
    assert is_found(index, canton="1101")


def test_an_import_tells_of_many_sheets_at_once(index, listing, listing_factory, officer):
    sheets = [listing_factory(adjudicated_item__product__title=f"Cartón {n}").product_id for n in range(3)]
    record("listings.applied", listing, actor=officer, products=sheets)
    run_all_due()
    assert index.search(Query("carton")).total == 3


def test_a_renamed_sheet_is_found_by_its_new_name(index, listing):
    listing.product.title = "Cartulina"
    listing.product.save()
    record("product.changed", listing.product)
    run_all_due()
    assert not is_found(index)
    assert index.search(Query("cartulina")).total == 1


def test_many_sheets_go_in_portions(index, listing, listing_factory, monkeypatch):
    monkeypatch.setattr("search.jobs.AT_ONCE", 2)
    sheets = [listing_factory(adjudicated_item__product__title=f"Cartón {n}").product_id for n in range(5)]
    record("listings.applied", listing, products=sheets)
    assert run_all_due() == 1 + 3
    assert index.search(Query("carton")).total == 5


# ---------------------------------------------------------------- days


def waiting_days():
    return {job.arguments["day"]: job.run_at for job in Job.objects.filter(task=terms_turn.name)}


def test_terms_are_watched_on_their_first_and_last_day(index, listing, officer, noon, lot_factory, agreement_factory):
    agreement = agreement_factory(status="draft", valid_from=date(2027, 1, 1), valid_until=date(2029, 5, 1))
    lot = lot_factory(agreement=agreement)
    agreements.rejection_cause_add(agreement=agreement, text="t", clause="", actor=officer)
    agreements.adjudication_create(
        lot=lot, supplier=listing.supplier, valid_from=date(2027, 2, 1), valid_until=date(2029, 5, 1), actor=officer
    )
    agreements.agreement_publish(agreement_id=agreement.pk, actor=officer, at=noon)
    run_all_due()

    assert waiting_days() == {
        day.isoformat(): datetime(day.year, day.month, day.day, tzinfo=GUAYAQUIL)
        for day in (date(2027, 1, 1), date(2027, 2, 1), date(2029, 5, 1))
    }


def test_a_rebuild_remembers_all_days_to_come(index, listing):
    terms_watch()
    assert set(waiting_days()) == {"2028-01-01"}


@pytest.mark.parametrize("day", [date(2027, 12, 31), date(2028, 1, 1)], ids=["a clock that is behind", "the day itself"])
def test_what_ends_is_gone_on_the_day_itself(index, listing, monkeypatch, day):
    """The job falls due by the database's clock; this machine's may still be on the day before."""
    monkeypatch.setattr("search.jobs.localdate", lambda: day)
    terms_turn.enqueue(day="2028-01-01")
    run_all_due()
    assert not is_found(index)


# ---------------------------------------------------------------- trouble


@pytest.mark.threat("F3")
def test_sheets_wait_while_the_engine_is_away(index, listing, monkeypatch, today):
    listing.status = "withdrawn"
    listing.save()

    def away(*args):
        raise EngineUnavailable("away")

    with monkeypatch.context() as broken:
        broken.setattr(index, "replace", away)
        sheets_sync.enqueue(products=[listing.product_id])
        assert run_all_due() == 1
    waiting = Job.objects.get(task=sheets_sync.name)
    assert timedelta(seconds=25) < waiting.run_at - now() < timedelta(seconds=35)
    assert is_found(index)

    Job.objects.update(run_at=now())
    run_all_due()
    assert not is_found(index)
    assert not Job.objects.exists()


def test_without_an_index_there_is_nothing_to_do(tantivy_engine, listing_factory, today):
    sheets_sync.enqueue(products=[listing_factory().product_id])
    run_all_due()
    assert not Job.objects.exists()
    assert not tantivy_engine.exists()
