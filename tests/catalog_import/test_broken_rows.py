"""Small files, each with its own fault: the exact report of each, and the good rows beside it."""

from decimal import Decimal

import pytest
from django.utils.translation import override

from catalog_import.models import ImportRun
from catalog_import.report import Report
from marketplace.shop.partner.models import StockRecord
from tests.catalog_import.conftest import ENGLISH, GOOD, SPANISH, text_of

BESIDE = {"sku": "RZ-0", "gtin": "7861000000024"}  # a good row before the broken one
OPTIONAL = (*ENGLISH, "product_code", "pack_factor")

# what is in the broken row → (column, value, code), in order; the row is on line 3
CELLS = {
    "no code": ({"sku": ""}, ["sku", "", "cell_empty"]),
    "blanks for a code": ({"sku": "  \u00a0"}, ["sku", "  \u00a0", "cell_empty"]),
    "code too long": ({"sku": "x" * 129}, ["sku", "x" * 129, "text_too_long"]),
    "code with a bell": ({"sku": "RZ\x07"}, ["sku", "RZ\x07", "control_character"]),
    "code of the row before": ({"sku": "RZ-0"}, ["sku", "RZ-0", "sku_repeated"]),
    "same code but for blanks": ({"sku": " RZ-0 "}, ["sku", " RZ-0 ", "sku_repeated"]),
    "no name": ({"name": ""}, ["name", "", "cell_empty"]),
    "name too long": ({"name": "n" * 256}, ["name", "n" * 200, "text_too_long"]),
    "name with an escape": ({"name": "\x1b[0m"}, ["name", "\x1b[0m", "control_character"]),
    "description too long": ({"description": "d" * 5001}, ["description", "d" * 200, "text_too_long"]),
    "brand too long": ({"brand": "b" * 121}, ["brand", "b" * 121, "text_too_long"]),
    "GTIN with a wrong check digit": ({"gtin": "7861000000015"}, ["gtin", "7861000000015", "gtin_check_digit"]),
    "GTIN cut short": ({"gtin": "786100000001"}, ["gtin", "786100000001", "gtin_check_digit"]),
    "GTIN of eleven digits": ({"gtin": "78610000000"}, ["gtin", "78610000000", "gtin_malformed"]),
    "GTIN from a spreadsheet": ({"gtin": "7.861E+12"}, ["gtin", "7.861E+12", "gtin_malformed"]),
    "GTIN in Arabic digits": ({"gtin": "٧٨٦١٠٠٠٠"}, ["gtin", "٧٨٦١٠٠٠٠", "gtin_malformed"]),
    "GTIN of zeros": ({"gtin": "00000000"}, ["gtin", "00000000", "gtin_placeholder"]),
    "no category": ({"category": ""}, ["category", "", "cell_empty"]),
    "category that is not mapped": ({"category": "Vehículos"}, ["category", "Vehículos", "category_unmapped"]),
    "no unit": ({"unit": ""}, ["unit", "", "cell_empty"]),
    "unit in words": ({"unit": "unidad"}, ["unit", "unidad", "unit_unknown"]),
    "no price": ({"price": ""}, ["price", "", "cell_empty"]),
    "price with two points": ({"price": "3.45.00"}, ["price", "3.45.00", "number_malformed"]),
    "price with the other mark": ({"price": "3,45"}, ["price", "3,45", "number_malformed"]),
    "price with its currency": ({"price": "$3.45"}, ["price", "$3.45", "number_malformed"]),
    "price in words": ({"price": "tres"}, ["price", "tres", "number_malformed"]),
    "price in figures of a calculator": ({"price": "1e3"}, ["price", "1e3", "number_malformed"]),
    "price grouped wrongly": ({"price": "12,34.5"}, ["price", "12,34.5", "number_malformed"]),
    "price of nothing": ({"price": "0.00"}, ["price", "0.00", "price_not_positive"]),
    "price below nothing": ({"price": "-3.45"}, ["price", "-3.45", "price_not_positive"]),
    "price of seven decimals": ({"price": "0.1234567"}, ["price", "0.1234567", "price_too_precise"]),
    "price beyond all money": ({"price": "1" + "0" * 15}, ["price", "1" + "0" * 15, "number_too_large"]),
    "no currency": ({"currency": ""}, ["currency", "", "cell_empty"]),
    "euros": ({"currency": "EUR"}, ["currency", "EUR", "currency_refused"]),
    "no VAT": ({"vat_percent": ""}, ["vat_percent", "", "cell_empty"]),
    "VAT of another year": ({"vat_percent": "12"}, ["vat_percent", "12", "vat_unknown"]),
    "VAT with its sign": ({"vat_percent": "15%"}, ["vat_percent", "15%", "number_malformed"]),
    "no stock": ({"stock": ""}, ["stock", "", "cell_empty"]),
    "stock below nothing": ({"stock": "-12"}, ["stock", "-12", "number_too_small"]),
    "half a unit in stock": ({"stock": "2.5"}, ["stock", "2.5", "number_not_whole"]),
    "stock beyond all stores": ({"stock": "1000000000"}, ["stock", "1000000000", "number_too_large"]),
    "no minimum": ({"min_order_qty": "0"}, ["min_order_qty", "0", "number_too_small"]),
    "delivery time in words": ({"lead_time_days": "3 días"}, ["lead_time_days", "3 días", "number_not_whole"]),
    "delivery in a hundred years": ({"lead_time_days": "36500"}, ["lead_time_days", "36500", "number_too_large"]),
    "warranty below nothing": ({"warranty_months": "-1"}, ["warranty_months", "-1", "number_too_small"]),
    "script for a picture": ({"image_url": "javascript:alert(1)"}, ["image_url", "javascript:alert(1)", "address_malformed"]),
    "address with a blank": ({"image_url": "http://a b"}, ["image_url", "http://a b", "address_malformed"]),
    "unknown sheet code": ({"product_code": "FN-123"}, ["product_code", "FN-123", "product_code_unknown"]),
    "pack of nothing": ({"pack_factor": "0", "unit": "XBX"}, ["pack_factor", "0", "number_too_small"]),
    "pack in words": ({"pack_factor": "docena"}, ["pack_factor", "docena", "number_not_whole"]),
    "a piece of twelve": ({"pack_factor": "12"}, ["pack_factor", "12", "pack_of_itself"]),
}  # fmt: skip


def report_of(run: ImportRun) -> dict:
    """The report, with the sentences apart."""
    with override("en"):
        report = Report(run).as_dict()
    for issue in report["issues"]:
        sentence = issue.pop("message")
        assert sentence.endswith("."), sentence
        assert not {"{", "}"} & set(sentence)
    return report


def counts(**values: int) -> dict[str, int]:
    return dict.fromkeys(("rows", *ImportRun.COUNTS), 0) | values


@pytest.mark.feature("CI-1")
@pytest.mark.threat("I2")
@pytest.mark.parametrize("name", CELLS)
def test_one_fault(name, read):
    cells, (column, value, code) = CELLS[name]

    run = read(text_of(BESIDE, cells, header=OPTIONAL))

    issue = {"line": 3, "column": column, "value": value, "code": code}
    assert report_of(run) == counts(rows=2, proposed=1, refused=1) | {"issues": [issue]}


@pytest.mark.feature("CI-1")
def test_all_faults_of_a_row_at_once(read):
    faults = {"sku": "", "gtin": "1", "price": "x", "currency": "EUR", "stock": "-1", "image_url": "ftp://x"}

    run = read(text_of(faults, BESIDE))

    assert [(each.line, each.column, each.code) for each in run.issues.all()] == [
        (2, "sku", "cell_empty"),
        (2, "gtin", "gtin_malformed"),
        (2, "price", "number_malformed"),
        (2, "currency", "currency_refused"),
        (2, "stock", "number_too_small"),
        (2, "image_url", "address_malformed"),
    ]
    assert (run.proposed, run.refused) == (1, 1)


@pytest.mark.feature("CI-1")
def test_a_row_of_too_many_cells_is_judged_by_nothing_else(read):
    """A decimal comma in a file of commas: the cells after it stand one too far right."""
    text = text_of({}, {"sku": "RZ-2"}).replace("RZ-2,", "RZ-2,,x,", 1)

    run = read(text)

    issue = {"line": 3, "column": "", "value": "", "code": "cell_count"}
    assert report_of(run) == counts(rows=2, proposed=1, refused=1) | {"issues": [issue]}
    assert run.issues.get().values == {"found": 17, "expected": 15}


@pytest.mark.feature("CI-1")
def test_a_cut_off_last_row(read):
    run = read(text_of({}, {"sku": "RZ-2"})[:-60])

    assert [(each.line, each.code) for each in run.issues.all()] == [(3, "cell_count")]
    assert (run.proposed, run.refused) == (1, 1)


@pytest.mark.feature("CI-1")
def test_a_spanish_file_with_decimal_commas(read):
    rows = [
        {"price": "3,45"}, {"sku": "B", "price": "1.234,56"}, {"sku": "C", "price": "3.45"}, {"sku": "D", "price": "1.5,0"},
        {"sku": "E", "vat_percent": "15,00"}, {"sku": "F", "stock": "1.000"}, {"sku": "G", "stock": "10,0"},
    ]  # fmt: skip

    run = read(text_of(*({"price": "1,00"} | row for row in rows), header=SPANISH, delimiter=";", end="\r\n").encode("cp1252"))

    assert [(each.line, each.column, each.code, each.values) for each in run.issues.all()] == [
        (4, "price", "number_malformed", {"mark": ","}),
        (5, "price", "number_malformed", {"mark": ","}),
        (8, "stock", "number_not_whole", {"mark": ","}),
    ]
    prices = dict(run.staged_rows.exclude(outcome="refused").values_list("line", "net_price"))
    assert prices == {2: Decimal("3.45"), 3: Decimal("1234.56"), 6: 1, 7: 1}
    assert run.staged_rows.get(line=7).units_in_stock == 1000


@pytest.mark.feature("CI-1")
def test_issues_stand_on_the_line_where_their_row_begins(read):
    run = read(text_of({"description": "una\ndos\ntres"}, {"sku": "B", "price": "x"}, {"sku": "C", "price": "y"}))

    assert [(each.line, each.value) for each in run.issues.all()] == [(5, "x"), (6, "y")]


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ({"price": "3.45.00"}, "This is not a number. Write digits with «.» before the decimals, as in the rest of the file."),
        ({"vat_percent": "12"}, "No VAT category has this percentage today. Write one of these: 15, 5, 0."),
        ({"stock": "-1"}, "The number is too small. Write 0 or more."),
        ({"name": "n" * 300}, "The text has 300 characters. Shorten it to 255 or fewer."),
    ],
)
def test_sentences_say_what_to_do(cells, sentence, read):
    run = read(text_of(BESIDE, cells))
    with override("en"):
        assert [issue["message"] for issue in Report(run).as_dict()["issues"]] == [sentence]


# ---------------------------------------------------------------- against what stands


@pytest.fixture
def listing(market, adjudication_factory, item_factory, product_factory, listing_factory) -> StockRecord:
    """The good row's product on sale at 3.12, with a ceiling of 5."""
    product = product_factory(code="FN-000001-1", gtin="07861000000017", base_unit="C62", title="Resma")
    award = adjudication_factory(lot=market.lot, supplier=market.supplier)
    item = item_factory(adjudication=award, product=product, ceiling_price=Decimal(5))
    product_factory(code="FN-000002-2", gtin="07861000000024", base_unit="RM", title="Otra")
    return listing_factory(adjudicated_item=item, partner_sku="RZ-1", sales_unit="C62", stock_left=Decimal(100))


STANDING = {
    "a rise": ({"price": "3.13"}, "price", "3.13", "price_rise", {"current": Decimal("3.12")}),
    "above the ceiling": (
        {"sku": "RZ-2", "price": "5.01"}, "price", "5.01", "price_over_ceiling", {"ceiling": Decimal(5), "unit": "C62"}
    ),
    "above the ceiling by the pack": (
        {"sku": "RZ-2", "unit": "XBX", "pack_factor": "3", "price": "15.01"}, "price", "15.01", "price_over_ceiling",
        {"ceiling": Decimal(5), "unit": "C62"},
    ),
    "another GTIN under the same code": (
        {"gtin": "4006381333931"}, "gtin", "4006381333931", "gtin_of_another_sheet", {"name": "Resma", "gtin": "07861000000017"}
    ),
    "the GTIN of another sheet": (
        {"gtin": "7861000000024"}, "gtin", "7861000000024", "gtin_of_another_sheet", {"name": "Resma", "gtin": "07861000000017"}
    ),
    "the code of another sheet": (
        {"product_code": "fn-000002-2", "gtin": "", "unit": "RM"}, "product_code", "fn-000002-2", "sku_of_another_sheet",
        {"sku": "RZ-1"},
    ),
    "another pack": (
        {"unit": "XBX", "pack_factor": "2"}, "pack_factor", "2", "pack_changed", {"pack": 1, "unit": "C62"}
    ),
    "a box of unknown content": (
        {"sku": "RZ-2", "unit": "XBX"}, "unit", "XBX", "pack_factor_needed", {"unit": "XBX", "base": "C62"}
    ),
    "another unit than the sheet's": (
        {"sku": "RZ-2", "gtin": "7861000000024"}, "unit", "C62", "pack_factor_needed", {"unit": "C62", "base": "RM"}
    ),
}  # fmt: skip


@pytest.mark.feature("FA-5")
@pytest.mark.feature("CI-1")
@pytest.mark.parametrize("name", STANDING)
def test_one_fault_against_what_stands(name, read, listing):
    cells, column, value, code, values = STANDING[name]

    run = read(text_of({"sku": "RZ-0", "gtin": "4006381333931"}, cells, header=OPTIONAL))

    found = [(each.line, each.column, each.value, each.code, each.values) for each in run.issues.all()]
    assert found == [(3, column, value, code, values)]
    assert report_of(run) == counts(rows=2, proposed=1, refused=1) | {
        "issues": [{"line": 3, "column": column, "value": value, "code": code}]
    }


def test_a_suspended_lot(read, listing, market):
    market.lot.status = "suspended"
    market.lot.save()

    run = read(text_of({}))

    assert [(each.column, each.code, each.values) for each in run.issues.all()] == [
        ("category", "lot_suspended_now", {"lot": "Papel"})
    ]


def test_a_suspended_adjudication(read, listing):
    award = listing.adjudicated_item.adjudication
    award.status = "suspended"
    award.save()

    run = read(text_of({}, {"sku": "RZ-2", "gtin": "4006381333931"}))

    assert [(each.line, each.column, each.code) for each in run.issues.all()] == [
        (2, "category", "adjudication_not_in_force_now"),
        (3, "category", "adjudication_not_in_force_now"),
    ]


def test_a_sheet_that_was_taken_out_of_the_catalogue(read, listing):
    listing.product.is_public = False
    listing.product.save()

    run = read(text_of({}))

    assert [(each.column, each.code, each.values) for each in run.issues.all()] == [("gtin", "sheet_withdrawn", {"name": "Resma"})]


def test_the_units_of_one_thing_are_the_same_unit(read, listing):
    run = read(text_of({"unit": "H87"}, {"sku": "RZ-2", "unit": "ea"}))

    assert (run.refused, run.changed, run.added) == (0, 1, 1)


def test_it_is_known_that_the_good_row_is_good(read):
    assert read(text_of(GOOD)).proposed == 1
