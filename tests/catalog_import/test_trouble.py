"""What must not leave a supplier waiting for ever, nor undo what came first."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.utils.timezone import now

from catalog_import.deciding import proposals_accept
from catalog_import.models import ImportRun, Proposal
from catalog_import.services import run_apply, run_confirm, run_submit
from marketplace.kernel.jobs.models import Job
from marketplace.kernel.jobs.running import run_all_due
from marketplace.shop.partner.models import StockRecord
from marketplace.shop.partner.selectors import prices_in_force
from marketplace.shop.partner.services import listing_reprice
from tests.catalog_import.conftest import confirm_columns, text_of


def test_an_import_that_waited_brings_the_price_in_force(apply, market, officer, noon):
    apply(text_of({"price": "5"}))
    proposals_accept(proposal_ids=Proposal.objects.values_list("pk", flat=True), actor=officer, at=noon)
    listing = StockRecord.objects.get()
    listing_reprice(listing_id=listing.pk, price=Decimal("4"), actor=officer, at=noon + timedelta(seconds=5))

    apply(text_of({"price": "3"}))

    listing.refresh_from_db()
    assert listing.price == prices_in_force([listing.pk], noon + timedelta(minutes=1))[listing.pk].net == Decimal("3")


def test_a_first_line_beyond_all_measure_is_refused_with_its_line(read):
    run = read("sku," + "x" * 200_000 + "\n1,2\n")

    assert (run.status, run.failure["code"]) == ("failed", "cell_too_long")


@pytest.fixture
def submitted(market, officer) -> ImportRun:
    file = ContentFile(text_of({}).encode())
    return run_submit(supplier=market.supplier, agreement=market.agreement, file=file, file_name="a.csv", actor=officer, at=now())


def run_out_of_retries() -> None:
    while run_all_due():
        Job.objects.filter(dead_at=None).update(run_at=now())


def test_a_file_that_is_gone_from_the_store_ends_in_words(submitted):
    submitted.file.delete(save=False)

    run_out_of_retries()

    submitted.refresh_from_db()
    assert (submitted.status, submitted.failure["code"]) == ("failed", "import_failed_here")
    assert "Suba el archivo otra vez" in submitted.failure_sentence


def test_what_cannot_be_applied_for_a_fault_of_ours_ends_in_words(submitted, officer, monkeypatch):
    run_all_due()
    confirm_columns(submitted, officer, now())
    run_confirm(run_id=submitted.pk, actor=officer, at=now())
    monkeypatch.setattr("catalog_import.services.listings_apply", lambda *args, **values: 1 / 0)

    run_out_of_retries()

    submitted.refresh_from_db()
    assert (submitted.status, submitted.failure["code"]) == ("failed", "import_failed_here")


def test_a_run_that_was_given_up_stays_so(submitted, officer):
    run_all_due()
    confirm_columns(submitted, officer, now())
    run_confirm(run_id=submitted.pk, actor=officer, at=now())
    ImportRun.objects.update(status="failed", failure={"code": "import_failed_here", "values": {}})

    assert run_apply(run_id=submitted.pk, at=now()).status == "failed"
    assert not Proposal.objects.exists()
