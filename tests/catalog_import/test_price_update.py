"""A file that names only codes and some terms: what it names changes, all else stays, and nothing new comes to be."""

import csv
import io
from decimal import Decimal

import pytest

from catalog_import.columns import updates
from catalog_import.deciding import proposals_accept
from catalog_import.models import Proposal, StagedRow
from catalog_import.services import run_apply
from marketplace.shop.partner.models import Price, StockRecord
from tests.catalog_import.conftest import GOOD, text_of

CODES = {"RZ-1": "7861000000017", "RZ-2": "7861000000024", "RZ-3": "7861000000031"}


@pytest.fixture
def on_sale(apply, noon):
    """Three listings of the good row, sold by the box of ten."""
    rows = [{"sku": sku, "gtin": gtin, "unit": "XBX", "pack_factor": "10"} for sku, gtin in CODES.items()]
    run = apply(text_of(*rows, extra=("pack_factor",)))
    proposals_accept(proposal_ids=run.proposals.values_list("pk", flat=True), actor=None, at=noon)
    return run


def terms(sku: str) -> tuple:
    listing = StockRecord.objects.with_terms().get(partner_sku=sku)
    return (
        listing.price, int(listing.stock.left), listing.minimum_quantity, listing.lead_time_days, listing.warranty_months,
        listing.image_url, listing.vat_category, listing.sales_unit, listing.pack_factor,
    )  # fmt: skip


AS_IMPORTED = (Decimal("3.12"), 100, 1, 3, 12, GOOD["image_url"], "S", "XBX", 10)


@pytest.mark.feature("CI-1")
def test_changes_the_terms_that_it_names_and_no_others(apply, on_sale):
    run = apply("codigo;precio;existencias\nRZ-1;3,00;7\nRZ-2;3,12;100\n")

    assert (run.rows, run.changed, run.unchanged, run.refused) == (2, 1, 1, 0)
    assert terms("RZ-1") == (Decimal("3.00"), 7, *AS_IMPORTED[2:])
    assert terms("RZ-2") == terms("RZ-3") == AS_IMPORTED
    assert run.staged_rows.get(sku="RZ-1").changes == {"price": [Decimal("3.12"), 3], "stock": [100, 7]}


def test_stock_alone_and_lead_time_alone_are_updates(apply, on_sale):
    apply("sku,stock\nRZ-1,5\n")
    apply("sku,lead_time_days\nRZ-1,9\n")

    assert terms("RZ-1") == (Decimal("3.12"), 5, 1, 9, *AS_IMPORTED[4:])
    assert Price.objects.count() == 3


def test_refuses_a_rise_a_code_unknown_and_an_empty_cell(read, on_sale):
    run = read("sku,price\nRZ-1,3.13\nRZ-9,1.00\nRZ-2,\n,2\n")

    assert [(issue.line, issue.column, issue.code) for issue in run.issues.all()] == [
        (2, "price", "price_rise"), (3, "sku", "sku_unknown"), (4, "price", "cell_empty"), (5, "sku", "cell_empty"),
    ]  # fmt: skip
    assert (run.refused, run.changed, run.proposed) == (4, 0, 0)


def test_a_term_that_moves_between_preview_and_apply_is_not_set_back(read, on_sale, noon):
    preview = read("sku,price\nRZ-1,3.00\n")
    StockRecord.objects.filter(partner_sku="RZ-1").update(lead_time_days=30)

    run_apply(run_id=preview.pk, at=noon)

    assert terms("RZ-1") == (Decimal("3.00"), 100, 1, 30, *AS_IMPORTED[4:])


def test_of_another_suppliers_code_nothing_changes(apply, on_sale, supplier_factory):
    run = apply("sku,price\nRZ-1,1.00\n", supplier_factory())

    assert (run.refused, run.issues.get().code) == (1, "sku_unknown")
    assert terms("RZ-1") == AS_IMPORTED


def test_a_file_with_a_describing_column_is_a_price_list():
    assert updates(["sku", "price"])
    assert updates(["sku", "gtin", "stock"])
    assert not updates(["sku", "name", "price"])
    assert not updates(["price", "stock"])
    assert not updates(["sku", "gtin"])


@pytest.mark.feature("CI-5")
def test_hp_update_its_rises_are_refused_and_its_falls_applied(hp, supplier_catalogues, apply, noon):
    """The counts come from the two files, read here by the csv module."""
    first = apply(hp.read_bytes())
    proposals_accept(proposal_ids=first.proposals.values_list("pk", flat=True), actor=None, at=noon)
    update = (supplier_catalogues / "hp_120_price_update.csv").read_text()
    old = {row["sku"]: row for row in csv.DictReader(io.StringIO(hp.read_text()))}
    new = list(csv.DictReader(io.StringIO(update)))
    rises = [row for row in new if Decimal(row["price"]) > Decimal(old[row["sku"]]["price"])]
    same = [row for row in new if all(row[name] == old[row["sku"]][name] for name in ("price", "stock"))]
    assert (len(new), len(rises), len(same)) == (120, 32, 3)

    run = apply(update)

    assert (run.rows, run.changed, run.unchanged, run.refused) == (120, 85, 3, 32)
    assert [(issue.code, issue.column, issue.value) for issue in run.issues.all()] == [
        ("price_rise", "price", row["price"]) for row in new if row in rises
    ]
    assert [issue.values["current"] for issue in run.issues.all()] == [
        Decimal(old[row["sku"]]["price"]) for row in new if row in rises
    ]
    standing = {each.partner_sku: each for each in StockRecord.objects.select_related("stock")}
    applied = {row["sku"]: row for row in new if row not in rises}
    for sku, before in old.items():
        wanted = applied.get(sku, before)
        assert (standing[sku].price, standing[sku].stock.left) == (Decimal(wanted["price"]), int(wanted["stock"]))
        assert standing[sku].lead_time_days == int(before["lead_time_days"])
    falls = [row for row in applied.values() if row["price"] != old[row["sku"]]["price"]]
    assert (len(falls), Price.objects.count()) == (57, 400 + 57)
    assert not Proposal.objects.filter(run=run).exists()
    assert StagedRow.objects.filter(run=run, outcome="refused").count() == 32
