"""The price list goes up as it came down: unchanged it changes nothing, and one cell changes one offer."""

import io
from decimal import Decimal

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from catalog_import.deciding import proposals_accept
from catalog_import.models import ImportRun
from marketplace.shop.partner.models import StockRecord
from tests.answers import SIGN_IN
from tests.catalog_import.conftest import text_of
from tests.catalog_import.test_workbook import saved


@pytest.fixture
def on_sale(apply, noon):
    """Prices to the sixth decimal, codes and names that a spreadsheet would run or shorten, and one offer off sale."""
    rows = [
        {"sku": "0012", "gtin": "7861000000017", "price": "1.048"}, {"sku": "=1+1", "gtin": "", "price": "0.335"},
        {"sku": "-5", "gtin": "7861000000031", "price": "1234.5", "name": "=cmd()", "image_url": ""},
        {"sku": "Z", "gtin": "4006381333931", "price": "0.000001", "stock": "0"}, {"sku": "OFF", "gtin": "", "name": "x"},
    ]  # fmt: skip
    run = apply(text_of(*rows))
    assert proposals_accept(proposal_ids=run.proposals.values_list("pk", flat=True), actor=None, at=noon).accepted == 5
    StockRecord.objects.filter(partner_sku="OFF").update(status="withdrawn")


@pytest.fixture
def download(client, market, membership_factory):
    manager = membership_factory(role="supplier_manager", supplier=market.supplier)
    client.force_login(manager.user, backend=SIGN_IN)
    address = reverse("catalog_import:price-list", args=[market.agreement.code])

    def download(shape: str) -> bytes:
        response = client.get(address, {"formato": shape} if shape == "xlsx" else {})
        assert "attachment" in response["Content-Disposition"]
        return response.getvalue()

    return download


def counts(run: ImportRun) -> tuple[int, ...]:
    return run.rows, run.changed, run.unchanged, run.refused


@pytest.mark.feature("CI-10")
@pytest.mark.parametrize("shape", ["csv", "xlsx"])
def test_unchanged_it_changes_nothing(on_sale, download, read, shape):
    assert counts(read(download(shape))) == (4, 0, 4, 0)


@pytest.mark.feature("CI-10")
def test_one_cell_changed_in_a_spreadsheet_changes_one_offer(on_sale, download, apply):
    book = load_workbook(io.BytesIO(download("xlsx")))
    header = [cell.value for cell in book.active[1]]
    assert header == [
        "codigo", "producto", "precio", "existencias", "cantidad_minima", "plazo_entrega_dias", "garantia_meses", "url_imagen",
    ]  # fmt: skip
    row = next(line for line in book.active.iter_rows(min_row=2) if line[0].value == "0012")
    row[header.index("precio")].value = 1.04

    run = apply(saved(book))

    assert (counts(run), run.unused_columns) == ((4, 1, 3, 0), ["producto"])
    assert StockRecord.objects.get(partner_sku="0012").price == Decimal("1.04")


@pytest.mark.feature("CI-10")
@pytest.mark.threat("I3")
def test_no_text_in_it_is_a_formula(on_sale, download):
    text = download("csv").decode("utf-8-sig")
    assert [line.split(";")[:2] for line in text.splitlines()[1:]][:2] == [["'-5", "'=cmd()"], ["0012", text_name("0012")]]
    cells = [cell for line in load_workbook(io.BytesIO(download("xlsx"))).active.iter_rows() for cell in line]
    assert not [cell for cell in cells if cell.data_type == "f"]


def text_name(sku: str) -> str:
    return StockRecord.objects.get(partner_sku=sku).product.title


def test_another_suppliers_offers_are_not_in_it(on_sale, client, market, membership_factory):
    client.force_login(membership_factory(role="supplier_manager").user, backend=SIGN_IN)
    content = client.get(reverse("catalog_import:price-list", args=[market.agreement.code])).getvalue()
    assert len(content.decode("utf-8-sig").splitlines()) == 1
