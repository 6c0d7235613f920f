"""The workbook to fill in: what is filled in by its lists and examples is taken, and what stands in it changes nothing."""

import io

import pytest
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from catalog_import.columns import COLUMNS, NAMES
from catalog_import.deciding import proposals_accept
from catalog_import.models import CategoryMapping, ImportRun
from tests.answers import SIGN_IN
from tests.catalog_import.conftest import CATEGORIES, text_of
from tests.catalog_import.test_workbook import saved


@pytest.fixture
def fill_in(client, market, membership_factory):
    manager = membership_factory(role="supplier_manager", supplier=market.supplier)
    client.force_login(manager.user, backend=SIGN_IN)

    def fill_in() -> Workbook:
        response = client.get(reverse("catalog_import:template-workbook", args=[market.agreement.code]))
        assert response["Content-Disposition"] == f'attachment; filename="plantilla-{market.agreement.code.lower()}.xlsx"'
        return load_workbook(io.BytesIO(response.content))

    return fill_in


def cells(sheet) -> list[list]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def counts(run: ImportRun) -> tuple[int, ...]:
    return run.rows, run.proposed, run.changed, run.unchanged, run.refused


@pytest.mark.feature("CI-1")
def test_holds_our_columns_and_the_lists_of_the_agreement(fill_in):
    book = fill_in()

    assert book.sheetnames == ["Catalogo", "Diccionario", "Ejemplos", "Listas"]
    assert cells(book["Catalogo"]) == [[column.spanish for column in COLUMNS]]
    found = {str(rule.sqref): chosen(book, rule) for rule in book["Catalogo"].data_validations.dataValidation}
    assert list(found) == ["F2:F1048576", "G2:G1048576", "I2:I1048576", "J2:J1048576"]
    assert found["F2:F1048576"] == sorted(category.lower() for category in CATEGORIES)
    assert found["G2:G1048576"][:2] == ["C62", "H87"]
    assert (found["I2:I1048576"], found["J2:J1048576"]) == (["USD"], [15, 5, 0])


def chosen(book: Workbook, rule) -> list:
    sheet, place = rule.formula1.split("!")
    return [cell.value for (cell,) in book[sheet.strip("'")][place.replace("$", "")]] if ":" in place else []


@pytest.mark.feature("CI-1")
def test_says_of_each_column_whether_it_may_be_empty(fill_in):
    dictionary = cells(fill_in()["Diccionario"])
    assert [row[0] for row in dictionary[1:]] == [column.spanish for column in COLUMNS]
    may_be_empty = [NAMES[place] for place, row in enumerate(dictionary[1:]) if row[2] == "No"]
    assert may_be_empty == ["description", "brand", "gtin", "image_url", "product_code", "pack_factor"]


@pytest.mark.feature("CI-1")
def test_its_examples_filled_in_are_taken_whole(fill_in, read):
    book = fill_in()
    examples = cells(book["Ejemplos"])[1:]
    for row in examples:
        book["Catalogo"].append(row)

    run = read(saved(book))

    assert len(examples) == 3
    assert (counts(run), list(run.issues.values_list("code", flat=True))) == ((3, 3, 0, 0, 0), [])
    assert [row.sku for row in run.staged_rows.order_by("line")] == ["0012", "0013", "IMP-7"]


def test_empty_it_says_that_there_are_no_rows(fill_in, read):
    assert read(saved(fill_in())).failure["code"] == "file_without_rows"


@pytest.mark.threat("I3")
@pytest.mark.feature("CI-10")
def test_what_is_offered_stands_in_it_and_changes_nothing(fill_in, apply, read, noon):
    rows = [
        {"sku": "0012", "gtin": "7861000000017", "price": "1.048", "category": "Monitors", "vat_percent": "0"},
        {"sku": "=1+1", "gtin": "", "price": "0.335", "unit": "XBX", "pack_factor": "10", "name": "=cmd()"},
    ]
    run = apply(text_of(*rows, header=NAMES))
    assert proposals_accept(proposal_ids=run.proposals.values_list("pk", flat=True), actor=None, at=noon).accepted == 2

    book = fill_in()

    standing = {row[0].value: row for row in book["Catalogo"].iter_rows(min_row=2)}
    assert [standing["0012"][NAMES.index(name)].value for name in ("price", "vat_percent", "stock")] == [1.048, 0, 100]
    assert standing["=1+1"][0].data_type == "s"
    assert counts(read(saved(book))) == (2, 0, 0, 2, 0)

    standing["0012"][NAMES.index("stock")].value = 7
    assert counts(apply(saved(book))) == (2, 0, 1, 1, 0)


def test_an_agreement_without_categories_has_none(client, market, fill_in):
    fill_in()
    CategoryMapping.objects.all().delete()
    assert client.get(reverse("catalog_import:template-workbook", args=[market.agreement.code])).status_code == 404
