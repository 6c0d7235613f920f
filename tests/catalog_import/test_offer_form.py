"""One product by form: it is judged as a file of one row is, and nothing stays of what is refused."""

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils.translation import override

from catalog_import import offering
from catalog_import.columns import COLUMNS
from catalog_import.forms import OfferForm
from catalog_import.models import CategoryMapping, ImportRun, Proposal, StagedRow
from catalog_import.selectors import runs_gone_wrong, unmapped_categories
from catalog_import.undoing import run_undo
from marketplace.kernel.events.models import Event
from marketplace.kernel.jobs.running import run_all_due
from marketplace.kernel.screens.models import FormAnswer
from marketplace.shop.communication.models import Notice
from marketplace.shop.partner.models import StockRecord
from marketplace.shop.partner.services import listing_withdraw
from tests.answers import errors_of, said
from tests.browser import PHONE, axe_problems, keyboard_problems, landmark_problems, reflow_problems, screenshot, sign_in
from tests.catalog_import.conftest import GOOD, text_of
from tests.catalog_import.test_pages import words_of

pytestmark = [pytest.mark.feature("CI-10"), pytest.mark.usefixtures("english")]

ES, EN = "/proveedor/ofertas/crear/", "/en/proveedor/ofertas/crear/"
GTIN = GOOD["gtin"]
OFFER = {name: value for name, value in GOOD.items() if name != "currency"} | {"category": "paper and labels"}
KEY = "0198c0de-0000-7000-8000-00000000000a"


@pytest.fixture
def client(as_, manager):
    return as_(manager)


@pytest.fixture
def item(market, adjudication_factory, item_factory, product_factory):
    """A sheet that the supplier may sell at 4.00 or less."""
    adjudication = adjudication_factory(lot=market.lot, supplier=market.supplier)
    return item_factory(
        adjudication=adjudication, product=product_factory(gtin=GTIN.zfill(14), base_unit="C62"), ceiling_price="4.00"
    )


def offer(client, url: str = EN, **values):
    return client.post(url, OFFER | values)


def nothing_stays() -> bool:
    tables = (ImportRun, StagedRow, Proposal, StockRecord, FormAnswer)
    return not any(table.objects.exists() for table in tables) and not Event.objects.filter(kind__startswith="import.").exists()


# ---------------------------------------------------------------- offered


def test_what_is_adjudicated_is_on_sale_at_once(client, manager, item):
    response = offer(client)

    listing = StockRecord.objects.get()
    assert (response.status_code, response.url) == (302, reverse("partner:listing", args=[listing.id_public]))
    assert said(response) == ["Resma de papel bond A4 is on sale."]
    assert (listing.partner_sku, listing.adjudicated_item, listing.status) == ("RZ-1", item, "published")
    assert (listing.price, listing.stock.left, listing.minimum_quantity) == (Decimal("3.12"), 100, 1)
    assert (listing.lead_time_days, listing.warranty_months, listing.vat_category) == (3, 12, "S")
    run = ImportRun.objects.get()
    assert (run.status, run.added, run.rows, run.file_name) == ("applied", 1, 1, "offer-RZ-1.csv")
    assert (run.created_by, run.confirmed_by, run.file.name) == (manager, manager, "")


def test_what_nobody_knows_is_proposed_to_the_officer(client, market, manager):
    response = offer(client, description='75 g,\n«500» hojas; "blancas"', pack_factor="10", unit="XBX")

    run, proposal = ImportRun.objects.get(), Proposal.objects.get()
    assert response.url == run.get_absolute_url()
    assert said(response) == ["Resma de papel bond A4 is proposed to the catalogue office. It goes on sale when it is accepted."]
    assert (proposal.sku, proposal.gtin, proposal.lot, proposal.price) == ("RZ-1", GTIN.zfill(14), market.lot, Decimal("3.12"))
    assert (proposal.sales_unit, proposal.pack_factor, proposal.description) == ("XBX", 10, '75 g,\n«500» hojas; "blancas"')
    assert not StockRecord.objects.exists()
    assert "1 proposal was sent." in words_of(client.get(run.get_absolute_url()))


def test_numbers_are_read_as_people_here_write_them(client, item):
    offer(client, ES, price="3,4506", stock="1.000", min_order_qty="10", lead_time_days=" 5 ")

    listing = StockRecord.objects.get()
    assert (listing.price, listing.stock.left, listing.minimum_quantity, listing.lead_time_days) == (Decimal("3.4506"), 1000, 10, 5)


def test_a_price_of_three_decimals_is_no_thousand(client, item):
    offer(client, ES, price="3,450")

    assert StockRecord.objects.get().price == Decimal("3.45")


def test_a_form_sent_twice_is_one_offer(client, item):
    first, again = offer(client, form_key=KEY), offer(client, form_key=KEY)

    assert (first.url, said(first)) == (again.url, said(again)[-1:])
    assert (ImportRun.objects.count(), StockRecord.objects.count()) == (1, 1)


def test_a_second_proposal_of_a_code_takes_the_place_of_the_first_as_in_a_file(client):
    offer(client)
    offer(client, price="3.00")

    assert [proposal.price for proposal in Proposal.objects.open()] == [Decimal("3.00")]
    assert Proposal.objects.count() == 2


def test_it_is_undone_like_a_file(client, manager, item, noon):
    offer(client)

    run_undo(run_id=ImportRun.objects.get().pk, actor=manager, at=noon)

    assert StockRecord.objects.get().status == "withdrawn"


def test_nobody_is_told_to_look_at_a_simulation(client, item):
    offer(client)
    run_all_due()

    assert [notice.kind for notice in Notice.objects.all()] == ["import-applied"]


# ---------------------------------------------------------------- refused


REFUSED = {
    "gtin": "7861000000018",
    "price": "-1",
    "stock": "1.5",
    "min_order_qty": "0",
    "image_url": "ejemplo",
    "product_code": "NADA-1",
    "pack_factor": "0",
}


def test_what_is_wrong_stands_at_its_field_as_a_file_would_say_it(client, read):
    offered = client.post(EN, OFFER | REFUSED).context["form"].errors
    run = read(text_of(REFUSED, header=[column.name for column in COLUMNS]))

    of_file: dict[str, list[str]] = {}
    for issue in run.issues.all():
        of_file.setdefault(issue.column, []).append(issue.message)
    assert set(offered) == set(REFUSED)
    assert offered == of_file


def test_nothing_stays_of_what_is_refused(client, item):
    response = offer(client, price="4.01")

    assert response.status_code == 200
    assert list(response.context["form"].errors) == ["price"]
    assert nothing_stays()
    assert 'value="4.01"' in words_of(response)
    assert offer(client, price="4.00", form_key=response.context["form_key"]).status_code == 302


def test_what_a_file_must_say_the_form_must_too(client):
    response = client.post(EN, {})

    must = {
        "sku",
        "name",
        "category",
        "unit",
        "price",
        "vat_percent",
        "stock",
        "min_order_qty",
        "lead_time_days",
        "warranty_months",
    }
    assert set(response.context["form"].errors) == must
    assert nothing_stays()


@pytest.mark.parametrize("typed", ["x", ",", "1,2,3", "3,45.00", "٣x"])
def test_what_is_no_number_is_said_so_with_an_example(client, typed):
    with override("es"):
        assert errors_of(offer(client, ES, price=typed)) == {"price": ["Escriba un número con cifras, por ejemplo 10 o 3,45."]}
    assert nothing_stays()


@pytest.mark.parametrize("name", ["category", "unit", "vat_percent"])
def test_only_what_the_agreement_and_the_law_know_can_be_chosen(client, name):
    response = offer(client, **{name: "999"})

    assert list(response.context["form"].errors) == [name]
    assert nothing_stays()


def test_a_text_longer_than_any_cell_is_refused_at_its_field_in_the_words_of_the_others(client):
    response = offer(client, description="á" * 20_001, gtin="1" * 20_001)

    assert response.context["form"].errors == {
        "description": ["The text has 20001 characters. Shorten it to 5000 or fewer."],
        "gtin": ["The text has 20001 characters. Shorten it to 20000 or fewer."],
    }
    assert nothing_stays()


# ---------------------------------------------------------------- a code that stands


def test_a_code_that_is_offered_leads_to_its_offer_and_changes_nothing(client, item):
    offer(client)
    listing = StockRecord.objects.get()

    for change in ({"price": "3.00", "stock": "7"}, {}, {"price": "3.90"}):  # lower, the same, dearer than it may become
        response = offer(client, sku=" RZ-1 ", **change)

        assert response.status_code == 200
        assert list(response.context["form"].errors) == ["sku"]
        assert f'href="{reverse("partner:listing", args=[listing.id_public])}"' in words_of(response)
    standing = StockRecord.objects.get()
    assert (standing.price, standing.stock.left) == (Decimal("3.12"), 100)
    assert ImportRun.objects.count() == 1


def test_an_offer_that_was_taken_off_sale_is_not_put_back_by_the_way(client, manager, item, noon):
    offer(client)
    listing_withdraw(listing_id=StockRecord.objects.get().pk, actor=manager, at=noon)

    assert list(offer(client).context["form"].errors) == ["sku"]
    assert StockRecord.objects.get().status == "withdrawn"


def test_one_that_came_to_stand_between_reading_and_applying_is_not_overwritten(client, apply, item, monkeypatch):
    reads = offering.run_read

    def reads_then_another_comes(**values):
        run = reads(**values)
        apply(text_of({"price": "3.50"}))
        return run

    monkeypatch.setattr(offering, "run_read", reads_then_another_comes)
    assert list(offer(client).context["form"].errors) == ["sku"]


# ---------------------------------------------------------------- the page


def test_the_only_agreement_is_not_asked_for(client, market):
    page = client.get(EN)

    assert page.context["object"] == market.agreement
    form = page.context["form"]
    assert isinstance(form, OfferForm)
    assert set(form.fields) == {column.name for column in COLUMNS} - {"currency"}
    assert dict(form.fields["category"].choices[1][1])["paper and labels"] == "Paper and labels"
    assert form.fields["vat_percent"].choices[1] == ("15", "15\u00a0% · standard rate")
    assert ("C62", "unit") in form.fields["unit"].choices


def test_of_several_agreements_one_is_chosen_first(client, market, lot_factory, category_factory):
    other = lot_factory()
    CategoryMapping.objects.create(
        agreement=other.agreement, file_category="Vehicles", lot=other, cpc_code="452700014", category=category_factory()
    )

    assert client.get(EN).context["object"] is None
    assert client.post(EN, OFFER).status_code == 200
    assert nothing_stays()
    chosen = client.get(EN, {"convenio": other.agreement.code})
    assert [label for label, _group in chosen.context["form"].fields["category"].choices[1:]] == [str(other)]
    assert offer(client, convenio=market.agreement.code).status_code == 302
    assert ImportRun.objects.get().agreement == market.agreement


@pytest.mark.parametrize("code", ["CM-NADA", "\x00", "x" * 500])
def test_an_agreement_that_is_not_open_is_not_there(client, code):
    assert client.get(EN, {"convenio": code}).status_code == 404


def test_without_an_open_agreement_the_page_says_whom_to_ask(client, market):
    market.agreement.category_mappings.all().delete()

    assert "Ask the catalogue office which framework agreement takes your products." in words_of(client.get(EN))


@pytest.mark.parametrize("name", ["partner:listings", "catalog_import:runs"])
def test_it_is_reached_from_the_listings_and_from_the_imports(client, name):
    assert f'href="{EN}"' in words_of(client.get(reverse(name)))


# ---------------------------------------------------------------- it is no file


def test_it_does_not_stand_for_the_file_that_went_wrong_before(client, manager, market, apply, item, noon):
    failed = apply(text_of({"sku": "Z", "category": "Vehículos"}))

    offer(client)

    assert list(runs_gone_wrong(manager, noon)) == [failed]
    assert [each.category for each in unmapped_categories(market.agreement)] == ["Vehículos"]


@pytest.mark.browser
@pytest.mark.parametrize("has_script", [True, False], ids=["with script", "without script"])
def test_on_a_telephone_from_the_listings_to_the_offer(new_page, own_database, manager, item, has_script):
    page = new_page(viewport=PHONE, java_script_enabled=has_script)
    problems: list[str] = []
    sign_in(page, manager)
    with override("es"):
        page.goto(reverse("partner:listings"))
    screenshot(page, f"listings-empty-360-{has_script}")
    page.get_by_role("link", name="Ofrecer un producto").click()
    for name in ("sku", "name", "gtin", "stock", "lead_time_days"):
        page.locator(f"[name={name}]").fill(OFFER[name])
    page.locator("[name=price]").fill("4,50")
    for name in ("category", "unit", "vat_percent"):
        page.locator(f"select[name={name}]").select_option(OFFER[name])
    if has_script:
        problems += axe_problems(page) + keyboard_problems(page) + landmark_problems(page)
        screenshot(page, "offer-create-360")

    page.get_by_role("button", name="Ofrecer", exact=True).click()
    assert "4,50" in page.locator("[name=price]").input_value()
    page.get_by_role("link", name="Precio: ").click()
    screenshot(page, f"offer-refused-360-{has_script}")
    page.locator("[name=price]").fill("3,50")
    page.get_by_role("button", name="Ofrecer", exact=True).click()

    assert "está a la venta" in page.locator("main").inner_text()
    assert StockRecord.objects.get().price == Decimal("3.50")
    if has_script:
        with override("es"):
            page.goto(reverse("catalog_import:offer-create"))
        page.set_viewport_size({"width": 1280, "height": 900})
        problems += axe_problems(page) + reflow_problems(page)
        screenshot(page, "offer-create-1280")
        page.goto(reverse("catalog_import:runs"))
        screenshot(page, "runs-1280")
    assert problems == []
