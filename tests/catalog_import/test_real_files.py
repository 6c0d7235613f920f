"""The real price lists from end to end, checked against what Python's csv module reads in them."""

import csv
import io
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.db.models import Sum
from stdnum import ean

from catalog_import.deciding import proposals_accept
from catalog_import.models import ImportRun
from framework_agreements.models import AdjudicatedItem, Adjudication
from marketplace.kernel.history.models import RowVersion
from marketplace.kernel.numbers import is_valid_number
from marketplace.shop.catalogue.models import Product
from marketplace.shop.partner.models import Price, StockRecord
from tests.catalog_import.conftest import ENGLISH
from tests.catalog_import.oracle import Stand
from tests.catalog_import.test_judging import compare


def rows_of(path: Path, encoding: str, delimiter: str) -> list[dict[str, str]]:
    reader = csv.reader(io.StringIO(path.read_bytes().decode(encoding), newline=""), delimiter=delimiter)
    return [dict(zip(ENGLISH, row, strict=True)) for row in list(reader)[1:]]


def publish(run: ImportRun, noon) -> int:
    accepted = proposals_accept(proposal_ids=run.proposals.values_list("pk", flat=True), actor=None, at=noon)
    assert accepted.kept == {}
    return accepted.accepted


def counts(run: ImportRun) -> dict[str, int]:
    return {name: getattr(run, name) for name in ("rows", *ImportRun.COUNTS) if getattr(run, name)}


def assert_on_sale_as_written(rows, supplier, *, comma: bool) -> None:
    listings = {each.partner_sku: each for each in StockRecord.objects.with_terms().filter(partner__supplier=supplier)}
    assert listings.keys() == {row["sku"] for row in rows}
    for row in rows:
        listing = listings[row["sku"]]
        price = Decimal(row["price"].replace(",", ".") if comma else row["price"])
        assert (listing.price, listing.adjudicated_item.ceiling_price.amount) == (price, price)
        assert (listing.stock.limit, listing.stock.taken) == (int(row["stock"]), 0)
        assert (listing.product.gtin, listing.product.title) == (row["gtin"].zfill(14), " ".join(row["name"].split()))
        assert (listing.sales_unit, listing.pack_factor, listing.product.base_unit) == (row["unit"], 1, row["unit"])
        assert listing.vat_category == {"15": "S", "0": "Z"}[row["vat_percent"]]
        assert [listing.minimum_quantity, listing.lead_time_days, listing.warranty_months] == [
            int(row[name]) for name in ("min_order_qty", "lead_time_days", "warranty_months")
        ]
        assert (listing.image_url, listing.product.brand) == (row["image_url"], row["brand"])
        assert listing.product.description == row["description"]


@pytest.mark.feature("CI-1")
def test_hp_400(hp, market, apply, noon):
    rows = rows_of(hp, "utf-8", ",")
    assert len(rows) == 400
    assert all(ean.is_valid(row["gtin"]) for row in rows)

    run = apply(hp.read_bytes())

    assert (run.encoding, run.delimiter, run.decimal_mark) == ("utf-8", ",", ".")
    assert counts(run) == {"rows": 400, "proposed": 400}
    assert not StockRecord.objects.exists()

    assert publish(run, noon) == 400

    assert_on_sale_as_written(rows, market.supplier, comma=False)
    assert StockRecord.objects.on_sale(noon.date()).count() == 400
    assert Price.objects.aggregate(sum=Sum("net"))["sum"] == sum(Decimal(row["price"]) for row in rows)
    assert all(is_valid_number(code) for code in Product.objects.values_list("code", flat=True))
    assert Product.objects.filter(categories__name="Tecnología", cpc_code="452700014").count() == 400
    award = Adjudication.objects.get()
    assert (award.lot, award.supplier, award.valid_from, award.valid_until) == (
        market.lot, market.supplier, date(2026, 11, 23), market.agreement.valid_until,
    )  # fmt: skip


@pytest.mark.feature("CI-1")
def test_epson_300_in_spanish_windows_1252_with_decimal_commas(epson, market, apply, noon):
    rows = rows_of(epson, "cp1252", ";")
    assert len(rows) == 300

    run = apply(epson.read_bytes())

    assert (run.encoding, run.delimiter, run.decimal_mark) == ("cp1252", ";", ",")
    assert run.header["price"] == "precio"
    assert counts(run) == {"rows": 300, "proposed": 300}
    assert publish(run, noon) == 300
    assert_on_sale_as_written(rows, market.supplier, comma=True)


def test_startech_300_with_a_byte_order_mark_and_tabs(supplier_catalogues, market, apply, noon):
    path = supplier_catalogues / "startech_300_utf8bom_tab.tsv"

    run = apply(path.read_bytes())

    assert (run.encoding, run.delimiter, counts(run)) == ("utf-8-sig", "\t", {"rows": 300, "proposed": 300})
    publish(run, noon)
    assert_on_sale_as_written(rows_of(path, "utf-8-sig", "\t"), market.supplier, comma=False)


def test_a_price_update_of_a_supplier_without_listings_is_refused_row_by_row(supplier_catalogues, read):
    run = read((supplier_catalogues / "hp_120_price_update.csv").read_bytes())

    assert counts(run) == {"rows": 120, "refused": 120}
    assert set(run.issues.values_list("code", flat=True)) == {"sku_unknown"}


@pytest.mark.feature("CI-7")
def test_a_second_supplier_with_the_same_gtins_meets_the_same_sheets(hp, apply, supplier_factory, noon):
    publish(apply(hp.read_bytes()), noon)
    sheets = set(Product.objects.values_list("pk", flat=True))
    other = supplier_factory()

    publish(apply(hp.read_bytes(), other), noon)

    assert set(Product.objects.values_list("pk", flat=True)) == sheets
    assert StockRecord.objects.filter(partner__supplier=other).count() == 400
    assert AdjudicatedItem.objects.count() == 800


@pytest.mark.budget("P12")
def test_the_same_file_again_changes_nothing_and_writes_no_history(hp, apply, noon):
    publish(apply(hp.read_bytes()), noon)
    before = set(RowVersion.objects.values_list("pk", flat=True))
    prices = Price.objects.count()

    run = apply(hp.read_bytes())

    assert counts(run) == {"rows": 400, "unchanged": 400}
    written = RowVersion.objects.exclude(pk__in=before).values_list("table_name", flat=True)
    assert set(written) == {"catalog_import_importrun"}
    assert Price.objects.count() == prices


@pytest.mark.feature("CI-1")
def test_real_rows_with_real_faults_are_judged_as_row_by_row(hp, market, read, apply, noon):
    """The HP file against its own listings, every fifth row with another fault."""
    publish(apply(hp.read_bytes()), noon)
    rows = rows_of(hp, "utf-8", ",")
    faults = [
        {"price": "99999.00"}, {"price": "0.01"}, {"gtin": "1234567890128"}, {"category": "Otra"}, {"stock": "-1"},
        {"unit": "XBX"}, {"vat_percent": "12"}, {"currency": "EUR"}, {"sku": rows[0]["sku"]}, {"name": ""},
    ]  # fmt: skip
    broken = [row | (faults[number // 5 % 10] if number % 5 == 1 else {}) for number, row in enumerate(rows)]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([ENGLISH, *(row.values() for row in broken)])

    run = read(text.getvalue())

    assert counts(run) == {"rows": 400, "changed": 8, "unchanged": 320, "refused": 72}
    lined = [(line, 15, row | {"product_code": "", "pack_factor": ""}) for line, row in enumerate(broken, 2)]
    compare(run, lined, Stand(market.supplier, market.agreement, noon.date(), "."))
