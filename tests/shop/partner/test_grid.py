"""Many listings in one table: what is right is saved, and only the wrong cell is told."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse

from marketplace.kernel.limits.services import Taking, take
from marketplace.shop.partner.models import Price, StockRecord
from tests.answers import SIGN_IN
from tests.browser import sign_in

pytestmark = pytest.mark.feature("CI-10")
ADDRESS = "/proveedor/ofertas/editar/"


@pytest.fixture
def listings(listing_factory, item_factory) -> list[StockRecord]:
    """Ten of one supplier, at USD 10."""
    first = listing_factory(price=Decimal("10"), partner_sku="A-0")
    item = {"adjudicated_item__adjudication": first.adjudicated_item.adjudication}
    return [first, *(listing_factory(price=Decimal("10"), partner_sku=f"A-{n}", **item) for n in range(1, 10))]


@pytest.fixture
def manager(listings, membership_factory):
    return membership_factory(role="supplier_manager", supplier=listings[0].supplier)


@pytest.fixture
def save(client, manager):
    """Send the page as it stands, but for these cells: (listing, name) → value."""
    client.force_login(manager.user, backend=SIGN_IN)

    def save(cells: dict, **values):
        form = client.get(ADDRESS).context["form"]
        sent = {"listing": [str(listing.id_public) for listing, _cells, _fall in form.rows()]} | values
        for _listing, fields, _fall in form.rows():
            for field in fields:
                shown = field.field.prepare_value(field.initial)
                sent |= {field.html_name: shown, field.html_initial_name: shown}
        sent |= {f"{name}_{listing.id_public.hex}": value for (listing, name), value in cells.items()}
        save.again = lambda: client.post(ADDRESS, sent)
        return save.again()

    return save


def prices(listings) -> list[Decimal]:
    found = dict(StockRecord.objects.values_list("pk", "price"))
    return [found[listing.pk] for listing in listings]


def test_of_ten_prices_the_wrong_one_alone_is_told(listings, save):
    typed = ["9,50", "9.40", "9,30", "9,20", "10,01", "9,10", "9,00", "8,90", "8,80", "8,70"]

    page = save({(listing, "price"): value for listing, value in zip(listings, typed, strict=True)})

    assert list(page.context["form"].errors) == [f"price_{listings[4].id_public.hex}"]
    assert prices(listings) == [*map(Decimal, ("9.5", "9.4", "9.3", "9.2", "10", "9.1", "9", "8.9", "8.8", "8.7"))]
    assert Price.objects.count() == 19


def test_a_listing_is_saved_whole_or_not_at_all(listings, save):
    page = save({(listings[0], "price"): "11", (listings[0], "lead_time_days"): "9", (listings[1], "stock"): "x"})

    assert sorted(page.context["form"].errors) == sorted(
        [f"price_{listings[0].id_public.hex}", f"stock_{listings[1].id_public.hex}"]
    )
    assert set(StockRecord.objects.values_list("lead_time_days", flat=True)) == {listings[0].lead_time_days}
    assert Price.objects.count() == 10


def test_a_steep_fall_is_asked_about_in_its_row(listings, save):
    page = save({(listings[0], "price"): "7"})
    assert list(page.context["form"].errors) == [f"fall_{listings[0].id_public.hex}"]

    save({(listings[0], "price"): "7", (listings[0], "fall"): "on"})
    assert prices(listings)[:2] == [7, 10]


def test_a_second_press_changes_nothing_more(listings, save):
    assert save({(listings[0], "price"): "9", (listings[0], "stock"): "7"}, form_key=str(uuid4())).status_code == 302
    take([Taking(listings[0].stock_id, 2, listings[0])])

    assert save.again().status_code == 302

    assert (prices(listings)[0], Price.objects.count()) == (9, 11)
    assert StockRecord.objects.with_stock_left().get(pk=listings[0].pk).stock_left == 5


def test_what_is_saved_is_not_sent_again_with_what_is_corrected(listings, save):
    page = save({(listings[0], "price"): "9", (listings[1], "price"): "11"})
    assert [listing.partner_sku for listing, _cells, _fall in page.context["form"].rows()] == ["A-1"]


def test_when_nothing_is_right_nothing_is_said_to_be_saved(listings, save):
    page = save({(listings[1], "price"): "11"})
    assert (page.status_code, list(page.context["messages"]), Price.objects.count()) == (200, [], 10)


def test_anothers_listing_is_not_among_them(client, save, listings, listing_factory):
    theirs = listing_factory(price=Decimal("10"))

    save({(theirs, "price"): "5"}, listing=[str(theirs.id_public), "x", str(listings[0].id_public)])

    assert prices([theirs]) == [10]


@pytest.mark.browser
def test_a_column_is_pasted_from_a_spreadsheet(own_database, live_site, page, listings, manager):
    sign_in(page, manager)
    page.goto(reverse("partner:listings-edit"))
    cells = page.locator("tbody tr td:nth-child(4) input[data-cell]")
    cells.first.evaluate(
        """(field) => {
            const data = new DataTransfer();
            data.setData("text/plain", "5\\t2\\r\\n6\\t3\\r\\n");
            field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }"""
    )
    assert [cells.nth(n).input_value() for n in range(3)] == ["5", "6", str(int(listings[2].stock.left))]
    page.get_by_role("button", name="Guardar los cambios").click()
    page.wait_for_url(f"**{ADDRESS}")

    assert [(int(each.stock.left), each.minimum_quantity) for each in StockRecord.objects.order_by("partner_sku")[:2]] == [
        (5, 2), (6, 3),
    ]  # fmt: skip


def test_thousands_are_read_as_the_page_writes_them(listings, save):
    """«1.000» is a thousand, as in a cell that was copied from a spreadsheet."""
    save({(listings[0], "stock"): "1.000", (listings[1], "stock"): "1.250", (listings[2], "stock"): "7"})

    assert [StockRecord.objects.get(pk=listing.pk).stock.left for listing in listings[:3]] == [1000, 1250, 7]


def test_a_price_that_stands_already_does_not_hold_up_its_row(listings, save):
    StockRecord.objects.filter(pk=listings[0].pk).update(price=Decimal("0.222222"))

    save({(listings[0], "price"): "0,222222", (listings[0], "stock"): "9"})

    changed = StockRecord.objects.get(pk=listings[0].pk)
    assert (changed.price, changed.stock.left) == (Decimal("0.222222"), 9)
