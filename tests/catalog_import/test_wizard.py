"""The wizard from upload to undo, as its pages have it, with every file of the folder."""

import csv
import io
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from catalog_import.deciding import proposals_accept
from catalog_import.models import ImportRun
from marketplace.kernel.jobs.running import run_all_due
from marketplace.shop.partner.models import StockRecord
from tests.catalog_import.test_pages import columns_form, url, words_of

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def client(as_, manager):
    return as_(manager)


@pytest.fixture
def simulate(client, market):
    """Upload, agree with the columns, and look at the simulation: the run and its page."""

    def simulate(name: str, content: bytes) -> tuple[ImportRun, str]:
        upload = {"agreement": market.agreement.code, "file": SimpleUploadedFile(name, content)}
        where = client.post(url("run-create"), upload).url
        run_all_due()
        asked = client.get(where).url
        run = ImportRun.objects.latest("pk")
        assert asked == url("run-columns", run)
        assert name in words_of(client.get(asked))
        client.post(asked, columns_form(run))
        run_all_due()
        run.refresh_from_db()
        return run, words_of(client.get(where))

    return simulate


@pytest.fixture
def put_on_sale(client, simulate, noon):
    def put_on_sale(name: str, content: bytes) -> ImportRun:
        run, page = simulate(name, content)
        assert "Simulation: nothing is saved." in page
        client.post(url("run-confirm", run))
        run_all_due()
        proposals_accept(proposal_ids=run.proposals.values_list("pk", flat=True), actor=None, at=noon)
        run.refresh_from_db()
        return run

    return put_on_sale


def prices_in(path: Path) -> dict[str, Decimal]:
    with path.open(encoding="utf-8", newline="") as file:
        return {row["sku"]: Decimal(row["price"]) for row in csv.DictReader(file)}


@pytest.mark.feature("CI-1")
@pytest.mark.feature("CI-5")
@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("hp_400.csv", 400),
        ("epson_300_es_semicolon_cp1252.csv", 300),
        ("startech_300_utf8bom_tab.tsv", 300),
        ("lexmark_150.xlsx", 150),
    ],
)
def test_each_dialect_goes_on_sale_with_the_columns_that_the_page_proposes(supplier_catalogues, put_on_sale, name, rows):
    run = put_on_sale(name, (supplier_catalogues / name).read_bytes())

    assert (run.status, run.rows, run.proposed, run.refused) == ("applied", rows, rows, 0)
    assert StockRecord.objects.filter(status="published").count() == rows


@pytest.mark.feature("CI-1")
@pytest.mark.feature("CI-5")
def test_the_price_update_is_refused_where_prices_rise_downloaded_and_undone(supplier_catalogues, client, put_on_sale, simulate):
    put_on_sale("hp_400.csv", (supplier_catalogues / "hp_400.csv").read_bytes())
    before, asked = prices_in(supplier_catalogues / "hp_400.csv"), prices_in(supplier_catalogues / "hp_120_price_update.csv")
    rises = {sku for sku, price in asked.items() if price > before[sku]}
    assert (len(asked), len(rises)) == (120, 32)

    run, page = simulate("hp_120_price_update.csv", (supplier_catalogues / "hp_120_price_update.csv").read_bytes())
    assert (run.rows, run.refused, run.added, run.proposed) == (120, 32, 0, 0)
    assert "32 rows are refused" in page
    assert set(run.issues.values_list("code", flat=True)) == {"price_rise"}

    content = b"".join(client.get(url("run-errors", run)).streaming_content).decode("utf-8-sig")
    refused = list(csv.DictReader(io.StringIO(content), delimiter=","))
    assert ({row["sku"] for row in refused}, list(refused[0])) == (rises, ["sku", "price", "currency", "stock", "error"])
    assert all(row["error"].startswith("Line ") for row in refused)

    client.post(url("run-confirm", run), {"falls_are_right": "on"})
    run_all_due()
    expected = before | {sku: price for sku, price in asked.items() if sku not in rises}
    assert dict(StockRecord.objects.values_list("partner_sku", "price")) == expected

    client.post(url("run-undo", run))
    run_all_due()
    run.refresh_from_db()
    assert (run.status, run.kept) == ("undone", 0)
    assert dict(StockRecord.objects.values_list("partner_sku", "price")) == before


@pytest.mark.feature("CI-1")
@pytest.mark.feature("CI-5")
def test_refused_rows_that_were_downloaded_go_up_again_with_their_columns_known(client, simulate):
    """A file whose columns only its supplier names: what comes down has them in our order, and one more."""
    theirs = "Art.;P.V.P.;Otra\r\nRZ-1;x;1\r\n".encode("cp1252")
    simulate_columns = {"sku": "0", "price": "1"}
    run, _page = simulate("propios.csv", b"sku;price\r\nRZ-1;x\r\n")
    assert run.refused == 1
    client.post(url("run-create"), {"agreement": run.agreement.code, "file": SimpleUploadedFile("propios.csv", theirs)})
    run_all_due()
    own = ImportRun.objects.latest("pk")
    client.post(url("run-columns", own), columns_form(own, **simulate_columns))
    run_all_due()

    content = b"".join(client.get(url("run-errors", own)).streaming_content)
    again, _page = simulate("corregido.csv", content.replace(b";x;", b";3,05;"))

    assert again.look["cells"][:3] == ["Art.", "P.V.P.", "error"]
    assert again.layout["places"] == {"sku": 0, "price": 1}
    assert again.issues.get().code == "sku_unknown"  # the number is right now; nothing of this supplier stands
